"""Names what of a paste nobody has read, cut to what one can look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings, Piece

_HEADING: Final = re.compile(
    r"""^(?:[-=]{2,3} [^|:]{1,40}|[^\s|=0-9"'{}\\]{2,40}(?: [^\s|=0-9"'{}\\]{1,20})?:)$""", re.ASCII
)
"""A heading above an output, of a word or two."""


def leave(pieces: Sequence[Piece], findings: Findings) -> None:
    """Name what nobody has read, but for lines that mean nothing of their own."""
    noise = [compile_pattern(pattern) for pattern in findings.grammar.plain["unwrapping"]["noise"]]
    longest = findings.grammar.limit("longest_line")
    for piece in pieces:
        for place, line in enumerate(piece.lines):
            text = line[:longest].strip()
            if piece.start + place in findings.used:
                continue
            if text and not _HEADING.search(text) and not any(pattern.search(text) for pattern in noise):
                findings.leave(piece.start + place, text)
                if len(findings.unread) > findings.grammar.limit("most_lines"):
                    return


def named(findings: Findings) -> Iterator[str]:
    """Parts that were not read, cut to what one can look at."""
    longest, most = findings.grammar.limit("longest_unread"), findings.grammar.limit("most_unread")
    parts = [text for _, text in sorted(findings.unread, key=lambda pair: pair[0])]
    parts = list(dict.fromkeys(" ".join(text.split()) for text in parts))
    for text in parts[:most]:
        yield text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
    if len(parts) > most:
        yield f"… +{len(parts) - most}"

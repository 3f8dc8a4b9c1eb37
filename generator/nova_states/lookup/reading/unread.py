"""Names what of a paste nobody has read, cut to what one can look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings, Piece

_HEADING: Final = re.compile(
    r"""^(?:[-=]{2,3} [^|:]{1,40}|[^\s|=0-9"'{}\\]{2,40}(?: [^\s|=0-9"'{}\\]{1,20})?:)$""", re.ASCII
)
"""A heading above an output, of a word or two."""
_END: Final = re.compile(r"(?<=[.!?])\s+")
_COMMA: Final = ","


def without_sentences(text: str, is_told: Callable[[str], bool]) -> str:
    """A text without those of its sentences of which something is so."""
    return " ".join(sentence for sentence in _END.split(text) if not is_told(sentence))


def _is_courtesy(sentence: str, courtesy: re.Pattern[str]) -> bool:
    """Whether it greets, thanks or asks for help and says nothing else."""
    return all(courtesy.search(part) for part in sentence.split(_COMMA) if part.strip())


def leave(pieces: Sequence[Piece], findings: Findings) -> None:
    """Name what nobody has read, but for lines that mean nothing of their own."""
    noise = [compile_pattern(pattern) for pattern in findings.grammar.plain["unwrapping"]["noise"]]
    courtesy = compile_pattern(findings.grammar.plain["unwrapping"]["courtesy"], any_case=True)
    longest = findings.grammar.limit("longest_line")
    for piece in pieces:
        for place, line in enumerate(piece.lines):
            text = without_sentences(line[:longest].strip(), lambda sentence: _is_courtesy(sentence, courtesy))
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

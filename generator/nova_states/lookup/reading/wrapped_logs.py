"""Makes entries of a log whole that a terminal broke at its width, or that mail wrapped between words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.grammar import STATE_FIELDS, Grammar, compile_pattern
from nova_states.lookup.reading.line_ends import between
from nova_states.lookup.reading.messages import without_context
from nova_states.lookup.reading.values import is_state

_MOST_LINES: Final = 60
"""Lines of one entry."""
_TERMINAL: Final = 79
"""Characters of a line from which on a terminal broke it rather than mail."""
_WIDTHS: Final = (80, 100, 120, 132, 160, 180, 200)
"""Of terminals: where but one line is broken, nothing else tells that it was."""
_FULL_LINES: Final = 2
"""Of an entry that a terminal broke; a line more where mail may have made them as long by chance."""
_LONGEST: Final = 600
"""Characters of a line that may be one of several."""


def whole_entries(lines: Sequence[str], grammar: Grammar) -> list[str]:
    """Lines, in which each entry of a log stands in its first line alone; those that it took are empty."""
    begun = compile_pattern(grammar.plain["log"]["begun"])
    told = list(lines)
    place = 0
    while place < len(lines):
        end = place + 1
        if len(lines[place]) <= _LONGEST and begun.search(lines[place]):
            block = _block(lines, place, grammar)
            text, count = _broken(block) or _wrapped(block, grammar) or ("", 1)
            end = place + count
            if count > 1:
                told[place:end] = [text, *[""] * (count - 1)]
        place = end
    return told


def _block(lines: Sequence[str], place: int, grammar: Grammar) -> list[str]:
    """The lines from the first of an entry on up to one that is none of it."""
    begun = compile_pattern(grammar.plain["log"]["begun"])
    end = place + 1
    while end < min(len(lines), place + _MOST_LINES):
        line = lines[end]
        if not line.strip() or len(line) > _LONGEST or begun.search(line) or _is_drawn(line, grammar):
            break
        end += 1
    return list(lines[place:end])


def _is_drawn(line: str, grammar: Grammar) -> bool:
    """Whether a line is a row or a rule of a table."""
    text = line.strip()
    return text.startswith(("|", "\u2502")) or bool(grammar.shape("drawn").search(text))


def _is_field(line: str, grammar: Grammar) -> bool:
    """Whether a line is a field of a server, which a line that mail wrapped may follow."""
    found = grammar.shape("pair").search(line.strip())
    named = grammar.field_of(found["name"]) if found else None
    return found is not None and named in STATE_FIELDS and is_state(named, found["value"].strip(), grammar)


def _broken(block: Sequence[str]) -> tuple[str, int] | None:
    """The entry that a terminal broke, each line but the last as long as it is wide, and of how many lines it is."""
    depth = min((len(line) - len(line.lstrip(" ")) for line in block[1:]), default=0)
    depth = depth if depth > 1 else 0
    parts = [block[0], *(line[depth:] for line in block[1:])]
    width = max(map(len, parts[:2]))
    # A blank at the end of a line may have been taken away.
    full = next((place for place, part in enumerate(parts) if not width - 1 <= len(part) <= width), len(parts))
    least = _FULL_LINES if width >= _TERMINAL else _FULL_LINES + 1
    if full < least and not (full == 1 and len(parts) > 1 and width in _WIDTHS):
        return None
    count = min(full + 1, len(parts))
    return "".join(part.ljust(width) for part in parts[:count]).rstrip(), count


def _wrapped(block: Sequence[str], grammar: Grammar) -> tuple[str, int] | None:
    """The entry that was wrapped before its text began: then all that follows it is of it."""
    if len(block) == 1 or not _is_begun_only(block[0], grammar):
        return None
    count = next((place for place, line in enumerate(block) if place and _is_field(line, grammar)), len(block))
    text = block[0].rstrip()
    for line in block[1:count]:
        text += between(text, line, grammar) + line.strip()
    return text, count


def _is_begun_only(line: str, grammar: Grammar) -> bool:
    """Whether a line ends before the text of its entry does: behind the logger, or in brackets that are still open."""
    found = compile_pattern(grammar.plain["log"]["line"]).search(line)
    if found is None:
        return True
    _, text = without_context(found["text"], grammar)
    return not text or (text.startswith("[") and "]" not in text)

"""Tells what the end of a line stands for: a blank where a text was broken, nothing inside an id, or an end.

Whoever pastes a message writes a sentence below it, which the message does not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from nova_states.lookup.reading.grammar import Grammar

_LONGEST_ID: Final = 40
_NARROW, _WIDE = 72, 160
"""Characters of a line that mail or a terminal broke: what is longer is whole."""
_LEAST: Final = 60
"""Characters of the narrowest column into which anything breaks a text."""
_STAMP: Final = re.compile(
    r"^\[?(?:(?:[MTWFS][a-z]{2} )?[JFMASOND][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d "
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?!\S*Z qemu)|[IWEF]\d{4} \d\d:\d\d:\d\d|level=[a-z])",
    re.ASCII,
)
"""When a line of a log was written, the system's, the kernel's or a program's; QEMU's stands in messages as well."""
_KOREAN: Final = re.compile("[\uac00-\ud7a3]")
_ENDED: Final = re.compile(r"[.!?)][\"']?$")
_SENTENCE: Final = re.compile(
    r"^(?:(?:but|and|so) )?(?:(?:I|we|it|he|she|they|my|our|there|please|help|now|then)(?:'\w+)? [a-z]"
    r"|(?:is|can|could|should|does|do) (?:it|this|that|there|I|we|you|the) |(?:why|how|what)\b"
    r"|(?:nova|openstack|horizon|virsh|skyline) (?:still )?(?:shows?|says?|reports?|list\w*|thinks?) )",
    re.IGNORECASE | re.ASCII,
)
"""How somebody begins to tell or to ask; no message goes on so."""


def are_apart(before: str, line: str, width: int) -> bool:
    """Whether a line is no rest of the one above: of a log, in another script, or what would have had room there.

    Args:
        before: The line above.
        line: The line, without the blanks around it.
        width: Of the widest line of the paragraph.
    """
    if not before or not line:
        return False
    if _STAMP.search(line):
        return True
    if (_KOREAN.search(before) is None) != (_KOREAN.search(line) is None):
        return True
    first = line.partition(" ")[0]
    has_room = len(before) + 1 + len(first) <= max(width, _LEAST)
    has_ended = len(before) > _WIDE or _ENDED.search(before) is not None
    return (has_room or has_ended) and _SENTENCE.search(line) is not None


def widths(lines: Sequence[str]) -> list[int]:
    """The characters of the widest line of the paragraph that each line stands in."""
    found: list[int] = []
    for is_text, paragraph in groupby(lines, key=lambda line: bool(line.strip())):
        sizes = [len(line.strip()) for line in paragraph]
        found += [max(sizes) if is_text else 0] * len(sizes)
    return found


def is_broken(before: str, line: str, grammar: Grammar) -> bool:
    """Whether a line is the rest of the one above: that was long, or ended inside an id.

    One blank before it is that between two words; what is indented more begins anew.
    """
    is_long = _NARROW <= len(before) <= _WIDE and not line.startswith(("  ", "\t"))
    is_rest = is_long and not are_apart(before, line.strip(), 0)
    return is_rest or bool(grammar.shape("wrapped_tail").search(before.rstrip()[-_LONGEST_ID:]))


def between(before: str, line: str, grammar: Grammar) -> str:
    """What stands between two lines that are one: nothing where an id was broken, else a blank."""
    tail = before.rstrip()[-_LONGEST_ID:]
    is_inside = grammar.shape("wrapped_tail").search(tail) and grammar.shape("wrapped_head").search(line.lstrip())
    return "" if is_inside else " "

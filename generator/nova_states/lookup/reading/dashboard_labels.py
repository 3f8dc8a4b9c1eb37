"""Finds the labels under which dashboards show a status in sentences: with blanks, or a single word in quotes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nova_states.lookup.reading.grammar import Grammar

_QUOTED: Final = (re.compile(r"""['"“‘]$"""), re.compile(r"""^['"”’]"""))
_PART: Final = re.compile(r"[A-Za-z0-9_/-]")
_SEVERAL: Final = re.compile("[-/]")
"""What joins the words of a folded label."""
_CAPITAL: Final = re.compile("[A-Z]")
_JOINT: Final = re.compile("[ _]")


def _fold(line: str) -> str:
    """Letters and joints folded one by one: places stay."""
    return _JOINT.sub("-", _CAPITAL.sub(lambda found: found[0].lower(), line))


def with_words(line: str, grammar: Grammar, is_said: Callable[[str, str], bool]) -> str:
    """A line with Nova's word in place of each label, the longest that fits: "Shelved Offloaded" is not SHELVED.

    Args:
        line: What somebody wrote.
        grammar: The grammar.
        is_said: Whether what stands before a place and behind it tells that a state is between them.
    """
    labels: dict[str, str] = grammar.plain["labels"]["status"]
    known = {label: word for label, word in labels.items() if label.isascii()} | grammar.vocabulary.statuses
    for label, word in sorted(known.items(), key=lambda pair: (-len(pair[0]), pair[0])):
        place = _fold(line).find(label)
        ahead, said, behind = line[: max(place, 0)], line[place : place + len(label)], line[place + len(label) :]
        if place < 0 or not "A" <= said[0] <= "Z" or said.upper() == said:
            continue
        if _PART.match(ahead[-1:]) or _PART.match(behind):
            continue
        is_quoted = bool(_QUOTED[0].search(ahead) and _QUOTED[1].search(behind))
        if is_quoted or (_SEVERAL.search(label) and is_said(ahead, behind)):
            line = f"{ahead}{word}{behind}"
    return line

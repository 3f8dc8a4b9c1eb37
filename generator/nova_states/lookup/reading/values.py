"""What a value of a field says, however it was printed: a word, a number, a power state with words around it."""

from __future__ import annotations

import re
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.report import clean
from nova_states.lookup.vocabulary import fold

_NUMBER: Final = re.compile(
    r"^(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3})(?:\.0)?(?:\s*[(:/-](?!\d).*|\s+[A-Za-z].*)?$", re.ASCII
)
_WORD: Final = re.compile(r"^([A-Za-z][A-Za-z _-]{1,30}?)\s*\(.*\)$", re.ASCII)
_IN_BRACKETS: Final = re.compile(r"\(([A-Za-z][A-Za-z _-]{1,30})\)$", re.ASCII)
_TRUE: Final = ("true", "yes", "1", "on")
_FALSE: Final = ("false", "no", "0", "off")
_SHARED: Final[dict[str, tuple[str | None, dict[str, str]]]] = {
    **dict.fromkeys(("rebooting", "재부팅-중"), ("REBOOT", {})),
    **dict.fromkeys(("hard-rebooting", "강제-재부팅"), ("HARD_REBOOT", {})),
    **dict.fromkeys(("resizing-or-migrating", "크기-조정-또는-마이그레이션-중"), ("RESIZE", {})),
    **dict.fromkeys(("resuming", "재개-중"), (None, {"PAUSED": "unpausing", "SUSPENDED": "resuming"})),
}
"""Labels under which Skyline shows several tasks → the status that all of them have, and the task by its status."""
_LARGEST: Final = 2**53
"""Integers from here on are not the same number in every reader of JSON."""
_FEWEST, _MOST = 1e-4, 1e16
"""Numbers between these are written alike by Python and JavaScript."""


def number_text(value: float) -> str | None:
    """A number of JSON as text; None where Python and JavaScript would write it in different ways."""
    size = abs(value)
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if size < _LARGEST else None
    return str(value) if _FEWEST <= size < _MOST else None


def text_of(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    """A single value as clean text; None for what is no single value."""
    if isinstance(value, str):
        # Most values are plain, and thousands of servers have some: nothing is looked for in these.
        return (value if value.isascii() and value.isprintable() else clean(value)).strip()
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return number_text(value)


def word_of(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A value as a word; None for nothing in any of its spellings."""
    text = text_of(value)
    if text is None:
        return None
    if len(text) > grammar.longest_word:
        text = text[: grammar.longest_word].strip()
    return None if text.lower() in grammar.nothing else text


def message_of(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A value as the text of a message, on one line."""
    text = text_of(value)
    if text is None:
        return None
    text = " ".join(text.split())[: grammar.limit("longest_message")].strip()
    return None if text.lower() in grammar.nothing else text


def flag_of(value: Any) -> bool | None:  # noqa: ANN401 - as above
    """Whether something is so; None where the value does not tell."""
    if isinstance(value, bool):
        return value
    text = (text_of(value) or "").lower()
    return True if text in _TRUE else False if text in _FALSE else None


def without_remark(kind: str, text: str, grammar: Grammar) -> str:
    """The value of a state's field without what somebody wrote behind it: "None   # clean", "ERROR (since yesterday)".

    Only where what is left is a word of that field; any other text stays as it is.
    """
    head = _before_remark(text, grammar)
    return head if head != text and is_state(kind, head, grammar) else text


def _before_remark(text: str, grammar: Grammar) -> str:
    found = grammar.shape("remark").search(text)
    head = text[: found.start()].strip(grammar.plain["shapes"]["around"]) if found else ""
    return head or text


def is_state(kind: str | None, text: str, grammar: Grammar) -> bool:
    """Whether a text is a word of a state's field."""
    if kind == "power_state":
        return is_power(text, grammar)
    if kind == "task_state":
        return grammar.is_task(text) or text.lower() in grammar.words("nothing")
    return fold(text) in grammar.vocabulary.vm_states if kind == "vm_state" else grammar.is_status(text)


def vm_state_of(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A vm_state as it stands."""
    text = text_of(value)
    return None if text is None else word_of(without_remark("vm_state", text, grammar), grammar)


def status_of(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A status as the API has it where a dashboard's label says it; else as it stands."""
    return _labelled(value, "status", grammar.vocabulary.statuses, grammar)


def task_of(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A task_state, or its label."""
    return _labelled(value, "task_state", grammar.vocabulary.task_states, grammar)


def _labelled(value: Any, kind: str, known: dict[str, str], grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    text = word_of(value, grammar)
    if text is None or fold(text) in known:
        return text
    # A dashboard in another language has Nova's own word in brackets: that one is exact.
    inner = _IN_BRACKETS.search(text)
    if inner and fold(inner[1]) in known and fold(text[: inner.start()].strip()) not in known:
        return inner[1]
    text = word_of(without_remark(kind, text, grammar), grammar)
    if text is None or fold(text) in known:
        return text
    label: str = grammar.plain["labels"][kind].get(fold(text), text)
    # A narrow column tears a word apart: "ACTI VE".
    whole = text.replace(" ", "")
    return whole if label == text and fold(whole) in known else label


def shared_task(value: Any, status: str | None) -> tuple[str | None, str | None] | None:  # noqa: ANN401 - as above
    """What is told by a label that stands for several tasks; None for any other.

    Returns:
        The status, which leaves these tasks open where none was given, and the task that it tells.
    """
    text = text_of(value) or ""
    # Nova's own words are in small letters.
    if text.isascii() and text == text.lower():
        return None
    shared = _SHARED.get(fold(text))
    return shared and (status or shared[0], shared[1].get((status or "").upper()))


def power_of(value: Any, grammar: Grammar) -> int | str | None:  # noqa: ANN401 - as above
    """A power_state as Nova's number where it has one, "4 (SHUTDOWN)" and "0x04" too; else its word."""
    text = word_of(value, grammar)
    if text is None:
        return None
    if fold(text) not in grammar.vocabulary.power_states:
        text = _before_remark(text, grammar)
    if found := _NUMBER.match(text):
        digits = found[1]
        return int(digits, 16) if digits[:2] in ("0x", "0X") else int(digits)
    if (found := _WORD.match(text)) and fold(text) not in grammar.vocabulary.power_states:
        text = found[1]
    if fold(text) in grammar.vocabulary.power_states:
        return text
    label: str = grammar.plain["labels"]["power_state"].get(fold(text), text)
    return label


def is_power(text: str, grammar: Grammar) -> bool:
    """Whether a text is a power_state: a number, a constant, a word of the API or a label."""
    found = power_of(text, grammar)
    return isinstance(found, int) or (found is not None and fold(found) in grammar.vocabulary.power_states)

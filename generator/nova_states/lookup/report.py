"""What somebody tells of a server: the few fields an answer needs, out of any output that has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.facts.json_value import Json

_FIELD: Final = re.compile(
    r"^(?:os[-_]ext[-_]sts[:_-]|os[-_]srv[-_]usg[:_-])?(vm_state|task_state|power_state|launched_at|status|id|name)$"
)
_NOTHING: Final = frozenset(("", "-", "none", "null", "n/a", "~"))
_MARKS: Final = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Colours of a terminal, control characters, marks that turn the direction of writing: never part of a state."""
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LONGEST: Final = 120
OF_CELL: Final = "UNKNOWN"
"""The status that the API shows of servers whose cell does not answer: nothing is known of them, or of their host."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An action that a pasted message says was refused."""

    action: str
    """The word of the message, "createImage"."""
    attribute: str | None
    value: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A server as it was told; every field may be missing."""

    id: str | None = None
    name: str | None = None
    status: str | None = None
    vm_state: str | None = None
    task_state: str | None = None
    has_task: bool = False
    """Whether a task_state was told at all; None may also mean that none runs."""
    power_state: int | str | None = None
    """Nova's number, or a word as it was told."""
    launched: bool | None = None
    """Whether it ever was; None: not told."""
    asked: Asked | None = None
    record: str = "server"
    """What was told of: a server, or a record of another kind (`nova_states.explanations.advice_rules.RECORDS`)."""
    read: Mapping[str, Any] | None = field(default=None, compare=False)
    """What else was read: a key is there where the paste has the field. Of a server `host`, `host_status`,
    `instance_name`, `updated`, `created`, `launched_at` (text or None), `locked` (bool or None) and `fault`
    ({"message", "created", "code", "error"}); of another record its own."""
    unread: tuple[str, ...] = field(default=(), compare=False)
    """Parts of the paste that were not understood; with its first record."""
    given: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What the paste names once, for commands about a record that does not name it itself: placeholder → value."""


def field_of(key: str) -> str | None:
    """Which field a name of any output means: "OS-EXT-STS:vm_state", "Task State", "os_ext_sts_power_state"."""
    found = _FIELD.match(key.strip().lower().replace(" ", "_")) if len(key) < _LONGEST else None
    return found[1] if found else None


def report_of(fields: Iterable[tuple[str, Any]]) -> Report | None:
    """The report that named values make; None where no name is one of a server's."""
    found = {field: value for key, value in fields if (field := field_of(key))}
    return _report(found) if found else None


def _report(found: Mapping[str, Any]) -> Report:
    return Report(
        id=word(found.get("id")),
        name=word(found.get("name")),
        status=word(found.get("status")),
        vm_state=word(found.get("vm_state")),
        task_state=word(found.get("task_state")),
        has_task="task_state" in found,
        power_state=power(found.get("power_state")),
        launched=word(found["launched_at"]) is not None if "launched_at" in found else None,
    )


def word(value: Json) -> str | None:
    """A value as text; None for nothing in any of its spellings, and for what is no single value."""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return None
    text = clean(str(value)).strip()[:_LONGEST]
    return None if text.lower() in _NOTHING else text


def power(value: Json) -> int | str | None:
    """A power_state as Nova's number where it is one, decimal or hexadecimal; else its word."""
    text = word(value)
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,3}(\.0)?", text):
        return int(float(text))
    return int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,2}", text) else text


def clean(text: str) -> str:
    """Text without control characters other than tab and line end, with no marks of direction and one kind of space."""
    return _SPACES.sub(" ", _MARKS.sub("", text))

"""Reads values of chosen columns, as `-f value -c …` prints them: nothing but its own kind tells which is which.

What no column of a list would hold ends it, so that a sentence is none: every value has to be explained.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_power
from nova_states.lookup.report import Report
from nova_states.lookup.vocabulary import fold

Pairs = list[tuple[str, str]]

_STATES: Final = ("status", "vm_state", "task_state", "power_state")
_MOST_WORDS: Final = 2
"""Values that are words of nobody's: a name and a host."""
_COUNTED: Final = 2
"""Values of a line that counts: how many, and of what."""
_MOST_LINES: Final = 60
_ENABLED: Final = ("enabled", "disabled")
_UP: Final = ("up", "down")
_MIGRATIONS: Final = "migrations"
_SERVICES: Final = "services"
_ACTIONS: Final = "instanceActions"
_FLAGS: Final = ("true", "false")
_FLAVOR: Final = re.compile(
    r"^[a-z]{1,3}\d{0,2}[a-z]{0,2}\.(?:\d{0,2}x?(?:nano|micro|tiny|small|medium|large)|[a-z]?\d{1,3})$", re.ASCII
)
"""What a flavor is called and no host: "m1.small"."""


def read_by_kind(cells: Sequence[str], grammar: Grammar, *, is_column: bool) -> Report | None:
    """The record of a line of values; None where one of them is of no kind.

    Args:
        cells: The values.
        grammar: The grammar.
        is_column: Whether the line above or below has as many values with a status at the same place.
    """
    for reader, wrapper in ((_migration, _MIGRATIONS), (_service, _SERVICES), (_event, _ACTIONS)):
        if pairs := reader(cells, grammar):
            record = read_record(pairs, grammar, wrapper)
            return record if isinstance(record, Report) else None
    pairs = _server(cells, grammar, is_column=is_column)
    record = read_record(pairs, grammar) if pairs else None
    return record if isinstance(record, Report) else None


def _is_id(text: str, grammar: Grammar) -> bool:
    return "-" in text and bool(grammar.shape("uuid").search(text))


def _is_aside(text: str, grammar: Grammar) -> bool:
    """Whether a value is of a kind that tells nothing here: a time, a number, an id without hyphens, nothing."""
    return bool(
        text.lower() in grammar.words("nothing")
        or text.lower() in _FLAGS
        or grammar.shape("aside").search(text)
        or grammar.shape("uuid").search(text)
    )


def _is_host(text: str, grammar: Grammar) -> bool:
    return bool(grammar.shape("host").search(text)) and not _FLAVOR.search(text)


def _migration(cells: Sequence[str], grammar: Grammar) -> Pairs:
    """Type and status, the server's id last of two, source and destination before the status if any stand there."""
    known = grammar.migration_statuses
    kind = next((place for place, cell in enumerate(cells) if cell in grammar.words("types_of_migrations")), None)
    status = next((place for place, cell in enumerate(cells) if place != kind and cell in known), None)
    if status is None:
        return []
    ids = [cell for cell in cells if _is_id(cell, grammar)]
    others = [place for place in range(len(cells)) if place not in (kind, status)]
    others = [place for place in others if not _is_aside(cells[place], grammar)]
    if not all(_is_host(cells[place], grammar) for place in others):
        return []
    hosts = [cells[place] for place in others if place < status] or [cells[place] for place in others]
    if len(hosts) < _MOST_WORDS and (kind is None or not (ids or cells[0].isdigit())):
        return []
    if kind is None and not ids:
        return []
    pairs = [("status", cells[status])]
    pairs += [("migration_type", cells[kind])] if kind is not None else []
    pairs += [("id", cells[0])] if cells[0].isdigit() or len(ids) > 1 else []
    pairs += [("server_uuid", ids[-1])] if ids else []
    return pairs + ([("source_compute", hosts[0]), ("dest_compute", hosts[1])] if len(hosts) > 1 else [])


def _service(cells: Sequence[str], grammar: Grammar) -> Pairs:
    """A binary or a host, and what the service is said to be."""
    lower = [cell.lower() for cell in cells]
    binary = next((cell for cell in cells if cell in grammar.words("binaries")), None)
    status = next((cell for cell in lower if cell in _ENABLED), None)
    state = next((cell for cell in lower if cell in _UP), None)
    told = [*_ENABLED, *_UP]
    others = [cell for cell in cells if cell != binary and cell.lower() not in told and not _is_aside(cell, grammar)]
    number = next((cell for cell in cells if _is_id(cell, grammar)), None)
    # A list of one host is asked for without the column of hosts.
    is_hostless = binary is not None and status is not None and state is not None and not others
    if (status is None and state is None) or not (others or is_hostless) or len(others) > _MOST_WORDS:
        return []
    if binary is None and not (_is_host(others[0], grammar) and status and state and len(others) == 1):
        return []
    host = others[0] if others else None
    found = {"id": number, "binary": binary, "host": host, "status": status, "state": state}
    return [(name, value) for name, value in found.items() if value is not None]


def _event(cells: Sequence[str], grammar: Grammar) -> Pairs:
    """An action and when it began, with no more than its server and how it ended."""
    times = [cell for cell in cells if grammar.shape("time").search(cell)]
    actions = [cell for cell in cells if grammar.is_action(cell)]
    others = [cell for cell in cells if cell not in actions and not _is_aside(cell, grammar)]
    if len(actions) != 1 or not times or any(cell != "Error" for cell in others):
        return []
    ids = [cell for cell in cells if _is_id(cell, grammar)]
    pairs = [("action", actions[0]), ("start_time", times[0])]
    return pairs + [("server_id", one) for one in ids[:1]] + [("message", one) for one in others[:1]]


@dataclass(kw_only=True)
class _Values:
    """What the values of a server have told so far."""

    grammar: Grammar
    found: dict[str, str] = field(default_factory=dict)
    words: list[tuple[int, str]] = field(default_factory=list)
    """Place and text of what may be a name or a host."""

    def take(self, cells: Sequence[str], place: int) -> bool:
        """Take a value; whether it was explained."""
        grammar, cell = self.grammar, cells[place]
        words = grammar.vocabulary
        if _is_id(cell, grammar):
            return self._put("id", cell)
        for name, known in (
            ("status", words.statuses),
            ("vm_state", words.vm_states),
            ("task_state", words.task_states),
        ):
            if name not in self.found and known.get(fold(cell)) == cell:
                return self._put(name, cell)
        if self._is_power(cells, place):
            return self._put("power_state", cell)
        if cell in grammar.words("no_task") and self._is_beside_state(cells, place):
            return self._put("task_state", cell)
        if self._is_state(cell) and cell not in grammar.words("no_task"):
            return False
        # "31 ACTIVE" counts servers: neither a power_state nor a name.
        is_count = cell.isdigit() and len(cells) == _COUNTED
        if not (is_count or _is_aside(cell, grammar)):
            self.words.append((place, cell))
        return True

    def _put(self, name: str, value: str) -> bool:
        if name in self.found:
            return False
        self.found[name] = value
        return True

    def _is_power(self, cells: Sequence[str], place: int) -> bool:
        words, folded = self.grammar.vocabulary, fold(cells[place])
        if "power_state" in self.found or not is_power(cells[place], self.grammar):
            return False
        # A dashboard has a status for a label, too.
        if words.statuses.get(folded) == cells[place] and folded not in words.power_states:
            return False
        if not cells[place].isdigit():
            return True
        return int(cells[place]) in words.power_states.values() and self._is_beside_state(cells, place)

    def _is_beside_state(self, cells: Sequence[str], place: int) -> bool:
        """Whether the value before it or behind it is a state, or the nothing between two of them."""
        beside = [cells[other] for other in (place - 1, place + 1) if 0 <= other < len(cells)]
        return any(self._is_state(cell) for cell in beside)

    def _is_state(self, cell: str) -> bool:
        words, folded = self.grammar.vocabulary, fold(cell)
        is_word = cell in (words.statuses.get(folded), words.vm_states.get(folded), words.task_states.get(folded))
        return is_word or cell in self.grammar.words("no_task")

    def states(self) -> list[str]:
        """The fields of states that were told."""
        return [name for name in _STATES if name in self.found]


def _joined(cells: Sequence[str], grammar: Grammar) -> list[str]:
    """The values, where two words are one label: "Shut Down"."""
    joined: list[str] = []
    for cell in cells:
        if joined and fold(f"{joined[-1]} {cell}") in grammar.vocabulary.power_states:
            joined[-1] += f" {cell}"
        else:
            joined.append(cell)
    return joined


def _server(line: Sequence[str], grammar: Grammar, *, is_column: bool) -> Pairs:
    """A status or a vm_state with a name, an id or another state; or an id with a state."""
    cells = _joined(line, grammar)
    values = _Values(grammar=grammar)
    if len(cells) < _MOST_WORDS or not all(values.take(cells, place) for place in range(len(cells))):
        return []
    found, states = values.found, values.states()
    is_main = "status" in found or "vm_state" in found
    # Images, volumes and units of a system are "active" and "error", too.
    is_lower = len(states) < _MOST_WORDS or found.get("power_state", "").islower()
    if (
        len(values.words) > _MOST_WORDS
        or not states
        or not (is_main or "id" in found)
        or not all(_is_name(word, grammar) for _, word in values.words)
        or (is_main and "status" not in found and is_lower)
    ):
        return []
    looks = all(_is_host(word, grammar) for _, word in values.words)
    first = next((place for place, cell in enumerate(cells) if cell in (found.get("status"), found.get("vm_state"))), 0)
    # Behind a status that stands first, a log may go on.
    is_named = bool(values.words) and looks and values.words[0][0] < first
    if not (is_column or "id" in found or is_named or (len(states) > 1 and (looks or len(values.words) == 1))):
        return []
    if not is_main and values.words and not looks:
        return []
    names = [word for _, word in values.words]
    pairs = list(found.items())
    pairs += [("name", names[0])] if names and (is_main or len(names) > 1) else []
    return pairs + ([("host", names[1])] if len(names) > 1 and _is_host(names[1], grammar) else [])


def _is_name(word: str, grammar: Grammar) -> bool:
    return bool(grammar.shape("name").search(word)) and grammar.field_of(word) is None


def read_single_values(given: Sequence[str], grammar: Grammar) -> Report | None:
    """The server, the event or the migration whose values stand one on a line."""
    lines = [line.strip() for line in given if line.strip()]
    if not _MOST_WORDS <= len(lines) <= _MOST_LINES:
        return None
    if pairs := _migration_of(lines, grammar):
        record = read_record(pairs, grammar, _MIGRATIONS)
        return record if isinstance(record, Report) else None
    pairs = _event_of(lines, grammar) or _server_of(lines, grammar)
    record = read_record(pairs, grammar) if pairs else None
    return record if isinstance(record, Report) else None


def _migration_of(lines: Sequence[str], grammar: Grammar) -> Pairs:
    """What `server migration show -f value` prints, in the client's order: its number, its server, its status."""
    order: list[str] = grammar.plain["shapes"]["shown_migration"]
    if len(lines) < len(order) or not (lines[0].isascii() and lines[0].isdigit()):
        return []
    is_one = _is_id(lines[1], grammar) and lines[2] in grammar.migration_statuses
    return list(zip(order, lines, strict=False)) if is_one else []


def _event_of(lines: Sequence[str], grammar: Grammar) -> Pairs:
    """The line that is the id of a request tells that the others are of its action."""
    request = next((line for line in lines if grammar.shape("request").search(line)), None)
    action = next((line for line in lines if grammar.is_action(line)), None)
    if request is None or action is None or any(" " in line and line[0] not in "[{" for line in lines):
        return []
    pairs = [("action", action), ("request_id", request)]
    pairs += [("events", line) for line in lines if line.startswith("[")][:1]
    pairs += [("message", line) for line in lines if line == "Error"][:1]
    return pairs + [("server_id", line) for line in lines if _is_id(line, grammar)][:1]


def _server_of(lines: Sequence[str], grammar: Grammar) -> Pairs:
    values = _Values(grammar=grammar)
    faults = [line for line in lines if line.startswith("{") and "message" in line]
    told = [line for line in lines if line not in faults]
    if not all(values.take(told, place) for place in range(len(told))):
        return []
    is_main = "status" in values.found or "vm_state" in values.found
    if not is_main or len(values.states()) + len(faults) < _MOST_WORDS or any(" " in word for _, word in values.words):
        return []
    return [*values.found.items(), *(("fault", fault) for fault in faults[:1])]

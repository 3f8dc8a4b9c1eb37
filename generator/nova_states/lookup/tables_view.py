"""The compiled tables as one release sees them: each question is a look into one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from nova_states.lookup.vocabulary import fold

_ATTRIBUTES: Final = (None, "vm_state", "task_state", "launched_at")
"""What a digit of a decision means, as `nova_states.lookup.permission_tables` writes it."""
_ANY: Final = -1


def find_version(tables: Mapping[str, Any], word: str) -> str | None:
    """The version a user means: exact, `latest`, a series by either of its names, or the beginning of a version."""
    sought = word.strip().lower()
    versions: list[str] = list(tables["versions"])
    if sought in tables["versions"]:
        return sought
    if sought == "latest":
        return str(tables["latest"])
    beginnings = next((major for *names, major in tables["series"] if sought in names), [f"{sought}."])
    meant = [version for version in versions if f"{version}.".startswith(tuple(beginnings))]
    return meant[-1] if meant else None


def resolve_version(tables: Mapping[str, Any], word: str) -> str:
    """The version a user means, as `find_version` knows it.

    Raises:
        InputError: there is none; the message names the nearest.
    """
    version = find_version(tables, word)
    if version is None:
        # It is unknown; this names the nearest that is not.
        from nova_states.facts.releases import resolve_release  # noqa: PLC0415 - it takes longer than an answer

        return resolve_release(word, tables["versions"])
    return version


@dataclass(kw_only=True)
class TablesView:
    """Answers about one release."""

    tables: Mapping[str, Any]
    version: str
    _decided: dict[tuple[str, bool], list[str | None]] = field(default_factory=dict)

    def _part(self, name: str) -> Any:  # noqa: ANN401 - JSON
        place = self.tables["versions"][self.version][self.tables["parts"].index(name)]
        return self.tables["steps"]["sequences"][place] if name == "steps" else self.tables[name][place]

    @cached_property
    def vm_states(self) -> tuple[str, ...]:
        """Values in the order of the source."""
        return tuple(self._part("states")["vm_state"])

    @cached_property
    def task_states(self) -> tuple[str, ...]:
        """Values in the order of the source, without None."""
        return tuple(self._part("states")["task_state"])

    @cached_property
    def power_states(self) -> list[tuple[int, str, str | None]]:
        """Number, constant and label of each."""
        return [(number, name, label) for number, name, label in self._part("states")["power_state"]]

    @cached_property
    def status_words(self) -> tuple[str, ...]:
        """All words of the API status, in the order of the source."""
        entries = [table for table in self._statuses.values() if isinstance(table, dict)]
        return tuple(dict.fromkeys([word for table in entries for word in table.values()] + [self._fallback]))

    @cached_property
    def _statuses(self) -> dict[str, Any]:
        found: dict[str, Any] = self._part("statuses")
        return found

    @cached_property
    def _fallback(self) -> str:
        word: str = self._statuses["fallback"]
        return word

    def status(self, vm_state: str, task_state: str | None) -> str:
        """The API status of a server."""
        entries = self._statuses.get(vm_state)
        if not isinstance(entries, dict):
            return self._fallback
        return str(entries.get(task_state or "default", entries["default"]))

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Ids of the actions an answer names."""
        return tuple(self._part("decisions")["actions"])

    @cached_property
    def known_actions(self) -> frozenset[str]:
        """Ids of the actions an answer names, for finding."""
        return frozenset(self.actions)

    @cached_property
    def unguarded(self) -> frozenset[str]:
        """Actions that no state is checked for."""
        return frozenset(self._part("decisions")["unguarded"])

    def decisions(self, vm_state: str, task_state: str | None, *, launched: bool) -> list[str | None]:
        """What each of `actions` is refused for; None: it is allowed."""
        table = self._part("decisions")
        row = table["cells"][self._row(vm_state)][self._column(task_state)]
        string: str = table["rows"][row]
        key = (string, launched)
        if key not in self._decided:
            shift = 2 if launched else 0
            self._decided[key] = [_ATTRIBUTES[int(digit, 16) >> shift & 3] for digit in string]
        return self._decided[key]

    def _row(self, vm_state: str) -> int:
        return self.vm_states.index(vm_state) if vm_state in self.vm_states else len(self.vm_states)

    def _column(self, task_state: str | None) -> int:
        if task_state is None:
            return 0
        known = self.task_states
        return known.index(task_state) + 1 if task_state in known else len(known) + 1

    def names(self, word: str) -> list[str]:
        """Ids of the actions a word of a message or a request may mean."""
        sought = fold(word)
        return sorted({action for name, ids in self.tables["names"].items() if fold(name) == sought for action in ids})

    def ways(self, vm_state: str) -> dict[str, list[str]]:
        """Action refused in a vm_state → the actions that lead to where it is allowed."""
        found: dict[str, list[str]] = self._part("ways").get(vm_state, {})
        return found

    def notes(self, action: str, vm_state: str, task_state: str | None) -> tuple[list[str], list[str]]:
        """What a state cannot decide: names of the other checks, and conditions under which a guard refuses."""
        conditions, guards = self._part("notes").get(action, ([], []))
        return conditions, [when for *guard, when in guards if self._refuses(guard, vm_state, task_state)]

    def _refuses(self, guard: list[Any], vm_state: str, task_state: str | None) -> bool:
        mode, vm_states, task_states = guard
        pairs = ((vm_states, vm_state), (task_states, task_state))
        return any(known != _ANY and self._has(known, value) == (mode == "reject") for known, value in pairs)

    def steps(self, vm_state: str, task_state: str | None, power: str | None) -> Iterator[dict[str, Any]]:
        """What happens by itself; where the power_state is not known, what any of them brings about."""
        for fields, line in self._steps:
            cause, vm_states, task_states, power_states, effect, end, what, condition, certainty, place = fields
            if not (self._fits(vm_states, vm_state) and self._fits(task_states, task_state)):
                continue
            if power is not None and not self._fits(power_states, power):
                continue
            file, function = self.tables["steps"]["places"][place]
            yield {
                "cause": cause,
                "effect": effect,
                "what": what,
                "to": {"vm_state": end[0], "task_state": end[1]} if end else None,
                "power_states": None if power_states == _ANY else self.tables["sets"][power_states],
                "condition": condition,
                "certainty": certainty,
                "evidence": {"file": file, "line": line, "function": function},
            }

    @cached_property
    def _steps(self) -> list[tuple[list[Any], int]]:
        """Rows of the release with their lines."""
        rows, distances = self._part("steps")
        found: list[tuple[list[Any], int]] = []
        line = 0
        for row, distance in zip(rows, distances, strict=True):
            line += distance
            found.append((self.tables["steps"]["rows"][row], line))
        return found

    def verdict(self, vm_state: str, task_state: str | None, power: str | None, *, launched: bool) -> str:
        """What the first rule that fits says."""
        return next(self._says("verdicts", vm_state, task_state, power, launched=launched))

    def advice(self, vm_state: str, task_state: str | None, power: str | None, *, launched: bool) -> Iterator[str]:
        """Ids of the advice that fits."""
        return self._says("advice", vm_state, task_state, power, launched=launched)

    def _says(
        self, rules: str, vm_state: str, task_state: str | None, power: str | None, *, launched: bool
    ) -> Iterator[str]:
        for says, vm_states, task_states, power_states, of_launched in self.tables[rules]:
            if (
                self._fits(vm_states, vm_state)
                and self._fits(task_states, task_state)
                and self._fits(power_states, power)
                and of_launched in (None, launched)
            ):
                yield says

    def _fits(self, place: int, value: str | None) -> bool:
        return place == _ANY or self._has(place, value)

    def _has(self, place: int, value: str | None) -> bool:
        return value in self.tables["sets"][place]

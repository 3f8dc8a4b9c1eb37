"""The compiled tables as one release sees them: each question is a look into one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from nova_states.facts.state_set import StateSet
from nova_states.lookup.situation import fits
from nova_states.lookup.vocabulary import actions_by_name, fold_action

_ATTRIBUTES: Final = (None, "vm_state", "task_state", "launched_at")
"""What a digit of a decision means, as `nova_states.lookup.permission_tables` writes it."""
_ANY: Final = -1
ELSEWHERE: Final = "startup_elsewhere"
"""The start of nova-compute on the host that a server was evacuated from."""
_EVACUATED: Final = ("destroy",)
"""What a start of nova-compute does to what evacuated servers left on its host, and to no others."""


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
    """The version a user means, as `find_version` knows it; of a series before all that are known the oldest.

    Raises:
        InputError: there is none; the message names the nearest.
    """
    version = find_version(tables, word)
    if version is None and word.strip().lower() in tables["older"]:
        return str(next(iter(tables["versions"])))
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

    def _place(self, part: str) -> int:
        """Where the release's table of a part stands."""
        place: int = self.tables["versions"][self.version][self.tables["parts"].index(part)]
        return place

    def _table(self, part: str) -> dict[str, Any]:
        table: dict[str, Any] = self.tables[part][self._place(part)]
        return table

    def _row(self, part: str, vm_state: str, task_state: str | None) -> int:
        """Which row of a part's table is that of these states."""
        row = self._vm_places.get(vm_state, len(self.vm_states))
        column = 0 if task_state is None else self._task_places.get(task_state, len(self.task_states)) + 1
        place: int = self._table(part)["cells"][row][column]
        return place

    @cached_property
    def _vm_places(self) -> dict[str, int]:
        return {state: place for place, state in enumerate(self.vm_states)}

    @cached_property
    def _task_places(self) -> dict[str, int]:
        return {state: place for place, state in enumerate(self.task_states)}

    @cached_property
    def vm_states(self) -> tuple[str, ...]:
        """Values in the order of the source."""
        return tuple(self._table("states")["vm_state"])

    @cached_property
    def task_states(self) -> tuple[str, ...]:
        """Values in the order of the source, without None."""
        return tuple(self._table("states")["task_state"])

    @cached_property
    def power_states(self) -> list[tuple[int, str, str | None]]:
        """Number, constant and label of each."""
        return [(number, name, label) for number, name, label in self._table("states")["power_state"]]

    @cached_property
    def status_words(self) -> tuple[str, ...]:
        """All words of the API status, in the order of the source."""
        return tuple(self._table("statuses")["rows"])

    def status(self, vm_state: str, task_state: str | None) -> str:
        """The API status of a server."""
        return self.status_words[self._row("statuses", vm_state, task_state)]

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Ids of the actions an answer names."""
        return tuple(self._table("decisions")["actions"])

    @cached_property
    def known_actions(self) -> frozenset[str]:
        """Ids of the actions an answer names, for finding."""
        return frozenset(self.actions)

    @cached_property
    def unguarded(self) -> frozenset[str]:
        """Actions that no state is checked for."""
        return frozenset(self._table("decisions")["unguarded"])

    def decisions(self, vm_state: str, task_state: str | None, *, launched: bool) -> list[str | None]:
        """What each of `actions` is refused for.

        Args:
            vm_state: One the release does not know is in no list of its guards.
            task_state: The same; None: no task.
            launched: Whether the server ever was.

        Returns:
            For each action in order "vm_state", "task_state" or "launched_at"; None: it is allowed.
        """
        string: str = self._table("decisions")["rows"][self._row("decisions", vm_state, task_state)]
        key = (string, launched)
        if key not in self._decided:
            shift = 2 if launched else 0
            self._decided[key] = [_ATTRIBUTES[int(digit, 16) >> shift & 3] for digit in string]
        return self._decided[key]

    def names(self, word: str) -> list[str]:
        """Ids of the actions a word of a message or a request may mean."""
        return self._names.get(fold_action(word), [])

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return actions_by_name(self.tables["names"])

    def is_new(self, kind: str, name: object) -> bool:
        """Whether no release has a vm_state, task_state, power_state, status, action or error: no text speaks of it.

        Only a Nova of one's own has such (`nova_states.lookup.tree_tables`).
        """
        return name in self.tables.get("new", {}).get(kind, ())

    def action_paths(self, vm_state: str) -> dict[str, list[str]]:
        """Action refused in a vm_state → the actions that lead to where it is allowed."""
        found: dict[str, list[str]] = self._table("ways").get(vm_state, {})
        return found

    def notes(self, action: str, vm_state: str, task_state: str | None) -> tuple[list[str], list[str]]:
        """What the states of a server leave open about an action.

        Returns:
            Names of the other checks (decorators); conditions under which a guard refuses it in these states.
        """
        table = self._table("notes")
        refusing = (table["guards"][number] for number in table["rows"][self._row("notes", vm_state, task_state)])
        return table["conditions"].get(action, []), [when for name, when in refusing if name == action]

    def steps(self, vm_state: str, task_state: str | None, power: str | None) -> Iterator[dict[str, Any]]:
        """What happens by itself to a server.

        Args:
            vm_state: As Nova spells it.
            task_state: The same; None: no task.
            power: Constant of the power_state; None where it is not known: then what any of them brings about.
        """
        server = StateSet(
            vm_state=frozenset({vm_state}),
            task_state=frozenset({task_state}),
            power_state=None if power is None else frozenset({power}),
        )
        for states, fields, line in self._steps:
            if not states.meets(server):
                continue
            cause, _, _, power_states, effect, end, what, condition, certainty, place = fields
            file, function = self.tables["steps"]["places"][place]
            yield {
                "cause": ELSEWHERE if cause == "startup" and effect in _EVACUATED else cause,
                "effect": effect,
                "what": what,
                "to": {"vm_state": end[0], "task_state": end[1]} if end else None,
                "power_states": None if power_states == _ANY else self.tables["sets"][power_states],
                "condition": condition,
                "certainty": certainty,
                "evidence": {"file": file, "line": line, "function": function},
            }

    @cached_property
    def _steps(self) -> list[tuple[StateSet, list[Any], int]]:
        """Rows of the release with the states they start from, and with their lines."""
        steps = self.tables["steps"]
        number, distances = steps["sequences"][self._place("steps")]
        order = steps["orders"][number]
        apart = (int(distance or 0) for distance in distances.split(",")) if order else ()
        lines = dict(zip(sorted(order), accumulate(apart), strict=True))
        found: list[tuple[StateSet, list[Any], int]] = []
        for row in order:
            fields = steps["rows"][row]
            found.append((self._states(*fields[1:4]), fields, lines[row]))
        return found

    def _states(self, vm_states: int, task_states: int, power_states: int) -> StateSet:
        """The set that three places in `sets` tell."""
        vms, tasks, powers = (
            None if place == _ANY else self._sets[place] for place in (vm_states, task_states, power_states)
        )
        return StateSet(vm_state=vms, task_state=tasks, power_state=powers)

    @cached_property
    def _sets(self) -> list[frozenset[str | None]]:
        return [frozenset(values) for values in self.tables["sets"]]

    @cached_property
    def _verdicts(self) -> list[tuple[str, StateSet]]:
        """Verdicts with the states that they are for."""
        return [(says, self._states(*places)) for says, *places in self.tables["verdicts"]]

    def verdict(self, vm_state: str, task_state: str | None, power: str | None) -> str:
        """What the first rule that fits says; a rule that asks for a power_state fits none that is not known."""
        return next(says for says, states in self._verdicts if states.contains(vm_state, task_state, power))

    def verdict_on(self, situation: Mapping[str, str]) -> str | None:
        """What is to be said of a record for more than its states; None where those alone decide."""
        rules = self.tables["verdicts_beside"]
        return next(
            (says for says, record, when in rules if record == situation["record"] and fits(when, situation)), None
        )

    @cached_property
    def migration_statuses(self) -> list[str]:
        """All that a migration may have: a verdict is given on each."""
        rules = (when for _, record, when in self.tables["verdicts_beside"] if record == "migration")
        return sorted({status for when in rules for status in when.get("migration_status", ())})

    def advice(self, situation: Mapping[str, str], allowed: Collection[str]) -> Iterator[str]:
        """Ids of the advice that fits, in the order in which it is given.

        Args:
            situation: Attribute → word (`nova_states.explanations.advice_rules.ATTRIBUTES`) of what is known.
            allowed: The actions that the states allow.
        """
        given: set[str] = set()
        for advice, record, when, allows, is_final in self.tables["advice"]:
            if record != situation["record"] or not all(action in allowed for action in allows):
                continue
            if fits(when, situation):
                if advice not in given:
                    given.add(advice)
                    yield advice
                if is_final:
                    return

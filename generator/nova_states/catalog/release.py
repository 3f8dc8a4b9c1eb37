"""One version's facts, indexed the way questions are asked: by action, by state, by status."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nova_states.facts.model import (
    CENSUS,
    KINDS,
    Action,
    Constant,
    Count,
    Gap,
    Group,
    Guard,
    Section,
    StateKind,
    Status,
)
from nova_states.facts.state_set import StateSet
from nova_states.memo import Memo

_EMPTY: Section[Any] = Section(facts=(), gaps=(), counts=())

DEFAULT = "default"
"""Stands in the status map for all tasks without an entry of their own."""

UNKNOWN_STATUS = "UNKNOWN"
"""Shown where the status map of a tree could not be read."""


class StoredSections(Mapping[str, Section[Any]]):
    """Sections that are put together when they are asked for."""

    @abstractmethod
    def bare(self, kind: str) -> tuple[Any, ...]:
        """The facts of a kind without their lines."""

    @abstractmethod
    def gaps(self, kind: str) -> tuple[Gap, ...]:
        """The gaps of a kind's extractor."""

    @abstractmethod
    def counts(self, kind: str) -> tuple[Count, ...]:
        """What was counted when a kind was read."""


@dataclass(kw_only=True)
class Release:
    """What is known of one version, or of a folder that holds a Nova tree."""

    version: str
    sections: Mapping[str, Section[Any]]
    """Kind → its facts; a kind that was not read is absent."""
    memo: Memo = field(default_factory=Memo)
    """What others work out of this release alone, so that it lives as long as the release."""

    def facts(self, kind: str) -> tuple[Any, ...]:
        """All facts of a kind (`facts.model.KINDS`), in the order of the source."""
        return self.sections.get(kind, _EMPTY).facts

    def bare(self, kind: str) -> tuple[Any, ...]:
        """The facts of a kind where their lines do not matter; cheaper in a stored version."""
        return self.sections.bare(kind) if isinstance(self.sections, StoredSections) else self.facts(kind)

    def counts(self, kind: str) -> tuple[Count, ...]:
        """What was counted when facts of a kind were read."""
        if isinstance(self.sections, StoredSections):
            return self.sections.counts(kind)
        return self.sections.get(kind, _EMPTY).counts

    @cached_property
    def constants(self) -> dict[StateKind, dict[str, Constant]]:
        """Kind of state → constant name → its fact."""
        found: dict[StateKind, dict[str, Constant]] = {"power_state": {}, "vm_state": {}, "task_state": {}}
        for constant in self.facts("states"):
            found[constant.kind][constant.name] = constant
        return found

    @cached_property
    def vm_states(self) -> tuple[str, ...]:
        """Values of vm_state in the order of the source."""
        return tuple(str(constant.value) for constant in self.constants["vm_state"].values())

    @cached_property
    def task_states(self) -> tuple[str, ...]:
        """Values of task_state in the order of the source; no task (None) is not among them."""
        return tuple(str(constant.value) for constant in self.constants["task_state"].values())

    @cached_property
    def state_pairs(self) -> tuple[tuple[str, str | None], ...]:
        """Every vm_state with no task and with every task_state."""
        return tuple((vm_state, task) for vm_state in self.vm_states for task in (None, *self.task_states))

    @cached_property
    def power_states(self) -> dict[int, Constant]:
        """Number → constant of power_state."""
        return {int(constant.value): constant for constant in self.constants["power_state"].values()}

    @cached_property
    def all_states(self) -> StateSet:
        """Every vm_state with every task_state, no task among them, and every power_state by its constant."""
        return StateSet(
            vm_state=frozenset(self.vm_states),
            task_state=frozenset((None, *self.task_states)),
            power_state=frozenset(self.constants["power_state"]),
        )

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Name → group."""
        return {group.name: group for group in self.facts("groups")}

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Id → action, sorted."""
        return {action.id: action for action in self.facts("actions")}

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Action id → the actions it consists of, where they carry the guards (reboot)."""
        found: dict[str, tuple[str, ...]] = {}
        for action in self.actions.values():
            if action.parent is not None and action.guarded_by == action.id:
                found[action.parent] = (*found.get(action.parent, ()), action.id)
        return found

    @cached_property
    def guards(self) -> dict[str, tuple[Guard, ...]]:
        """Action id → its guards; an action without one is absent."""
        found: dict[str, tuple[Guard, ...]] = {}
        for guard in self.facts("guards"):
            found[guard.action] = (*found.get(guard.action, ()), guard)
        return found

    @cached_property
    def status_map(self) -> dict[str, dict[str, Status]]:
        """vm_state → task_state or "default" → entry."""
        found: dict[str, dict[str, Status]] = {}
        for entry in self.facts("statuses"):
            if entry.vm_state is not None:
                found.setdefault(entry.vm_state, {})[entry.task_state] = entry
        return found

    @cached_property
    def fallback_status(self) -> str:
        """What a vm_state outside the map is shown as."""
        return next((e.status for e in self.facts("statuses") if e.vm_state is None), UNKNOWN_STATUS)

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """All words of the API status, sorted."""
        return tuple(sorted({entry.status for entry in self.facts("statuses")}))

    def status(self, vm_state: str | None, task_state: str | None) -> str:
        """The API status of a server, as `status_from_state` decides it."""
        entry = self.status_entry(vm_state, task_state)
        return entry.status if entry else self.fallback_status

    def status_entry(self, vm_state: str | None, task_state: str | None) -> Status | None:
        """The entry of the status map that a server's status comes from.

        Returns:
            The task's own entry, or the vm_state's default, which tells nothing of the task; None: the map has no such
            vm_state.
        """
        entries = self.status_map.get(vm_state or "")
        return None if entries is None else entries.get(task_state or DEFAULT, entries[DEFAULT])

    def status_tells(self, vm_state: str, task_state: str | None) -> bool:
        """Whether a server's status tells which task runs, or that none does."""
        entry = self.status_entry(vm_state, task_state)
        return task_state is None or (entry is not None and entry.task_state == task_state != DEFAULT)

    @cached_property
    def gaps(self) -> dict[str, tuple[Gap, ...]]:
        """Kind → what should have told facts of it and was not read; a kind without any is absent."""
        sections = self.sections
        found = {
            kind: sections.gaps(kind) if isinstance(sections, StoredSections) else sections[kind].gaps
            for kind in self.kinds()
        }
        for unread in self.facts(CENSUS):
            found[unread.kind] = (*found.get(unread.kind, ()), unread.as_gap())
        return {kind: gaps for kind, gaps in found.items() if gaps}

    def guards_of(self, action: str) -> tuple[Guard, ...]:
        """The guards that decide about an action, those it borrows from another included."""
        fact = self.actions.get(action)
        return self.guards.get(fact.guarded_by if fact else action, ())

    def kinds(self) -> tuple[str, ...]:
        """Kinds that were read, in their order."""
        return tuple(kind for kind in KINDS if kind in self.sections)

"""The pages of states, as any release has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from nova_states.catalog.around_states import functions_changing, outermost, qualified_name
from nova_states.catalog.fact_ids import FactIds
from nova_states.catalog.permissions import decide, decided_actions, named_states
from nova_states.catalog.queries import CatalogQueries
from nova_states.catalog.reactions import REACTION_KINDS, Reactions, is_failure
from nova_states.catalog.release import Release
from nova_states.catalog.state_ways import failing_states
from nova_states.catalog.transition_graph import ANY, is_aside, vm_changes
from nova_states.facts.ids import STATE_KINDS
from nova_states.facts.model import DriverState, Reaction, StateKind, Transition
from nova_states.facts.state_set import StateSet
from nova_states.facts.stored_states import start_of, states_of
from nova_states.pages.lens import LensPage, LensPages, LensPart
from nova_states.pages.lens_names import LOGGED, TELLINGS, acts_on, of_actions, values
from nova_states.pages.machine_map import told_ways
from nova_states.pages.state_actions import server_in
from nova_states.pages.states import STATE_PARTS
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer

_Key = Callable[[StateKind, str, FactIds, str], Hashable]
_Told = tuple[Reaction, bool, bool]
"""A row, whether it is widespread, and whether it asks for no task."""
_GUARDING = ("states", "guards", "actions")
_ERROR = "error"


def state_pages(writer: Writer) -> LensPages:
    """The page of each state."""
    keys = _KEYS | {
        "next": partial(_next_key, writer.queries),
        "around": partial(_around_key, frozenset(writer.explanations.by_kind.get("error", {}))),
    }
    for kind in STATE_KINDS:
        for constant in writer.latest.constants[kind].values():
            name = constant.name if kind == "power_state" else str(constant.value)
            yield LensPage(
                address=address(kind, name),
                shown=writer.latest.version,
                has=partial(_has, kind, name),
                parts=tuple(
                    LensPart(
                        name=part,
                        template=f"state_{part}",
                        key=partial(keys[part], kind, name),
                        fields=partial(_fields, part, kind, name),
                    )
                    for part in STATE_PARTS
                ),
            )


def _fields(part: str, kind: StateKind, name: str, page: Writer, _release: Release) -> dict[str, Any]:
    return STATE_PARTS[part](page, kind, name)


def _has(kind: StateKind, name: str, ids: FactIds, version: str) -> bool:
    found = ids.derived(version, ("states",), "names of states", _names)
    return name in found[kind]


def _names(release: Release) -> dict[StateKind, frozenset[str]]:
    return {
        "power_state": frozenset(release.constants["power_state"]),
        "vm_state": frozenset(release.vm_states),
        "task_state": frozenset(release.task_states),
    }


def _ways(ids: FactIds, version: str) -> Iterable[tuple[tuple[str, str], tuple[str, ...]]]:
    kinds = (*_GUARDING, "transitions")
    return ids.derived(version, kinds, "ways", lambda release: tuple(told_ways(release).items()))


def _ends(name: str, ids: FactIds, version: str) -> Hashable:
    """Which actions lead out of a vm_state, and where to."""
    return tuple((ends, actions) for ends, actions in _ways(ids, version) if ends[0] == name)


def _tasks(fact: Transition) -> Iterable[str]:
    """The tasks that a transition sets or starts from."""
    tasks = fact.start.task_states if fact.start is not None else None
    return {task: None for task in (fact.end.task_state, *(tasks or ())) if task is not None}


def _vm_ends(fact: Transition) -> tuple[str, ...]:
    return (fact.end.vm_state,) if fact.end.vm_state == _ERROR or not is_aside(fact) else ()


def _known_actions(ids: FactIds, version: str) -> frozenset[str]:
    return ids.derived(version, ("actions",), "names of actions", lambda release: frozenset(release.actions))


def _task_key(name: str, ids: FactIds, version: str) -> Hashable:
    rows = ids.of(version, "transitions", name, _tasks)
    known = _known_actions(ids, version)
    return rows, tuple(fact.action in known for fact in ids.facts("transitions", rows))


def _leaves_key(kind: StateKind, name: str, ids: FactIds, version: str) -> Hashable:
    if kind == "vm_state":
        return _ends(name, ids, version)
    return _task_key(name, ids, version) if kind == "task_state" else ()


def _glance_key(kind: StateKind, _name: str, ids: FactIds, version: str) -> Hashable:
    return ids.whole(version, "states", *(("statuses",) if kind == "vm_state" else ("actions",)))


def picture_key(ids: FactIds, version: str) -> Hashable:
    """What decides about the picture of the whole machine."""
    failing = ids.derived(version, ("transitions",), "failing", failing_states)
    return _ways(ids, version), failing, ids.whole(version, "states")


def _picture_key(kind: StateKind, _name: str, ids: FactIds, version: str) -> Hashable:
    return picture_key(ids, version) if kind == "vm_state" else ()


def _allowed_key(kind: StateKind, name: str, ids: FactIds, version: str) -> Hashable:
    if kind == "power_state":
        return ()
    verdicts = ids.derived(
        version, _GUARDING, ("verdicts", kind, name), lambda release: tuple(_verdicts(kind, name, release))
    )
    return verdicts, _ends(name, ids, version) if kind == "vm_state" else ()


def _verdicts(kind: StateKind, name: str, release: Release) -> Iterator[Hashable]:
    """What a page says of each action: states on the other side where it is allowed, those on this where it is not."""
    other: StateKind = "task_state" if kind == "vm_state" else "vm_state"
    for action in decided_actions(release):
        refusal = decide(release, action, server_in(release, kind, name, action))
        states = named_states(release, action)
        if refusal is None:
            yield action, states.of(other), release.actions[action].conditions
        else:
            yield action, states.of(kind), refusal


def _reactions(reactions: Reactions, release: Release, kind: StateKind, name: str) -> Iterator[_Told]:
    """The rows that speak of a state, narrowed to it, without their lines."""
    here = StateSet().having(kind, frozenset({name}))
    powers = tuple(release.constants["power_state"])
    for row in reactions.specific(release):
        both = states_of(row.start).narrow(here)
        if not both.is_empty:
            plain = replace(row, evidence=replace(row.evidence, line=0), start=start_of(both, powers))
            yield plain, reactions.is_widespread(release, row), row.start.task_states is None


def _in_sections(rows: Iterable[_Told]) -> tuple[_Told, ...]:
    """Rows as tables have them: what is folded below the others."""
    return tuple(sorted(rows, key=lambda told: told[1] or is_failure(told[0])))


def _next_key(queries: CatalogQueries, kind: StateKind, name: str, ids: FactIds, version: str) -> Hashable:
    reactions = tuple(
        ids.derived(
            version,
            ("states", reaction),
            ("reactions", kind, name),
            lambda release, reaction=reaction: _in_sections(  # type: ignore[misc]
                _reactions(queries.reactions(reaction), release, kind, name)
            ),
        )
        for reaction in REACTION_KINDS
    )
    options = ids.of(version, "options", f"{kind}:{name}", acts_on)
    if kind == "power_state":
        return reactions, options, ids.of(version, "drivers", name, _reported)
    if kind == "task_state":
        return reactions, options, _task_key(name, ids, version)
    changes = ids.derived(version, ("transitions",), "changes", lambda release: tuple(vm_changes(release).items()))
    mine = tuple(change for change in changes if name in change[0] or change[0][0] == ANY)
    return reactions, options, mine


def _reported(fact: DriverState) -> tuple[str, ...]:
    return (fact.power_state,)


def _shown_key(_kind: StateKind, _name: str, ids: FactIds, version: str) -> Hashable:
    return ids.whole(version, "states", "statuses")


def _named_key(_kind: StateKind, _name: str, ids: FactIds, version: str) -> Hashable:
    return ids.whole(version, "states", "groups")


def _looks_at(fact: Reaction) -> tuple[str, ...]:
    return fact.start.power_states or ()


def _around_key(explained: frozenset[str], kind: StateKind, name: str, ids: FactIds, version: str) -> Hashable:
    if kind == "power_state":
        looking = ids.facts("power_sync", ids.of(version, "power_sync", name, _looks_at))
        places = sorted({outermost(qualified_name(fact.evidence)) for fact in looking})
        return values(ids, version, "log_messages", places, LOGGED)
    rows = ids.of(version, "transitions", name, _vm_ends if kind == "vm_state" else _tasks)
    changes = tuple(ids.facts("transitions", rows))
    functions = sorted({outermost(function) for function in functions_changing(changes)})
    errors: dict[str, None] = {}
    if kind == "task_state" or name == _ERROR:
        known = _known_actions(ids, version)
        for action in dict.fromkeys(change.action for change in changes if change.action in known):
            causes = ids.facts("fault_causes", ids.of(version, "fault_causes", action, of_actions))
            errors.update(dict.fromkeys(fact.error for fact in causes if fact.error.lower() in explained))
    return (
        tuple(errors),
        *(values(ids, version, kind, functions, telling) for kind, telling in TELLINGS.items()),
    )


_KEYS: dict[str, _Key] = {
    "leaves": _leaves_key,
    "glance": _glance_key,
    "picture": _picture_key,
    "allowed": _allowed_key,
    "shown": _shown_key,
    "named": _named_key,
}

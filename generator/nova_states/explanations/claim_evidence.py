"""Where in Nova's source stands what a claim of ours says: the places that a reader is shown beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from nova_states.catalog.permissions import certain_guards
from nova_states.catalog.release import Release
from nova_states.explanations.claims import kind_of, servers_of, transitions_meant
from nova_states.facts.model import Evidence
from nova_states.facts.stored_states import states_of

Finder: TypeAlias = Callable[[Release, Mapping[str, Any]], Iterable[Evidence]]


def places_of(release: Release, says: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """The places in a release that a claim rests on, each once; of many transitions the first.

    Raises:
        InputError: it claims nothing that is known.
    """
    return tuple(dict.fromkeys(_FINDERS[kind_of(says)](release, says)))


def _guard(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
    action = says["guard"]
    names = (action,) if release.guards_of(action) else release.parts.get(action, ())
    found = [guard.evidence for name in names for guard in certain_guards(release, name)]
    # What has no guard is allowed for that reason: its own place shows that there is none.
    return found or [release.actions[action].evidence]


def _status(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
    entry = release.status_entry(says["vm_state"], says.get("task_state"))
    return [entry.evidence] if entry else []


def _option(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
    return [option.evidence for option in release.facts("options") if option.name == says["option"]]


def _reaction(kind: str) -> Finder:
    def find(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
        servers = servers_of({"task_state": None} | says[kind])
        rows = (row for row in release.facts(kind) if states_of(row.start).meets(servers))
        return [row.evidence for row in rows if row.effect == says["effect"]]

    return find


def _transition(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
    rows = (row for row in release.facts("transitions") if row.action == says["transition"])
    return [row.evidence for row in transitions_meant(rows, says)][:1]


def _constants(key: str) -> Finder:
    def find(release: Release, says: Mapping[str, Any]) -> Iterable[Evidence]:
        """Where the names of this kind begin: nothing among them is the one."""
        kind = says[key].partition(":")[0]
        facts = release.facts("statuses") if kind == "status" else release.facts("states")
        return [fact.evidence for fact in facts if getattr(fact, "kind", kind) == kind][:1]

    return find


_FINDERS: Final[Mapping[str, Finder]] = {
    "guard": _guard,
    "status": _status,
    "option": _option,
    "startup": _reaction("startup"),
    "power_sync": _reaction("power_sync"),
    "transition": _transition,
    "never_set": _constants("never_set"),
    "absent": _constants("absent"),
}
"""Word a claim begins with → how its places are found."""

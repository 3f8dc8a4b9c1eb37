"""Checks that everything the pages name is explained, and that nothing is explained that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.catalog import Catalog
from nova_states.explanations.condition_coverage import find_condition_problems
from nova_states.explanations.loading import Explanations
from nova_states.facts.ids import STATE_KINDS

_NAMED_KINDS = (*STATE_KINDS, "status", "action", "group", "decorator", "option")
"""Kinds whose names the facts have."""
_FREE_KINDS = ("kind", "advice", "verdict")
"""Kinds whose names are ours, not Nova's; `nova_states.lookup.texts` looks after those of the lookup."""
WRITTEN_AHEAD = ("error", "event", "host_status", "migration_status")
"""Kinds that are explained before their facts are read: nothing shows them yet, and their names are not checked."""


def find_problems(catalog: Catalog, explanations: Explanations) -> Iterator[str]:
    """Each name without an explanation and each explanation without a name, with its file."""
    needed = needed_names(catalog)
    for kind, names in needed.items():
        have = explanations.by_kind.get(kind, {})
        for name in sorted(names):
            if name not in have:
                yield f"docs/explanations/{kind}/{name}.yml: missing; explain {kind} {name} in Korean and English"
        for name in sorted(have.keys() - names):
            yield f"docs/explanations/{kind}/{name}.yml: no release has {kind} {name}; remove it or mend its name"
    for kind in sorted(explanations.by_kind.keys() - needed.keys() - {*_FREE_KINDS, *WRITTEN_AHEAD}):
        yield f"docs/explanations/{kind}: unknown kind; known are {', '.join(needed)}"
    yield from find_condition_problems(catalog, explanations.conditions)


def needed_names(catalog: Catalog) -> dict[str, set[str]]:
    """Kind → lower-case names that the facts of any release have."""
    needed: dict[str, set[str]] = {kind: set() for kind in _NAMED_KINDS}
    for version in catalog.versions:
        release = catalog.release(version)
        needed["power_state"].update(name.lower() for name in release.constants["power_state"])
        needed["vm_state"].update(release.vm_states)
        needed["task_state"].update(release.task_states)
        needed["status"].update(word.lower() for word in release.statuses)
        needed["action"].update(release.actions)
        needed["group"].update(name.lower() for name in release.groups)
        needed["option"].update(option.name for option in release.facts("options"))
        needed["decorator"].update(name for guard in release.facts("guards") for name in guard.conditions)
    return needed

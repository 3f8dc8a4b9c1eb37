"""Checks that everything the pages name is explained, and that nothing is explained that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.catalog import Catalog
from nova_states.explanations.action_uses import find_unplaced_actions
from nova_states.explanations.condition_coverage import find_condition_problems
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.loading import Explanations
from nova_states.explanations.log_texts import FOLDER as LOG_FOLDER
from nova_states.explanations.log_texts import find_log_problems
from nova_states.facts.ids import STATE_KINDS
from nova_states.locations import explanations_folder

_NAMED_KINDS = (*STATE_KINDS, "status", "action", "group", "decorator", "option")
"""Kinds whose names the facts have."""
_FREE_KINDS = ("kind", "advice", "verdict")
"""Kinds whose names are ours, not Nova's; `nova_states.lookup.texts` looks after those of the lookup."""
_OPTIONAL_KINDS = {
    "error": ("errors", "name"),
    "event": ("events", "name"),
    "host_status": ("host_statuses", "value"),
    "migration_status": ("migration_statuses", "value"),
}
"""Kinds that facts stored by an older program lack → kind of fact, and its field that names it."""
_LOG = "log_messages"
_SOME_EXPLAINED = frozenset({"error"})
"""Kinds of which not every name needs an explanation: most of Nova's exceptions nobody ever meets."""


def find_problems(catalog: Catalog, explanations: Explanations) -> Iterator[str]:
    """Each name without an explanation and each explanation without a name, with its file."""
    needed = needed_names(catalog)
    for kind, names in needed.items():
        have = explanations.by_kind.get(kind, {})
        for name in sorted(names) if kind not in _SOME_EXPLAINED else ():
            if name not in have:
                yield f"docs/explanations/{kind}/{name}.yml: missing; explain {kind} {name} in Korean and English"
        for name in sorted(have.keys() - names):
            yield f"docs/explanations/{kind}/{name}.yml: no release has {kind} {name}; remove it or mend its name"
    if explanations.uses is not None:
        yield from find_unplaced_actions(explanations.uses, needed["action"])
    for kind in sorted(explanations.by_kind.keys() - needed.keys() - {*_FREE_KINDS, *_OPTIONAL_KINDS}):
        yield f"docs/explanations/{kind}: unknown kind; known are {', '.join(needed)}"
    if _is_stored(catalog, _LOG):
        slugs = {line.slug for version in catalog.versions for line in catalog.bare_facts(_LOG, version)}
        yield from find_log_problems(explanations_folder() / LOG_FOLDER, explanations.log_texts, slugs)
    yield from find_condition_problems(catalog, explanations.conditions)


def explained_kinds(catalog: Catalog, explanations: Explanations) -> list[str]:
    """Kinds of explanations that are about something stored, sorted."""
    unread = {kind for kind, (facts, _) in _OPTIONAL_KINDS.items() if not _is_stored(catalog, facts)}
    return sorted(explanations.by_kind.keys() - unread)


def _is_stored(catalog: Catalog, kind: str) -> bool:
    return any(kind in version.documents for version in catalog.snapshots.versions.values())


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
        needed["decorator"].update(name for action in release.actions.values() for name in action.conditions)
    for kind, (stored, field) in _OPTIONAL_KINDS.items():
        if _is_stored(catalog, stored):
            facts = [fact for version in catalog.versions for fact in catalog.bare_facts(stored, version)]
            needed[kind] = {file_stem(getattr(fact, field)) for fact in facts} - {""}  # a value without a name
    return needed

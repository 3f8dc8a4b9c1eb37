"""Which states pass by themselves: what a tool that waits should wait through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.site.versioned_facts import VersionedFact, group_by, versioned_facts

TRANSIENT_VM_STATES: Final = ("building",)
"""vm_states that no server is meant to stay in; all others are left only when somebody asks for it, or on a failure."""


def is_transient(entries: Iterable[VersionedFact]) -> bool:
    """Whether a status, given as all entries of the status map that show it, is shown only on the way elsewhere."""
    return all(_is_passing(entry.fact.vm_state, entry.fact.task_state) for entry in entries)


def transient_statuses(catalog: Catalog) -> dict[str, bool]:
    """Every word of the API status that any release has, sorted → whether it passes by itself."""
    found = group_by(versioned_facts(catalog, "statuses"), lambda fact: fact.status)
    return {word: is_transient(found[word]) for word in sorted(found)}


def _is_passing(vm_state: str | None, task_state: str) -> bool:
    return vm_state in TRANSIENT_VM_STATES or (vm_state is not None and task_state != "default")

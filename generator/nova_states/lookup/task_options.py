"""Which options of Nova act on a task, with their defaults, as a table of its own: only who watches a task reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    # They read facts, and whoever watches a task has no time for these.
    from nova_states.catalog.release import Release
    from nova_states.facts.model import Option

TASK_OPTIONS: Final = "task_options"
"""The table's name among those of `nova_states.lookup.table_cache.load_tables`."""
_TASK: Final = "task_state:"


def compile_task_options(releases: Iterable[Release]) -> dict[str, Any]:
    """`rows`: name with its group, default as Nova's configuration has it, tasks; `versions`: the rows of each."""
    rows: dict[str, list[Any]] = {}
    versions: dict[str, list[int]] = {}
    for release in releases:
        told = [row for option in release.facts("options") if (row := _row(option))[2]]
        places = {key: place for place, key in enumerate(dict.fromkeys((*rows, *map(repr, told))))}
        rows |= {repr(row): row for row in told}
        versions[release.version] = [places[repr(row)] for row in told]
    return {"rows": list(rows.values()), "versions": versions}


def options_of(table: Mapping[str, Any], version: str, task: str | None) -> list[str]:
    """The options of a release that act on a task, each as "shutdown_timeout = 60".

    Args:
        table: `compile_task_options`.
        version: One that may not be stored, and then has none.
        task: A task_state; None: no task runs.
    """
    rows = (table["rows"][place] for place in table["versions"].get(version, ()))
    return [f"{name} = {default}" for name, default, tasks in rows if task in tasks]


def _row(option: Option) -> list[Any]:
    name = option.name if option.group is None else f"[{option.group}] {option.name}"
    tasks = [identity.removeprefix(_TASK) for identity in option.acts_on if identity.startswith(_TASK)]
    return [name, option.default, tasks]

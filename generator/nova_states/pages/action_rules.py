"""From which states an action is allowed, as a sentence and pills; a grid only where no sentence says it."""

from __future__ import annotations

from collections.abc import Sequence

from nova_states.catalog.release import Release
from nova_states.pages.components import Link, Matrix
from nova_states.pages.models import ActionRule
from nova_states.pages.permission_cells import NO
from nova_states.pages.writer import Writer

_NAMED = 6
"""Tasks that a sentence names; more are counted."""
_LEFT_OUT = 3
"""vm_states that a sentence names as exceptions."""


def action_rule(page: Writer, release: Release, name: str, grid: Matrix) -> ActionRule:
    """What the grid of an action says.

    Args:
        page: Writes the words.
        release: The release the grid is of.
        name: Id of the action.
        grid: vm_states down, no task and all tasks across.
    """
    patterns = {tuple(cell.sign for cell in row.cells) for row in grid.rows}
    somewhere = [pattern for pattern in patterns if set(pattern) != {NO}]
    vm_states = tuple((row.head, any(cell.sign != NO for cell in row.cells)) for row in grid.rows)
    allowed = tuple(link for link, is_allowed in vm_states if is_allowed)
    is_product = len(somewhere) <= 1
    tasks: tuple[Link, ...] = ()
    if not somewhere:
        sentence = page.words("rule_never")
    elif is_product:
        tasks = tuple(column for column, sign in zip(grid.columns, somewhere[0], strict=True) if sign != NO)
        launched = any(guard.must_have_launched for guard in release.guards_of(name))
        sentence = page.words("rule", vm=_vm_words(page, allowed, grid), task=_task_words(page, tasks, grid.columns))
        sentence += page.words("rule_launched") if launched else ""
    else:
        sentence = page.words("rule_mixed")
    is_long = 1 < len(tasks) < len(grid.columns)
    return ActionRule(
        part=None,
        sentence=sentence,
        vm_states=vm_states,
        tasks=tasks if is_long else (),
        grid=None if is_product else grid,
    )


def _vm_words(page: Writer, allowed: Sequence[Link], grid: Matrix) -> str:
    refused = [row.head for row in grid.rows if row.head not in allowed]
    if not refused:
        return page.words("rule_vm_any")
    if len(allowed) == 1:
        return page.words("rule_vm_one", names=_names(allowed))
    if len(refused) <= _LEFT_OUT:
        return page.words("rule_vm_but", names=_names(refused))
    return page.words("rule_vm_many", names=_names(allowed))


def _task_words(page: Writer, tasks: Sequence[Link], columns: Sequence[Link]) -> str:
    if len(tasks) == len(columns):
        return page.words("rule_task_any")
    without_task, running = columns[0], [task for task in tasks if task != columns[0]]
    if without_task not in tasks:
        return page.words("rule_task_only", names=_names(running))
    if not running:
        return page.words("rule_task_none")
    if len(running) > _NAMED:
        return page.words("rule_task_many", count=len(running), all=len(columns) - 1)
    return page.words("rule_task_some", names=_names(running))


def _names(links: Sequence[Link]) -> str:
    return ", ".join(f"`{link.text}`" for link in links)

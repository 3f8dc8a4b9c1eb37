"""Cells of matrices: the same sign, class and words for the same thing on every page."""

from __future__ import annotations

from nova_states.catalog.permissions import conditional_refusals, decide
from nova_states.catalog.release import Release
from nova_states.facts.guard_check import ServerStates
from nova_states.pages.components import MatrixCell
from nova_states.pages.writer import Writer

YES, NO, MAYBE = "●", "–", "◐"


def permission_cell(page: Writer, release: Release, action: str, server: ServerStates, href: str) -> MatrixCell:
    """Whether a release allows an action to a server in these states.

    Args:
        page: Writes its texts.
        release: Its guards decide.
        action: Id of the action.
        server: The states of the cell.
        href: Where the cell leads.
    """
    found = decide(release, action, server)
    task = server.task_state or page.words("no_task")
    names = f"{action} · {server.vm_state} · {task}"
    if found is not None:
        reason = page.words("reason_value", attribute=found.attribute, value=found.value)
        return MatrixCell(sign=NO, css="no", href=href, title=f"{names}: {page.words('refused')} ({reason})")
    if conditional_refusals(release, action, server):
        return MatrixCell(sign=MAYBE, css="warn", href=href, title=f"{names}: {page.words('conditional')}")
    return MatrixCell(sign=YES, css="yes", href=href, title=f"{names}: {page.words('allowed')}")


def legend(page: Writer) -> tuple[tuple[str, str, str], ...]:
    """What the signs of permission mean."""
    return (
        (YES, "yes", page.words("allowed")),
        (MAYBE, "warn", page.words("conditional")),
        (NO, "no", page.words("refused")),
    )

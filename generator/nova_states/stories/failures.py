"""Failures folded by what they leave behind, for a reader asks what a server is in, not which line put it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_states.catalog.around_states import causes_of
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import DELETED, NEW, SAME, is_aside, loses_delete, transitions_of
from nova_states.facts.condition import AllOf, Condition, Elided, Race, Raises, all_of, literals
from nova_states.facts.model import Transition
from nova_states.facts.state_set import StateSet
from nova_states.facts.stored_states import states_of
from nova_states.stories.assumptions import Assumption
from nova_states.stories.model import Failing, Leaving, StoryStep

_DELETING = frozenset({"deleting", "soft-deleting"})
_ANY_ERROR = Raises(exceptions=("Exception",))
_HANDLERS = frozenset(
    {
        "_error_out_instance_on_exception",
        "_set_instance_obj_error_state",
        "decorated_function",
        "set_vm_state_and_notify",
    }
)
"""Functions of Nova that write the state after an error and are called for nothing else. Where rows were joined, the
error may be told no more."""
_WRITES_FOR = {"scheduler": "conductor"}
"""nova-scheduler writes no state of a server: nova-conductor asks it, waits, and writes what comes of it."""
_RECORDING = frozenset({"compute", "conductor"})
"""Services that record faults; the API answers with its errors."""
_DELETED_ERRORS = frozenset({"UnexpectedDeletingTaskStateError", "InstanceNotFound"})


def fold_failures(
    rows: Iterable[Transition], vm_states: frozenset[str], busy: frozenset[str], assumption: Assumption
) -> tuple[Leaving, ...]:
    """What the failures of an action leave behind, the least harm first.

    Args:
        rows: The action's transitions.
        vm_states: Those that the action begins from.
        busy: Tasks of the action's own way.
        assumption: The ordinary world.
    """
    failing = [row for row in rows if is_aside(row)]
    groups: dict[tuple[str, str, str | None], list[Transition]] = {}
    for row in failing:
        groups.setdefault(_left(row, failing, vm_states, busy), []).append(row)
    found = [
        Leaving(
            kind="deleted" if kind == "deleted" else "states",
            vm_state=vm_state,
            task_state=task,
            failures=tuple(_causes(group, assumption)),
            rows=tuple(group),
        )
        for (kind, vm_state, task), group in groups.items()
    ]
    return tuple(sorted(found, key=_harm))


def failing_steps(rows: Iterable[Transition], steps: tuple[StoryStep, ...]) -> tuple[int, ...]:
    """Numbers of the steps at which failures may come: those of the service that writes it, in the states it finds.

    What belongs to no step, as a handler that goes on with what another has left, has no part in it.
    """
    found = {
        number
        for row in rows
        for number, step in enumerate(steps, start=1)
        if _WRITES_FOR.get(step.actor, step.actor) == row.actor and _may_fail(row, step)
    }
    return tuple(sorted(found))


def fault_errors(release: Release, leaving: Leaving) -> tuple[str, ...] | None:
    """The exceptions named by failures that a release may record as the server's fault, sorted; there may be more.

    None where nothing is known to be recorded: nothing that is raised by then is an exception that can end as one.
    """
    rows = _recorded(leaving.rows)
    raised = list(_raised(rows))
    recorded = {error for row in rows for error in causes_of(release, row.action)}
    if not raised or not recorded:
        return None
    return tuple(sorted({error for one in raised for error in one.exceptions} & recorded))


def named_errors(release: Release, action: str) -> frozenset[str]:
    """The exceptions that failures of an action name, of those that could be recorded."""
    return frozenset(error for one in _raised(_recorded(transitions_of(release, action))) for error in one.exceptions)


def _recorded(rows: Iterable[Transition]) -> list[Transition]:
    """Failures that are written by services that record faults, of servers that are still there."""
    return [row for row in rows if is_aside(row) and row.actor in _RECORDING and row.end.vm_state != DELETED]


def _raised(rows: Iterable[Transition]) -> Iterator[Raises]:
    for row in rows:
        yield from (one for one in literals(row.condition) if isinstance(one, Raises))


def _may_fail(row: Transition, step: StoryStep) -> bool:
    if row.start is None:
        return any(vm_state == NEW for vm_state, _ in step.finds)
    vm_states, tasks = row.start.vm_states, row.start.task_states
    if tasks is None:
        return False  # it may come at any time, which tells of no step
    return any(task in tasks and (vm_states is None or vm_state in vm_states) for vm_state, task in step.finds)


def _left(
    row: Transition, failing: list[Transition], vm_states: frozenset[str], busy: frozenset[str]
) -> tuple[str, str, str | None]:
    if _is_race(row, busy):
        return ("deleted", SAME, SAME)
    before = frozenset(str(state) for state in row.start.vm_states or ()) if row.start else frozenset()
    vm_state, task = row.end.vm_state, row.end.task_state
    if vm_state == SAME and len(before) == 1 and not before & vm_states:
        (vm_state,) = before
    tasks = row.start.task_states if row.start is not None and task == SAME else (task,)
    if vm_state == DELETED or tasks == (None,):
        return ("states", vm_state, None)
    # Handlers of an error are nested: what an inner one leaves, an outer one may still change.
    after = StateSet(
        vm_state=frozenset({vm_state}) if vm_state != SAME else before or None,
        task_state=None if tasks is None else frozenset(tasks) - {None},
    )
    for other in failing:
        if other is row or other.actor != row.actor or other.start is None or other.end.task_state is not None:
            continue
        if other.end.vm_state in (SAME, vm_state) and states_of(other.start).covers(after):
            return ("states", vm_state, None)
        if row.start is None and states_of(other.start).covers(after):
            return ("states", other.end.vm_state, None)
    return ("states", vm_state, task)


def _is_race(row: Transition, busy: frozenset[str]) -> bool:
    """Whether a failure comes of a delete that came in meanwhile."""
    if loses_delete(row):
        return True
    tasks = row.start.task_states if row.start is not None else None
    if tasks and not _DELETING & busy and set(tasks) <= _DELETING:
        return True
    return any(
        isinstance(one, Race) or (isinstance(one, Raises) and bool(_DELETED_ERRORS & set(one.exceptions)))
        for one in literals(row.condition)
    )


def _causes(rows: Iterable[Transition], assumption: Assumption) -> list[Failing]:
    """The causes of failures, each with the tasks in which it may happen."""
    found: dict[Condition | None, dict[str | None, None]] = {}
    for row in rows:
        cause = _plain(assumption.words.out_of_the_ordinary(row.condition, assumption.place), row)
        tasks = row.start.task_states if row.start is not None else None
        found.setdefault(cause, {}).update(dict.fromkeys(tasks or ()))
    told = sorted(found.items(), key=lambda one: one[0] is not None)
    return [Failing(cause=cause, tasks=tuple(tasks)) for cause, tasks in told]


def _plain(cause: Condition | None, row: Transition) -> Condition | None:
    """A cause with "an error occurs" where nothing else in it says which; None where it says no more."""
    members = cause.conditions if isinstance(cause, AllOf) else () if cause is None else (cause,)
    telling = [one for one in members if not _is_any_error(one)]
    names_error = any(isinstance(one, Raises | Elided) for one in literals(all_of(telling)))
    was_raised = len(telling) < len(members) or (row.evidence.function or "").rpartition(".")[2] in _HANDLERS
    if telling and was_raised and not names_error:
        telling.append(_ANY_ERROR)
    return all_of(dict.fromkeys(telling))


def _is_any_error(condition: Condition) -> bool:
    return isinstance(condition, Raises) and condition.by is None and condition.exceptions in ((), ("Exception",))


def _harm(leaving: Leaving) -> tuple[bool, bool, bool, str, str]:
    return (
        leaving.kind == "deleted",
        leaving.vm_state != SAME,
        leaving.task_state is not None,
        leaving.vm_state,
        leaving.task_state or "",
    )

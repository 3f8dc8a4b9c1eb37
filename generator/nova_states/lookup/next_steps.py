"""What happens to a server by itself, as one kind of row whatever the facts it comes from.

Causes: the power sync, the start of nova-compute, the task that runs, and periodic work set up by an option.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from nova_states.catalog.reactions import REACTION_KINDS, ReactionKind, fails, is_failure, is_general, is_usual
from nova_states.catalog.release import Release
from nova_states.facts.condition import to_text
from nova_states.facts.model import Certainty, Evidence, FromState, Option, Reaction, States, ToState

Cause: TypeAlias = ReactionKind | Literal["task", "periodic"]

_BOOKKEEPING: Final = ("update_power_state",)
"""Effects that change no state an operator acts on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """One thing that happens by itself to the servers in certain states."""

    cause: Cause
    start: FromState
    effect: str
    end: ToState | None
    """None: what it ends in is not told by its facts."""
    what: str | None
    """The action or the option behind it."""
    condition: str | None
    """As text, for people."""
    certainty: Certainty
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class _Periodic:
    """What an option makes Nova do, which its definition does not tell."""

    effect: str
    start: FromState
    end: ToState | None = None


def _from(
    vm_states: States = None, task_states: States = None, power_states: tuple[str, ...] | None = None
) -> FromState:
    return FromState(vm_states=vm_states, task_states=task_states, power_states=power_states)


_IDLE: Final = (None,)
_REBOOTING: Final = (
    "reboot_pending",
    "reboot_pending_hard",
    "reboot_started",
    "reboot_started_hard",
    "rebooting",
    "rebooting_hard",
)
_STOPPED_AFTER: Final = ToState(vm_state="deleted", task_state=None)
PERIODIC: Final = {
    "instance_build_timeout": _Periodic(
        effect="error", start=_from(("building",)), end=ToState(vm_state="error", task_state="=")
    ),
    "reboot_timeout": _Periodic(effect="hard_reboot", start=_from(task_states=_REBOOTING)),
    "rescue_timeout": _Periodic(effect="unrescue", start=_from(("rescued",), _IDLE)),
    "resize_confirm_window": _Periodic(effect="confirm_resize", start=_from(("resized",), _IDLE)),
    "reclaim_instance_interval": _Periodic(effect="delete", start=_from(("soft-delete",)), end=_STOPPED_AFTER),
    "shelved_offload_time": _Periodic(
        effect="shelve_offload",
        start=_from(("shelved",), _IDLE),
        end=ToState(vm_state="shelved_offloaded", task_state=None),
    ),
    "running_deleted_instance_action": _Periodic(
        effect="reap", start=_from(("deleted",), power_states=("RUNNING", "PAUSED", "SUSPENDED"))
    ),
    "live_migration_completion_timeout": _Periodic(
        effect="live_migrate_abort", start=_from(task_states=("migrating",))
    ),
}
"""Option → what it does, and to which servers (compute/manager.py: the periodic tasks that read it)."""


def steps_of(release: Release) -> Iterator[NextStep]:
    """The steps of all causes but the running task, in the order in which an answer tells them.

    The surest first, and what usually happens before what a flag has happen: whoever reads first that the power sync
    deletes the server takes for the rule what is so for the few that are marked to be deleted once they are off.
    """
    for cause in REACTION_KINDS:
        rows = sorted(filter(_is_worth_telling, release.facts(cause)), key=lambda row: (_doubt(row), not is_usual(row)))
        yield from (_of_reaction(cause, row) for row in rows)
    yield from (step for option in release.facts("options") if (step := _of_option(option)))


def _is_worth_telling(row: Reaction) -> bool:
    """Leave out that nothing happens where something failed, or to servers that are not this host's."""
    is_beside = is_failure(row) or is_general(row)
    return row.effect not in _BOOKKEEPING and not (row.effect == "none" and is_beside)


def _doubt(row: Reaction) -> int:
    """0: always; 1: on a condition; 2: where a call fails."""
    if row.condition is None:
        return 0
    return 2 if fails(row.condition) else 1


def _of_reaction(cause: Cause, row: Reaction) -> NextStep:
    return NextStep(
        cause=cause,
        start=row.start,
        effect=row.effect,
        end=row.end,
        what=None,
        condition=to_text(row.condition),
        certainty=row.certainty,
        evidence=row.evidence,
    )


def _of_option(option: Option) -> NextStep | None:
    periodic = PERIODIC.get(option.name)
    if periodic is None:
        return None
    is_on = bool(option.default) and option.default != -1
    return NextStep(
        cause="periodic",
        start=periodic.start,
        effect=periodic.effect,
        end=periodic.end,
        what=option.name,
        condition=f"{option.name} = {option.default}" if is_on else f"{option.name} > 0",
        certainty="conditional",
        evidence=option.evidence,
    )

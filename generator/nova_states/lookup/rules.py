"""What is normal: the judgement that turns states into a verdict and advice.

The facts say what Nova does, this says which of it an operator should hear about. Texts are in docs/explanations, in
verdict/ and advice/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.facts.model import States

POWER_STATES: Final = ("NOSTATE", "RUNNING", "PAUSED", "SHUTDOWN", "CRASHED", "SUSPENDED")

NORMAL_POWER: Final[dict[str, tuple[str, ...]]] = {
    "active": ("RUNNING",),
    "paused": ("PAUSED",),
    # libvirt saves a suspended guest and turns it off; other drivers report SUSPENDED.
    "suspended": ("SUSPENDED", "SHUTDOWN"),
    # The power sync takes all three for a guest that is off.
    "stopped": ("SHUTDOWN", "NOSTATE", "CRASHED"),
    "rescued": ("RUNNING",),
    "soft-delete": ("SHUTDOWN", "NOSTATE"),
    "deleted": ("SHUTDOWN", "NOSTATE"),
    "shelved": ("SHUTDOWN", "NOSTATE"),
    "shelved_offloaded": ("SHUTDOWN", "NOSTATE"),
}
"""vm_state → the power_states that belong to it; a vm_state that is not named goes with any."""

_METHODS: Final = {"power_off": ("stop",), "power_on": ("start",), "reboot": ("soft_reboot", "hard_reboot")}
"""What task_states.py calls an operation → the actions it is, where the names differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What is said of the servers in certain states."""

    says: str
    """A verdict, or the id of an advice."""
    vm_states: States = None
    task_states: States = None
    power_states: tuple[str, ...] | None = None
    launched: bool | None = None


def verdict_rules(catalog: Catalog) -> tuple[Rule, ...]:
    """Rules of which the first that fits tells the verdict; the last fits all."""
    tasks = tuple(sorted({task for version in catalog.versions for task in catalog.release(version).task_states}))
    return (
        Rule(says="in-progress", vm_states=("error",), task_states=_tasks_from_error(catalog)),
        Rule(says="needs-attention", vm_states=("error",)),
        Rule(says="in-progress", task_states=tasks),
        Rule(says="in-progress", vm_states=("building",)),
        # Nothing goes on until a user confirms or reverts.
        Rule(says="needs-attention", vm_states=("resized",)),
        *(
            Rule(says="inconsistent", vm_states=(vm_state,), power_states=_others(powers))
            for vm_state, powers in NORMAL_POWER.items()
        ),
        Rule(says="stable"),
    )


_ALIVE: Final = ("RUNNING", "PAUSED", "SUSPENDED")
_OFF: Final = ("SHUTDOWN", "CRASHED")
_NO_TASK: Final = (None,)

ADVICE: Final = (
    Rule(says="error_never_launched", vm_states=("error",), task_states=_NO_TASK, launched=False),
    Rule(says="error_look_at_fault", vm_states=("error",), task_states=_NO_TASK, launched=True),
    Rule(says="error_guest_runs", vm_states=("error",), task_states=_NO_TASK, power_states=("RUNNING",)),
    Rule(says="reset_state_last", vm_states=("error",), task_states=_NO_TASK),
    Rule(says="building_without_task", vm_states=("building",), task_states=_NO_TASK),
    Rule(says="confirm_or_revert", vm_states=("resized",), task_states=_NO_TASK),
    Rule(says="leave_rescue", vm_states=("rescued",), task_states=_NO_TASK),
    Rule(
        says="rescue_not_running",
        vm_states=("rescued",),
        task_states=_NO_TASK,
        power_states=("NOSTATE", "PAUSED", *_OFF, "SUSPENDED"),
    ),
    Rule(says="restore_in_time", vm_states=("soft-delete",), task_states=_NO_TASK),
    Rule(says="active_but_off", vm_states=("active",), task_states=_NO_TASK, power_states=(*_OFF, "SUSPENDED")),
    Rule(says="active_but_missing", vm_states=("active",), task_states=_NO_TASK, power_states=("NOSTATE",)),
    Rule(says="active_but_paused", vm_states=("active",), task_states=_NO_TASK, power_states=("PAUSED",)),
    Rule(says="stopped_but_alive", vm_states=("stopped",), task_states=_NO_TASK, power_states=_ALIVE),
    Rule(says="paused_but_running", vm_states=("paused",), task_states=_NO_TASK, power_states=("RUNNING", "SUSPENDED")),
    Rule(says="paused_but_off", vm_states=("paused",), task_states=_NO_TASK, power_states=(*_OFF, "NOSTATE")),
    Rule(says="suspended_and_off", vm_states=("suspended",), task_states=_NO_TASK, power_states=("SHUTDOWN",)),
    Rule(
        says="suspended_but_alive",
        vm_states=("suspended",),
        task_states=_NO_TASK,
        power_states=("RUNNING", "PAUSED", "CRASHED", "NOSTATE"),
    ),
    Rule(
        says="deleted_but_alive",
        vm_states=("deleted", "soft-delete"),
        task_states=_NO_TASK,
        power_states=(*_ALIVE, "CRASHED"),
    ),
    # A shelved server still has its host and its disk there, an offloaded one has neither: what saves the data of the
    # one destroys that of the other.
    Rule(says="shelved_but_alive", vm_states=("shelved",), task_states=_NO_TASK, power_states=(*_ALIVE, "CRASHED")),
    Rule(
        says="offloaded_but_alive",
        vm_states=("shelved_offloaded",),
        task_states=_NO_TASK,
        power_states=(*_ALIVE, "CRASHED"),
    ),
    # With or without a task: these states have a way out that only they have.
    Rule(says="reset_state_trap", vm_states=("resized", "shelved", "shelved_offloaded", "soft-delete")),
)
"""All that fit are given, in this order."""

GENERAL_ADVICE: Final = (
    "hidden_error",
    "may_hide_error",
    "hidden_task",
    "if_stuck",
    "status_differs",
    "status_unknown",
    "unknown_value",
    "several_candidates",
    "nothing_known",
)
"""Advice that rests on more than a server's states; given by `nova_states.lookup.explainer`."""


def _others(powers: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in POWER_STATES if name not in powers)


def _tasks_from_error(catalog: Catalog) -> States:
    """Tasks that can begin on a server in error in any release: a task of its own is work in progress there."""
    return tuple(sorted({task for v in catalog.versions for task in _tasks_admitting_error(catalog.release(v))}))


def _tasks_admitting_error(release: Release) -> Iterator[str]:
    for constant in release.constants["task_state"].values():
        for operation in constant.operations:
            for action in _METHODS.get(operation, (operation,)):
                guards = [guard for guard in release.guards_of(action) if guard.when is None]
                if guards and all(guard.vm_states is None or "error" in guard.vm_states for guard in guards):
                    yield str(constant.value)

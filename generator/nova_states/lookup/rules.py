"""What is normal: the judgement that turns states into a verdict and advice.

The facts say what Nova does, this says which of it an operator should hear about. Texts are in docs/explanations, in
verdict/ and advice/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.permissions import admitted_states, certain_guards
from nova_states.catalog.release import Release
from nova_states.facts.state_set import StateSet

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
    states: StateSet
    launched: bool | None
    """Whether it is only for servers that were launched, or only for those that were not; None: for both."""


def _rule(
    says: str,
    *,
    vm: Iterable[str] | None = None,
    task: Iterable[str | None] | None = None,
    power: Iterable[str] | None = None,
    launched: bool | None = None,
) -> Rule:
    states = StateSet(
        vm_state=None if vm is None else frozenset(vm),
        task_state=None if task is None else frozenset(task),
        power_state=None if power is None else frozenset(power),
    )
    return Rule(says=says, states=states, launched=launched)


def verdict_rules(catalog: Catalog) -> tuple[Rule, ...]:
    """Rules of which the first that fits tells the verdict; the last fits all."""
    tasks = tuple(sorted({task for version in catalog.versions for task in catalog.release(version).task_states}))
    return (
        _rule("in-progress", vm=("error",), task=_tasks_from_error(catalog)),
        _rule("needs-attention", vm=("error",)),
        _rule("in-progress", task=tasks),
        _rule("in-progress", vm=("building",)),
        # Nothing goes on until a user confirms or reverts.
        _rule("needs-attention", vm=("resized",)),
        *(_rule("inconsistent", vm=(vm_state,), power=_others(powers)) for vm_state, powers in NORMAL_POWER.items()),
        _rule("stable"),
    )


_ALIVE: Final = ("RUNNING", "PAUSED", "SUSPENDED")
_OFF: Final = ("SHUTDOWN", "CRASHED")
_NO_TASK: Final = (None,)

ADVICE: Final = (
    _rule("error_never_launched", vm=("error",), task=_NO_TASK, launched=False),
    _rule("error_look_at_fault", vm=("error",), task=_NO_TASK, launched=True),
    _rule("error_guest_runs", vm=("error",), task=_NO_TASK, power=("RUNNING",)),
    _rule("reset_state_last", vm=("error",), task=_NO_TASK),
    _rule("building_without_task", vm=("building",), task=_NO_TASK),
    _rule("confirm_or_revert", vm=("resized",), task=_NO_TASK),
    _rule("leave_rescue", vm=("rescued",), task=_NO_TASK),
    _rule(
        "rescue_not_running",
        vm=("rescued",),
        task=_NO_TASK,
        power=("NOSTATE", "PAUSED", *_OFF, "SUSPENDED"),
    ),
    _rule("restore_in_time", vm=("soft-delete",), task=_NO_TASK),
    _rule("active_but_off", vm=("active",), task=_NO_TASK, power=(*_OFF, "SUSPENDED")),
    _rule("active_but_missing", vm=("active",), task=_NO_TASK, power=("NOSTATE",)),
    _rule("active_but_paused", vm=("active",), task=_NO_TASK, power=("PAUSED",)),
    _rule("stopped_but_alive", vm=("stopped",), task=_NO_TASK, power=_ALIVE),
    _rule("paused_but_running", vm=("paused",), task=_NO_TASK, power=("RUNNING", "SUSPENDED")),
    _rule("paused_but_off", vm=("paused",), task=_NO_TASK, power=(*_OFF, "NOSTATE")),
    _rule("suspended_and_off", vm=("suspended",), task=_NO_TASK, power=("SHUTDOWN",)),
    _rule(
        "suspended_but_alive",
        vm=("suspended",),
        task=_NO_TASK,
        power=("RUNNING", "PAUSED", "CRASHED", "NOSTATE"),
    ),
    _rule(
        "deleted_but_alive",
        vm=("deleted", "soft-delete"),
        task=_NO_TASK,
        power=(*_ALIVE, "CRASHED"),
    ),
    # A shelved server still has its host and its disk there, an offloaded one has neither: what saves the data of the
    # one destroys that of the other.
    _rule("shelved_but_alive", vm=("shelved",), task=_NO_TASK, power=(*_ALIVE, "CRASHED")),
    _rule(
        "offloaded_but_alive",
        vm=("shelved_offloaded",),
        task=_NO_TASK,
        power=(*_ALIVE, "CRASHED"),
    ),
    # With or without a task: these states have a way out that only they have.
    _rule("reset_state_trap", vm=("resized", "shelved", "shelved_offloaded", "soft-delete")),
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


def _tasks_from_error(catalog: Catalog) -> tuple[str, ...]:
    """Tasks that can begin on a server in error in any release: a task of its own is work in progress there."""
    return tuple(sorted({task for v in catalog.versions for task in _tasks_admitting_error(catalog.release(v))}))


def _tasks_admitting_error(release: Release) -> Iterator[str]:
    for constant in release.constants["task_state"].values():
        for operation in constant.operations:
            for action in _METHODS.get(operation, (operation,)):
                admitted = admitted_states(release, action).vm_state
                if certain_guards(release, action) and (admitted is None or "error" in admitted):
                    yield str(constant.value)

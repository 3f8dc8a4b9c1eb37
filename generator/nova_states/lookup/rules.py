"""What is normal: the judgement that turns states into a verdict.

The facts say what Nova does, this says which of it an operator should hear about. Texts are in
docs/explanations/verdict; which advice is given, docs/explanations/advice.yml says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

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
    """A verdict."""
    states: StateSet


def _rule(
    says: str,
    *,
    vm: Iterable[str] | None = None,
    task: Iterable[str | None] | None = None,
    power: Iterable[str] | None = None,
) -> Rule:
    states = StateSet(
        vm_state=None if vm is None else frozenset(vm),
        task_state=None if task is None else frozenset(task),
        power_state=None if power is None else frozenset(power),
    )
    return Rule(says=says, states=states)


def verdict_rules(releases: Sequence[Release]) -> tuple[Rule, ...]:
    """Rules of which the first that fits tells the verdict; the last fits all."""
    tasks = tuple(sorted({task for release in releases for task in release.task_states}))
    return (
        _rule("in-progress", vm=("error",), task=_tasks_from_error(releases)),
        _rule("needs-attention", vm=("error",)),
        _rule("in-progress", task=tasks),
        _rule("in-progress", vm=("building",)),
        # Nothing goes on until a user confirms or reverts.
        _rule("needs-attention", vm=("resized",)),
        *(_rule("inconsistent", vm=(vm_state,), power=_others(powers)) for vm_state, powers in NORMAL_POWER.items()),
        _rule("stable"),
    )


GENERAL_ADVICE: Final = (
    "hidden_error",
    "may_hide_error",
    "hidden_task",
    "if_stuck",
    "status_differs",
    "status_unknown",
    "task_untold",
    "unknown_value",
    "several_candidates",
    "nothing_known",
)
"""Advice that rests on more than a server's states; given by `nova_states.lookup.explainer`."""


def _others(powers: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in POWER_STATES if name not in powers)


def _tasks_from_error(releases: Iterable[Release]) -> tuple[str, ...]:
    """Tasks that can begin on a server in error in any release: a task of its own is work in progress there."""
    return tuple(sorted({task for release in releases for task in _tasks_admitting_error(release)}))


def _tasks_admitting_error(release: Release) -> Iterator[str]:
    for constant in release.constants["task_state"].values():
        for operation in constant.operations:
            for action in _METHODS.get(operation, (operation,)):
                admitted = admitted_states(release, action).vm_state
                if certain_guards(release, action) and (admitted is None or "error" in admitted):
                    yield str(constant.value)

"""What a guard lets pass, counted out: for each server by itself, and for sets of them at once."""

from __future__ import annotations

from itertools import combinations, product
from typing import Literal

import pytest

from nova_states.facts.guard_check import Refusal, ServerStates, admitted, refusal
from nova_states.facts.model import Evidence, Guard, States
from nova_states.facts.state_set import StateSet

VM_STATES = ("active", "error", "paused")
TASK_STATES = (None, "deleting")
EVERYTHING = StateSet(vm_state=frozenset(VM_STATES), task_state=frozenset(TASK_STATES))
SERVERS = tuple(product(VM_STATES, TASK_STATES))
LISTS: tuple[States, ...] = (None, ("active",), ("active", "error"), VM_STATES, ("elsewhere",))
TASK_LISTS: tuple[States, ...] = (None, (None,), ("deleting",), TASK_STATES)
MODES: tuple[Literal["allow", "reject"], ...] = ("allow", "reject")


def guard(mode: Literal["allow", "reject"], vm: States, task: States, *, launched: bool = False) -> Guard:
    return Guard(
        action="stop",
        method="compute.api.API.stop",
        mode=mode,
        vm_states=vm,
        task_states=task,
        must_have_launched=launched,
        when=None,
        conditions=(),
        evidence=Evidence(file="nova/compute/api.py", line=1, function="API.stop"),
    )


GUARDS = tuple(guard(*parts) for parts in product(MODES, LISTS, TASK_LISTS))


@pytest.mark.parametrize(
    ("mode", "vm", "task", "expected"),
    [
        ("allow", ("active",), (None,), None),
        ("allow", ("error",), (None,), Refusal(attribute="vm_state", value="active")),
        ("allow", ("active",), ("deleting",), Refusal(attribute="task_state", value=None)),
        ("allow", ("error",), ("deleting",), Refusal(attribute="vm_state", value="active")),
        ("reject", ("active",), None, Refusal(attribute="vm_state", value="active")),
        ("reject", ("error",), ("deleting",), None),
        ("reject", None, (None,), Refusal(attribute="task_state", value=None)),
        ("allow", None, None, None),
    ],
)
def test_a_refusal_names_the_first_attribute_that_does_not_fit(
    mode: Literal["allow", "reject"], vm: States, task: States, expected: Refusal | None
) -> None:
    assert refusal(guard(mode, vm, task), ServerStates(vm_state="active", task_state=None)) == expected


def test_launched_at_comes_last() -> None:
    never = ServerStates(vm_state="active", task_state=None, launched=False)
    assert refusal(guard("allow", None, None, launched=True), never) == Refusal(attribute="launched_at", value=None)
    assert refusal(guard("allow", ("error",), None, launched=True), never) == Refusal(
        attribute="vm_state", value="active"
    )
    assert refusal(guard("allow", None, None), never) is None


@pytest.mark.parametrize("start", [StateSet(), EVERYTHING], ids=["any", "each by name"])
def test_a_set_gets_past_a_guard_as_its_servers_do(start: StateSet) -> None:
    for one in GUARDS:
        passing = admitted(one, start, EVERYTHING)
        for vm_state, task_state in SERVERS:
            is_refused = refusal(one, ServerStates(vm_state=vm_state, task_state=task_state)) is not None
            assert passing.contains(vm_state, task_state, None) != is_refused


def test_any_part_of_a_set_gets_past_as_in_the_whole() -> None:
    for one, size in product(GUARDS, (1, 2)):
        for vm_states in combinations(VM_STATES, size):
            part = StateSet(vm_state=frozenset(vm_states), task_state=frozenset({None}))
            whole = admitted(one, EVERYTHING, EVERYTHING)
            passing, expected = admitted(one, part, EVERYTHING), whole.narrow(part)
            assert passing == expected or (passing.is_empty and expected.is_empty)


def test_what_a_guard_does_not_look_at_stays_any() -> None:
    assert admitted(guard("allow", None, None), StateSet(), EVERYTHING) == StateSet()
    passing = admitted(guard("allow", ("active",), None), StateSet(), EVERYTHING)
    assert passing == StateSet(vm_state=frozenset({"active"}))

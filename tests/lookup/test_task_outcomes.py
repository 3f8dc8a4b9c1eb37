from __future__ import annotations

from dataclasses import replace
from typing import Literal

from nova_states.facts.condition import Race, all_of
from nova_states.facts.model import Evidence, FromState, States, ToState, Transition
from nova_states.lookup.task_outcomes import task_steps
from tests.conditions import code, raises


def row(
    outcome: Literal["progress", "success", "failure", "recovery"],
    vm_states: States,
    end: tuple[str, str | None],
    tasks: States = ("powering-off",),
) -> Transition:
    return Transition(
        action="stop",
        actor="compute",
        start=FromState(vm_states=vm_states, task_states=tasks, power_states=None),
        end=ToState(vm_state=end[0], task_state=end[1]),
        outcome=outcome,
        condition=None,
        certainty="exact",
        expected_task_states=None,
        evidence=Evidence(file="nova/compute/manager.py", line=1, function=None),
    )


def test_ways_that_end_alike_become_one_step_success_first() -> None:
    rows = (
        replace(row("failure", ("active",), ("=", None)), condition=raises(None, "Exception")),
        replace(row("failure", ("error",), ("=", None)), condition=raises(None, "DriverError"), action="rebuild"),
        row("success", ("active",), ("stopped", None)),
    )
    told = [(step.effect, step.start.vm_states, step.what, step.condition) for step in task_steps(rows)]
    assert told == [
        ("success", ("active",), "stop", None),
        ("failure", ("active", "error"), "rebuild, stop", None),
    ]


def test_the_only_condition_is_told() -> None:
    failure = replace(
        row("failure", ("active",), ("error", None)), condition=raises(None, "Exception"), certainty="conditional"
    )
    (step,) = task_steps([failure])
    assert (step.condition, step.certainty) == ("on Exception", "conditional")


def test_what_does_not_begin_in_a_task_or_changes_nothing_is_left_out() -> None:
    rows = (
        row("progress", ("active",), ("=", "powering-off"), tasks=(None,)),
        row("progress", ("active",), ("=", "powering-off")),
        row("recovery", ("active",), ("stopped", None)),
    )
    assert list(task_steps(rows)) == []


def test_no_task_is_no_part_of_a_step() -> None:
    (step,) = task_steps([row("success", None, ("active", None), tasks=(None, "powering-on"))])
    assert step.start.task_states == ("powering-on",)
    assert step.start.vm_states is None


def test_a_delete_that_is_lost_is_no_end_of_deleting() -> None:
    rows = (
        replace(
            row("success", ("active",), ("=", None), ("deleting",)),
            condition=all_of([code("x"), Race(request="delete")]),
        ),
        row("success", ("active",), ("deleted", None), ("deleting",)),
    )
    assert [step.end for step in task_steps(rows)] == [ToState(vm_state="deleted", task_state=None)]

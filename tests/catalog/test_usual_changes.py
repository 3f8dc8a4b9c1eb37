"""Which reaction is usual, and in which states another one is in another release."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.usual_changes import _holds, usual_changes, usual_effects
from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition, Raises

FLAG = CodeTest(text="CONF.flag", holds=True)
NO_FLAG = CodeTest(text="CONF.flag", holds=False)
EQUAL = CodeTest(text="a == b", holds=True, opposite="a != b")
AGAIN = CodeTest(text="info.state == SHUTDOWN", holds=True, opposite="info.state != SHUTDOWN", about="second_answer")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (FLAG, False),
        (NO_FLAG, True),
        (EQUAL, None),
        (AGAIN, True),
        (Raises(exceptions=("Exception",)), None),
        (AllOf(conditions=(AGAIN, NO_FLAG)), True),
        (AllOf(conditions=(NO_FLAG, FLAG)), False),
        (AllOf(conditions=(NO_FLAG, EQUAL)), None),
        (AnyOf(conditions=(EQUAL, NO_FLAG)), True),
        (AnyOf(conditions=(AllOf(conditions=(EQUAL, FLAG)),), holds=False), True),
    ],
)
def test_where_no_flag_is_set(condition: Condition, *, expected: bool | None) -> None:
    assert _holds(condition) is expected


def test_a_restart_takes_up_a_reboot_again_since_2024_2() -> None:
    before, after = (load_catalog().release(version) for version in ("29.4.0", "30.3.0"))
    found = list(usual_changes(before, after, "startup"))
    assert [(one["before"], one["after"], one["task_states"]) for one in found] == [
        ("none", "clear_task", ["rebooting", "rebooting_hard"]),
        ("none", "reboot", ["rebooting", "rebooting_hard"]),
    ]
    for one in found:
        states = (one["vm_states"][0], one["task_states"][0], one["power_states"][0])
        assert usual_effects(before, "startup")[states] == one["before"]
        assert usual_effects(after, "startup")[states] == one["after"]


def test_nothing_is_told_of_the_same_release() -> None:
    release = load_catalog().release("34.0.0")
    assert not [*usual_changes(release, release, "startup"), *usual_changes(release, release, "power_sync")]

from __future__ import annotations

from generator.lookup.detours import find_detours

# The first character of a row is pause's, then resume, start, stop, suspend; "0" is allowed, "5" refused for vm_state.
DECISIONS = {
    "actions": ["hard_reboot", "pause", "resume", "start", "stop", "suspend"],
    "rows": ["005500", "055055", "050555", "555555"],
    "cells": [[0], [1], [2], [3]],
}
VM_STATES = ["active", "stopped", "suspended", "shelved"]
EDGES = frozenset(
    {
        ("active", "stop", "stopped"),
        ("active", "suspend", "suspended"),
        ("stopped", "hard_reboot", "active"),
        ("stopped", "start", "active"),
        ("suspended", "hard_reboot", "active"),
        ("suspended", "resume", "active"),
        ("shelved", "unshelve", "active"),
    }
)


def test_the_shortest_way_is_told_and_the_gentler_action() -> None:
    detours = find_detours(DECISIONS, VM_STATES, EDGES)
    assert detours["active"] == {"resume": ["suspend"], "start": ["stop"]}
    assert detours["stopped"] == {
        "pause": ["start"],
        "resume": ["start", "suspend"],
        "stop": ["start"],
        "suspend": ["start"],
    }
    assert detours["suspended"]["start"] == ["resume", "stop"]


def test_no_way_leads_through_an_action_that_is_refused() -> None:
    assert find_detours(DECISIONS, VM_STATES, EDGES)["shelved"] == {}

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.lookup.action_paths import find_action_paths, settled_changes

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


def test_the_shortest_way_is_told_over_actions_that_lose_and_undo_nothing() -> None:
    detours = find_action_paths(DECISIONS, VM_STATES, EDGES)
    # resume would need a suspend first: who wants to resume has nothing suspended.
    assert detours["active"] == {"start": ["stop"]}
    assert detours["stopped"] == {"pause": ["start"], "stop": ["start"], "suspend": ["start"]}
    assert detours["suspended"]["start"] == ["resume", "stop"]


@pytest.mark.parametrize("version", ["13.1.4", "34.0.0"])
def test_no_release_has_a_way_through_what_cannot_be_undone_or_to_what_only_undoes(version: str) -> None:
    release = load_catalog().release(version)
    ways = {action for _, action, _ in settled_changes(release)}
    assert ways == {"resume", "start", "stop", "unpause", "unrescue", "unshelve"}


def test_no_way_leads_through_an_action_that_is_refused() -> None:
    assert find_action_paths(DECISIONS, VM_STATES, EDGES)["shelved"] == {}

"""What is told of options that act on a task is what the facts of the release say."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.task_options import TASK_OPTIONS, options_of


@pytest.mark.parametrize("version", ["13.1.4", "25.3.0", "34.0.0"])
def test_every_option_of_every_task_is_there_with_its_default(version: str) -> None:
    release, table = load_catalog().release(version), load_tables(TASK_OPTIONS)
    for task in release.task_states:
        acting = [option for option in release.facts("options") if f"task_state:{task}" in option.acts_on]
        told = [f"[{one.group}] {one.name}" if one.group else one.name for one in acting]
        assert options_of(table, version, task) == [
            f"{name} = {option.default}" for name, option in zip(told, acting, strict=True)
        ]
    assert options_of(table, version, None) == []


def test_a_nova_of_ones_own_has_none_that_are_known() -> None:
    assert options_of(load_tables(TASK_OPTIONS), "unreleased", "powering-off") == []

"""Which of several rows about one combination of states is the usual one."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.reactions import is_failure, special, usual
from nova_states.facts.model import Reaction
from tests.pages.synthetic import reaction

AGAIN = "uncached_info.state"
OFF = "(power_state.SHUTDOWN, power_state.CRASHED)"


def asked_again() -> list[Reaction]:
    return [
        reaction("none", when=f"{AGAIN} not in {OFF}"),
        reaction("delete", when=f"{AGAIN} in {OFF} and instance.shutdown_terminate"),
        reaction("stop", when=f"{AGAIN} in {OFF} and not instance.shutdown_terminate"),
        reaction("none", when="compute_api.stop raises Exception"),
    ]


def test_a_server_that_is_still_off_when_asked_again_is_usual() -> None:
    found = usual(asked_again())
    assert found is not None
    assert found.effect == "stop"
    assert [row.effect for row in special(asked_again())] == ["delete"]
    assert [is_failure(row) for row in asked_again()] == [True, False, False, True]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (("a", None), None),
        (("CONF.a", "not CONF.a"), "not CONF.a"),
        ((f"{AGAIN} == power_state.SHUTDOWN and not a", "b"), f"{AGAIN} == power_state.SHUTDOWN and not a"),
    ],
)
def test_what_holds_where_nothing_special_is_set(conditions: tuple[str | None, ...], expected: str | None) -> None:
    found = usual([reaction("none", when=condition) for condition in conditions])
    assert found is not None
    assert found.condition == expected


def test_the_words_that_are_looked_for_are_those_of_the_facts() -> None:
    catalog = load_catalog()
    rows: tuple[Reaction, ...] = catalog.release(catalog.latest).facts("power_sync")
    about_it = [row for row in rows if row.condition and AGAIN in row.condition]
    assert {(row.effect, is_failure(row)) for row in about_it} == {
        ("none", True),
        ("delete", False),
        ("stop", False),
    }
    found = usual(about_it)
    assert found is not None
    assert found.effect == "stop"

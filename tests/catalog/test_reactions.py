"""Which of several rows about one combination of states is the usual one."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.reactions import is_failure, special, usual
from nova_states.facts.condition import Condition, to_text
from nova_states.facts.model import Reaction
from tests.conditions import code, raises
from tests.pages.synthetic import reaction

AGAIN = "uncached_info.state"
OFF = "(power_state.SHUTDOWN, power_state.CRASHED)"


def asked_again() -> list[Reaction]:
    return [
        reaction("none", when=code(f"{AGAIN} not in {OFF}")),
        reaction("delete", when=code(f"{AGAIN} in {OFF}", "instance.shutdown_terminate")),
        reaction("stop", when=code(f"{AGAIN} in {OFF}", "not instance.shutdown_terminate")),
        reaction("none", when=raises("compute_api.stop", "Exception")),
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
        ((code("a"), None), 1),
        ((code("CONF.a"), code("not CONF.a")), 1),
        ((code("a != b"), code("not a")), 1),
        ((code("b"), code(f"{AGAIN} == power_state.SHUTDOWN", "not a")), 1),
        ((code("b"), code(f"{AGAIN} == power_state.SHUTDOWN")), 0),
    ],
)
def test_what_holds_where_nothing_special_is_set(conditions: tuple[Condition | None, ...], expected: int) -> None:
    found = usual([reaction("none", when=condition) for condition in conditions])
    assert found is not None
    assert found.condition == conditions[expected]


def test_what_is_looked_for_is_what_the_facts_have() -> None:
    catalog = load_catalog()
    rows: tuple[Reaction, ...] = catalog.release(catalog.latest).facts("power_sync")
    about_it = [row for row in rows if AGAIN in (to_text(row.condition) or "")]
    assert {(row.effect, is_failure(row)) for row in about_it} == {
        ("none", True),
        ("delete", False),
        ("stop", False),
    }
    found = usual(about_it)
    assert found is not None
    assert found.effect == "stop"

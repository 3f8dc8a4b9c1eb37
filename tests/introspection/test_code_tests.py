from __future__ import annotations

import ast

import pytest

from nova_states.facts.condition import AnyOf, CodeTest, negated, to_text
from nova_states.introspection.code_tests import code_condition, code_test


def parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "test", "holds", "opposite"),
    [
        ("a", "a", True, None),
        ("not a", "a", False, None),
        ("not not a.b(c)", "a.b(c)", True, None),
        ("a == b", "a == b", True, "a != b"),
        ("a != b", "a == b", False, "a != b"),
        ("not a == b", "a == b", False, "a != b"),
        ("a is not None", "a is None", False, "a is not None"),
        ("a not in (B, C)", "a in (B, C)", False, "a not in (B, C)"),
        ("a >= 1", "a < 1", False, "a >= 1"),
        ("a <= 1", "a > 1", False, "a <= 1"),
        ("a and b", "a and b", True, "not (a and b)"),
        ("not (a or b)", "a or b", False, "not (a or b)"),
        ("a < b < c", "a < b < c", True, None),
    ],
)
def test_a_test_and_its_opposite_are_one_with_two_outcomes(
    text: str,
    test: str,
    holds: bool,  # noqa: FBT001 - a column of the table
    opposite: str | None,
) -> None:
    found = code_test(parsed(text))
    assert found == CodeTest(text=test, holds=holds, opposite=opposite)
    assert code_test(parsed(f"not ({text})")) == CodeTest(text=test, holds=not holds, opposite=opposite)


def test_the_parts_of_an_or_are_alternatives() -> None:
    condition = code_condition(parsed("a or b != c or not (d or e)"))
    assert isinstance(condition, AnyOf)
    assert [to_text(one) for one in condition.conditions] == ["a", "b != c", "not (d or e)"]
    assert code_condition(parsed("not (a or b != c or not (d or e))")) == negated(condition)
    assert code_condition(parsed("a and (b or c)")) == code_test(parsed("a and (b or c)"))


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("CONF.x.y > 0", "configuration"),
        ("cfg.CONF.x", "configuration"),
        ("a and not CONF.x", "configuration"),
        ("uncached_info.state == OFF", "second_answer"),
        ("CONFIG.x", None),
        ("self.conf.x == CONF", None),
        ("uncached_info is None", None),
    ],
)
def test_what_a_test_is_about_is_seen_in_its_code(text: str, about: str | None) -> None:
    assert code_test(parsed(text)).about == about


@pytest.mark.parametrize(
    ("text", "plain"),
    [("a.b == c[d]", True), ("a < 15", True), ("a()", False), ("a == 'b'", False), ("a in (B, C)", False)],
)
def test_names_and_numbers_are_plain(text: str, plain: bool) -> None:  # noqa: FBT001 - a column of the table
    assert code_test(parsed(text)).plain is plain

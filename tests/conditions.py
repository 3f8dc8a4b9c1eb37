"""Conditions for tests, written as the code that they are about."""

from __future__ import annotations

import ast

from nova_states.facts.condition import Condition, Raises, all_of
from nova_states.introspection.code_tests import code_condition


def code(*tests: str) -> Condition:
    """One test of Nova's code, or several that hold together."""
    condition = all_of(code_condition(ast.parse(test, mode="eval").body) for test in tests)
    assert condition is not None
    return condition


def raises(by: str | None, *exceptions: str) -> Raises:
    return Raises(exceptions=exceptions, by=by)

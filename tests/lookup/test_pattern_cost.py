"""What a pattern costs: no text that somebody pastes makes one search for ever."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from nova_states.lookup import reading
from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.table_cache import load_tables

REPEATED = (
    "a", "a.", "a ", "a-", "a_", "a:", "a,", "a=b ", "a|", "0", "1.", " ", "|", "| a ", "-", "_", "A", "(a", "{a", '"a',
    "'a' ", "x/", "가", "가 ", "server ", "the server is ", "서버 ", "ERROR ", "openstack server show --",
)  # fmt: skip
LONG = 2000
PATIENCE = 5
"""Seconds for what takes a hundredth of one; a pattern that splits a text in all ways takes days."""


def patterns(table: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every text of a table that may be a pattern."""
    if isinstance(table, str):
        if len(table) > 12 and re.search(r"[\\\[(]", table):
            yield table
    else:
        for value in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
            yield from patterns(value)


def patterns_of_code() -> Iterator[re.Pattern[str]]:
    """Every pattern that a module of the readers has made for itself."""
    for module in iter_modules(reading.__path__):
        for value in vars(import_module(f"{reading.__name__}.{module.name}")).values():
            if isinstance(value, re.Pattern):
                yield value


def test_no_pattern_searches_for_ever() -> None:
    def give_up(*_: object) -> None:
        pytest.fail(f"{compiled.pattern} searches for ever in {repeated!r}")

    found = sorted({*patterns(load_tables("ko")["grammar"]), *patterns(load_tables("messages")["causes"])})
    own = sorted(set(patterns_of_code()), key=lambda one: one.pattern)
    assert len(found) > 200
    assert len(own) > 50
    before = signal.signal(signal.SIGALRM, give_up)
    try:
        for compiled in (*map(compile_pattern, found), *own):
            for repeated in REPEATED:
                signal.setitimer(signal.ITIMER_REAL, PATIENCE)
                compiled.search((repeated * LONG)[:LONG] + "\0")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

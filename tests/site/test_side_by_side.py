"""What several processes make is what one would make, in the same order and with the same errors."""

from __future__ import annotations

import os
import threading

import pytest

from nova_states.errors import CheckError
from nova_states.site.side_by_side import side_by_side


def test_the_order_is_kept_and_what_was_read_is_found() -> None:
    read = {number: f"말 {number}" for number in range(1000)}
    assert side_by_side(lambda number: read[number], range(1000)) == list(read.values())
    assert side_by_side(lambda number: read[number], []) == []


def test_there_are_as_many_processes_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    made_by = set(side_by_side(lambda _: os.getpid(), range(1000)))
    assert os.getpid() not in made_by
    assert len(made_by) in {1, 2}  # a busy machine may let the first do all


def test_where_there_are_threads_this_process_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert set(side_by_side(lambda _: os.getpid(), range(1000))) == {os.getpid()}


def test_what_is_wrong_is_told_as_if_there_were_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)

    def fail(number: int) -> int:
        if number == 400:
            raise CheckError(("docs/a.md:1: wrong", "docs/b.md:2: wrong"))
        return number

    with pytest.raises(CheckError) as caught:
        side_by_side(fail, range(1000))
    assert caught.value.problems == ("docs/a.md:1: wrong", "docs/b.md:2: wrong")

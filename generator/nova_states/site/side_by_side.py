"""Work that many things want alike, done by as many processes as there are processors.

The processes are forks: they find all that was read before they began, and only what they return is sent. Where a
process cannot be forked, or should not be because it has threads, the work is done in this one.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_SHARE: Final = 32
"""So many times a process asks for more: neighbours are alike, and the last to end waits for nobody long."""

_inherited: Callable[[int], Any] = lambda number: number  # noqa: E731 - what a fork finds here takes its place


def side_by_side(make: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """What `make` returns for each of `things`, in their order.

    Args:
        make: Depends on what it is given and on what was read before; what else it changes is lost.
        things: Need not be sent to another process; what is made of them is.

    Raises:
        Exception: what `make` raised for the first that it raised for.
    """
    processors = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, len(things))
    if processors <= 1 or threading.active_count() > 1 or "fork" not in multiprocessing.get_all_start_methods():
        return [make(one) for one in things]
    global _inherited  # noqa: PLW0603 - the way into a fork that sends nothing
    _inherited = lambda number: make(things[number])  # noqa: E731
    share = max(1, len(things) // (processors * _SHARE))
    with ProcessPoolExecutor(processors, multiprocessing.get_context("fork")) as pool:
        return list(pool.map(_do, range(len(things)), chunksize=share))


def _do(number: int) -> Any:  # noqa: ANN401 - whatever is made
    return _inherited(number)

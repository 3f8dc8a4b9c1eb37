"""A progress bar where something takes long and somebody sees it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def track(items: Iterable[T], title: str, total: int) -> Iterator[T]:
    """The items, with a bar on standard error where that is a terminal."""
    if not sys.stderr or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm  # noqa: PLC0415 - only what takes long pays for it

    yield from tqdm(items, desc=title, total=total, leave=False)


@contextmanager
def counting(title: str) -> Iterator[Callable[[int], object]]:
    """A count on standard error where that is a terminal, of something whose end nobody knows; told how many more."""
    if not sys.stderr or not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - as above

    with tqdm(desc=title, leave=False) as bar:
        yield bar.update

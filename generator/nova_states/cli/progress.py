"""A progress bar where something takes long and somebody sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def track(items: Iterable[T], title: str, total: int) -> Iterator[T]:
    """The items, with a bar on standard error where that is a terminal."""
    if not sys.stderr or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm  # noqa: PLC0415 - only what takes long pays for it

    yield from tqdm(items, desc=title, total=total, leave=False)

"""Things worked out once under a key, typed by what makes them: the one cache that many answers share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(kw_only=True)
class Memo:
    """What was made, by key. A key belongs to one sort of value: its first part says which."""

    _made: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returned when it was first called for `key`.

        Args:
            key: Everything that `make` depends on.
            make: Works the value out.
        """
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

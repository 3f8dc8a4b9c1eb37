"""The words a pasted text may use for states and actions, with the nearest known ones for a word nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

_FAR: Final = 40
"""No known word is this long: what is longer is near to none."""
_NEAREST: Final = 3


@dataclass(kw_only=True)
class Vocabulary:
    """All words of all releases, from the compiled tables."""

    tables: Mapping[str, Any]
    messages_table: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(
        default_factory=lambda: {"errors": [], "entries": [], "keys": {}}
    )
    """Nova's messages (`nova_states.lookup.message_patterns`); without them none is recognised but the 409s."""

    @cached_property
    def vm_states(self) -> dict[str, str]:
        """Folded word → vm_state."""
        return {fold(word): word for states in self.tables["states"] for word in states["vm_state"]}

    @cached_property
    def task_states(self) -> dict[str, str]:
        """Folded word → task_state."""
        return {fold(word): word for states in self.tables["states"] for word in states["task_state"]}

    @cached_property
    def states(self) -> frozenset[str]:
        """Folded words of vm_states and task_states."""
        return frozenset((*self.vm_states, *self.task_states))

    @cached_property
    def power_states(self) -> dict[str, int]:
        """Folded constant or label → number."""
        return {
            fold(word): number
            for states in self.tables["states"]
            for number, name, label in states["power_state"]
            for word in (label, name)
            if word
        }

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Folded word → API status."""
        return {fold(word): word for table in self.tables["statuses"] for word in table["rows"]}

    @cached_property
    def actions(self) -> dict[str, list[str]]:
        """Name of an action, of REST or of Nova, folded by `fold_action` → ids."""
        return actions_by_name(self.tables["names"])

    @cached_property
    def releases(self) -> frozenset[str]:
        """Names of all series, also of those that no facts tell of."""
        return frozenset((*(name for *names, _ in self.tables["series"] for name in names), *self.tables["older"]))

    @cached_property
    def messages(self) -> list[tuple[re.Pattern[str], list[str]]]:
        """Patterns of a 409, with the names of their groups."""
        return [(re.compile(pattern, re.ASCII | re.IGNORECASE), names) for pattern, names in self.tables["messages"]]

    def nearest(self, text: str) -> tuple[str, ...]:
        """Known words that are spelled almost like a text."""
        words = (*self.statuses.values(), *self.vm_states.values(), *self.task_states.values())
        return nearest(text, dict.fromkeys(words))


def fold(word: str) -> str:
    """A word without regard to case, and to which of hyphen, underscore and space joins its parts."""
    return re.sub(r"[ _]", "-", word.strip().lower())


def actions_by_name(names: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Folded name of an action → ids of those that it may mean.

    Args:
        names: Id → the folded names that it has beside its own.
    """
    found: dict[str, list[str]] = {}
    for action, others in sorted(names.items()):
        for name in (fold_action(action), *others):
            found.setdefault(name, []).append(action)
    return found


def fold_action(word: str) -> str:
    """An action's name without regard to case, and to what joins its parts: "addFixedIp", "add fixed ip"."""
    return fold(word).replace("-", "")


def nearest(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words that take the fewest edits, at most half of the text's length; best first."""
    sought = "" if len(text) > _FAR else fold(text)
    if not sought:
        return ()
    scored = [(distance(sought, fold(word)), place, word) for place, word in enumerate(words)]
    limit = max(1, len(sought) // 2)
    return tuple(word for edits, _, word in sorted(scored) if edits <= limit)[:_NEAREST]


def distance(left: str, right: str) -> int:
    """How many letters must be put in, taken out or exchanged to make one word of the other (Levenshtein)."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]

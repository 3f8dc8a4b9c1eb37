"""What differs between two versions, or between a version and a patched tree: facts that one has and the other not.

Evidence does not count: the same fact on another line is the same fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nova_states.catalog.export import EXPORTS
from nova_states.catalog.release import Release
from nova_states.facts.codec import canonical
from nova_states.facts.ids import row_name
from nova_states.facts.json_value import Json

NOT_COMPARED = ("counts", "gaps")
"""Parts of `export_release` that say nothing of Nova itself."""
_CONDITIONS = ("condition", "condition_tree", "when", "when_tree")
PLACES = ("evidence", "raised")
"""Fields that only say where something stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One fact that only one of the two has, or a named value that differs."""

    kind: str
    """Part of `export_release`, "guards"."""
    name: str
    """What it is about: an action, a constant, a status cell."""
    before: Any
    """What the first has, as JSON; None: nothing."""
    after: Any
    is_unread: bool = False
    """Whether the side that has less of it has places of this kind that were not read: it need not lack it."""


_KINDS_OF = {
    "actions": ("actions", "host_checks"),
    "power_state_labels": ("states",),
    "task_state_operations": ("states",),
    "fallback_status": ("statuses",),
    "host_status": ("host_statuses",),
    "max_microversion": ("microversions",),
    "errors": ("errors", "raise_sites", "fault_causes", "refusals", "translations"),
}


def kinds_of(part: str) -> tuple[str, ...]:
    """The kinds of facts that a part of `export_release` is made of; the first has a fact for each of its rows."""
    return _KINDS_OF.get(part, (part,))


def compare(
    before: Release,
    after: Release,
    kinds: Sequence[str] = (),
    is_unread_in: Callable[[Release, str], bool] = lambda release, kind: kind in release.gaps,
) -> tuple[Difference, ...]:
    """All differences, in the order of kinds and names; only those of `kinds` where given.

    Args:
        before: One release, or a patched tree.
        after: The other.
        kinds: Parts of `export_release` to compare; none: all but gaps and counts.
        is_unread_in: Whether a release has places of a kind that should have been read and were not.

    Returns:
        What only one of the two has, or what has another value in each; evidence does not count.
    """
    found: list[Difference] = []
    for kind in kinds or [kind for kind in EXPORTS if kind not in NOT_COMPARED]:
        left, right = parts_of(before, kind), parts_of(after, kind)
        for name in sorted({*left, *right}):
            one, other = left.get(name), right.get(name)
            if one != other:
                lacking = [*([before] if _lacks(one, other) else []), *([after] if _lacks(other, one) else [])]
                is_unread = any(is_unread_in(release, fact) for release in lacking for fact in kinds_of(kind))
                found.append(Difference(kind=kind, name=name, before=one, after=other, is_unread=is_unread))
    return tuple(found)


def _lacks(one: Json, other: Json) -> bool:
    """Whether one side has nothing, or a list without something that is in the other's."""
    if isinstance(one, list) and isinstance(other, list):
        return any(item not in one for item in other)
    return one is None


def parts_of(release: Release, kind: str) -> dict[str, Any]:
    """A kind's facts by name, without evidence; remembered with the release, as each is compared with two others."""
    return release.memo.once(("parts", kind), lambda: dict(_named(EXPORTS[kind](release))))


def _named(value: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """The parts of a kind under names of their own, evidence taken out."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        rows: dict[str, list[Json]] = {}
        for row in value:
            plain = without_places(row)
            rows.setdefault(name_of(plain), []).append(plain)
        for name, group in rows.items():
            yield name, sorted(group, key=canonical)
    else:
        yield prefix, value


def name_of(row: Json) -> str:
    """What a row is about; where no field names it, what it says without its condition."""
    if not isinstance(row, dict):
        return canonical(row)
    said = (canonical(value) for key, value in row.items() if key not in _CONDITIONS)
    return row_name({key: value for key, value in row.items() if value is not None}) or " ".join(said)


def without_places(value: Json) -> Json:
    """A row without the fields that only say where something stands, at any depth."""
    if isinstance(value, dict):
        return {key: without_places(item) for key, item in value.items() if key not in PLACES}
    return [without_places(item) for item in value] if isinstance(value, list) else value

"""What changed of what people are answered and find recorded: refusals, errors, lines of logs, events, migrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nova_states.catalog.comparison import PLACES, Difference
from nova_states.catalog.ways import Told


def delta_of(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """What went and what came, with their signs."""
    before, after = list(old), list(new)
    return [f"−{item}" for item in before if item not in after] + [f"+{item}" for item in after if item not in before]


def came_or_went(difference: Difference) -> Iterator[Told]:
    """Whether only one side has it."""
    if difference.before is None:
        yield "new", {}
    elif difference.after is None:
        yield "removed", {}


def changes_of_refusals(difference: Difference) -> Iterator[Told]:
    """Errors and texts that an action is refused with, by code; or that it is in other cases."""
    old, new = difference.before or [], difference.after or []
    delta: list[str] = []
    for code in sorted({row["code"] for row in (*old, *new)}, key=str):
        sides = [[row for row in rows if row["code"] == code] for rows in (old, new)]
        for word, of in (("errors", _errors_of), ("text", _texts_of)):
            if found := delta_of(*(sorted({item for row in side for item in of(row)}) for side in sides)):
                delta += found
                yield word, {"code": code, "delta": found}
    if not delta:
        yield "cases", {}


def _errors_of(row: Mapping[str, Any]) -> list[str]:
    return list(row["errors"])


def _texts_of(row: Mapping[str, Any]) -> list[str]:
    return [row["text"]] if row["text"] else []


def changes_of_errors(difference: Difference) -> Iterator[Told]:
    """Whether there is an error, its code and text, and whose fault it is; who is refused by it says the action."""
    yield from came_or_went(difference)
    for old, new in zip(difference.before or [], difference.after or [], strict=False):
        yield from _fields(old, new, ("code", "pattern"))
        if delta := delta_of(old["faults_of"], new["faults_of"]):
            yield "faults", {"delta": delta}
        if old["pattern"] == new["pattern"] and old["translations"] != new["translations"]:
            yield "translations", {}
        if rest_of_error(old) != rest_of_error(new):
            yield "other", {}


def rest_of_error(row: Mapping[str, Any]) -> dict[str, Any]:
    """What says little of an error to who meets it."""
    told = ("code", "pattern", "faults_of", "translations", "http", *PLACES)
    return {field: value for field, value in row.items() if field not in told}


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], fields: Iterable[str]) -> Iterator[Told]:
    for field in fields:
        if old[field] != new[field]:
            yield "field", {"field": field, "before": old[field], "after": new[field]}


def changes_of_log_messages(difference: Difference) -> Iterator[Told]:
    """Whether there is a line, and what stands at its head; a line that several places write has no one level."""
    yield from came_or_went(difference)
    old, new = difference.before or [], difference.after or []
    if not old or not new:
        return
    told = list(_fields(old[0], new[0], ("level",))) if len(old) == len(new) == 1 else []
    yield from told or [("other", {})]


def changes_of_migration_statuses(difference: Difference) -> Iterator[Told]:
    """Whether there is a status, for which migrations, and who looks for it."""
    yield from came_or_went(difference)
    for old, new in zip(difference.before or [], difference.after or [], strict=False):
        yield from _fields(old, new, ("in_progress",))
        for word, field in (("types", "types"), ("wanted", "wanted_by")):
            if delta := delta_of(old[field], new[field]):
                yield word, {"delta": delta}
        if old["written"] != new["written"]:
            yield "written", {}


def changes_of_events(difference: Difference) -> Iterator[Told]:
    """Whether an action has events, and which."""
    yield from came_or_went(difference)
    if difference.before is not None and difference.after is not None:
        delta = delta_of(*([row["name"] for row in side] for side in (difference.before, difference.after)))
        yield ("events", {"delta": delta}) if delta else ("other", {})

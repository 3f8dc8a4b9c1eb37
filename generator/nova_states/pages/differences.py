"""Says what changed between two releases in a few words: only what came, went or turned into something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nova_states.catalog.comparison import Difference
from nova_states.catalog.serialisation import ANY
from nova_states.facts.condition import to_text
from nova_states.facts.condition_codec import condition_from_plain
from nova_states.facts.json_value import Json
from nova_states.facts.model import Group
from nova_states.pages.writer import Writer


def describe(page: Writer, difference: Difference) -> str:
    """A difference in the page's language, identifiers in backticks; empty where only the code is written otherwise."""
    before, after = difference.before, difference.after
    if difference.kind == "guards":
        return "; ".join(_guards(page, before or [], after or []))
    if difference.kind == "actions":
        return page.words("new" if before is None else "removed" if after is None else "request_changed")
    if isinstance(before, list) and isinstance(after, list):
        return _delta(before, after)
    if difference.kind == "groups":
        return f"{_group(page, before)} → {_group(page, after)}"
    return f"{_value(page, before)} → {_value(page, after)}"


def _guards(page: Writer, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """Guards are told apart by mode and condition: a changed one by what changed, others whole.

    A condition is what it says: one that only the code writes otherwise, or another method checks, is the same.
    """
    old, new = ({(g["mode"], _when(page, g), g["method"]): g for g in guards} for guards in (before, after))
    gone = {key: _guard(page, guard) for key, guard in old.items() if key not in new}
    come = {key: _guard(page, guard) for key, guard in new.items() if key not in old}
    moved = set(gone.values()) & set(come.values())
    for key in {**old, **new}:
        if gone.get(key) in moved or come.get(key) in moved:
            continue
        if key in gone:
            yield f"{page.words('removed')}: {gone[key]}"
        elif key in come:
            yield f"{page.words('new')}: {come[key]}"
        elif changed := ", ".join(_fields(page, old[key], new[key])):
            yield changed


def _fields(page: Writer, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for field, name in (("vm_states", "vm_state"), ("task_states", "task_state")):
        if old[field] != new[field]:
            if ANY in (old[field], new[field]):
                yield f"{name} {_states(page, old[field])} → {_states(page, new[field])}"
            else:
                yield f"{name} {_delta(old[field], new[field])}"
    if old["must_have_launched"] != new["must_have_launched"]:
        yield page.words("launched" if new["must_have_launched"] else "launched_any")
    if old["conditions"] != new["conditions"]:
        yield f"{page.words('conditions')} {_delta(old['conditions'], new['conditions'])}"


def _guard(page: Writer, guard: dict[str, Any]) -> str:
    """A whole guard: what it takes or refuses, and its condition."""
    text = ", ".join(f"{f.removesuffix('s')} {_states(page, guard[f])}" for f in ("vm_states", "task_states"))
    if guard["mode"] == "reject":
        text = f"{page.words('rejects')}: {text}"
    when = _when(page, guard)
    return f"{text} ({when})" if when else text


def _when(page: Writer, guard: dict[str, Any]) -> str:
    """A guard's condition in words; empty where it has none."""
    tree = guard["when_tree"]
    return page.said(None if tree is None else condition_from_plain(tree), guard["action"])


def _states(page: Writer, states: list[str | None] | str) -> str:
    return page.words("any") if isinstance(states, str) else " ".join(f"`{state}`" for state in states)


def _delta(old: list[Any], new: list[Any]) -> str:
    """What came and what went; the new order where nothing did."""
    signs = [f"−`{item}`" for item in old if item not in new] + [f"+`{item}`" for item in new if item not in old]
    return " ".join(signs) or " ".join(f"`{item}`" for item in new)


def _group(page: Writer, value: Json) -> str:
    """A group's states, or in words the condition that it is instead."""
    for fact in page.catalog.snapshots.rows("groups").values():
        if isinstance(fact, Group) and fact.condition is not None and to_text(fact.condition) == value:
            return page.said(fact.condition, "groups")
    return _value(page, value)


def _value(page: Writer, value: Json) -> str:
    if value is None:
        return page.words("nothing")
    if isinstance(value, list):
        return " ".join(f"`{item}`" for item in value)
    return f"`{value}`"

"""Says what changed between two releases in a few words: only what came, went or turned into something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nova_states.catalog.comparison import Difference
from nova_states.catalog.serialisation import ANY
from nova_states.facts.json_value import Json
from nova_states.pages.writer import Writer


def describe(page: Writer, difference: Difference) -> str:
    """A difference in the page's language, identifiers in backticks."""
    before, after = difference.before, difference.after
    if difference.kind == "guards":
        return "; ".join(_guards(page, before or [], after or []))
    if difference.kind == "actions":
        return page.words("new" if before is None else "removed" if after is None else "request_changed")
    if isinstance(before, list) and isinstance(after, list):
        return _delta(before, after)
    return f"{_value(page, before)} → {_value(page, after)}"


def _guards(page: Writer, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """Guards are told apart by mode and condition: a changed one by what changed, others whole."""
    old, new = ({(g["mode"], g["when"], g["method"]): g for g in guards} for guards in (before, after))
    for key in {**old, **new}:
        if key not in new:
            yield f"{page.words('removed')}: {_guard(page, old[key])}"
        elif key not in old:
            yield f"{page.words('new')}: {_guard(page, new[key])}"
        elif old[key] != new[key]:
            yield ", ".join(_fields(page, old[key], new[key]))


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
    return f"{text} ({page.words('when')}: `{guard['when']}`)" if guard["when"] else text


def _states(page: Writer, states: list[str | None] | str) -> str:
    return page.words("any") if isinstance(states, str) else " ".join(f"`{state}`" for state in states)


def _delta(old: list[Any], new: list[Any]) -> str:
    """What came and what went; the new order where nothing did."""
    signs = [f"−`{item}`" for item in old if item not in new] + [f"+`{item}`" for item in new if item not in old]
    return " ".join(signs) or " ".join(f"`{item}`" for item in new)


def _value(page: Writer, value: Json) -> str:
    if value is None:
        return page.words("nothing")
    if isinstance(value, list):
        return " ".join(f"`{item}`" for item in value)
    return f"`{value}`"

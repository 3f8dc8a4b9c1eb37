"""What changed between two releases as an operator notices it: by area, what is allowed or refused first.

`nova_states.catalog.comparison` tells which facts differ; here each becomes changes that words can be said of
(`nova_states.catalog.change_wording`). Rows that only their conditions or starting states tell apart are one change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.comparison import Difference, compare
from nova_states.catalog.release import Release
from nova_states.facts.codec import canonical
from nova_states.facts.releases import series_of

AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "allowed": ("actions", "guards", "host_checks"),
    "statuses": ("states", "statuses", "fallback_status", "host_status", "max_microversion"),
    "options": ("options",),
    "by_itself": ("power_sync", "startup"),
    "refusals": ("refusals", "messages", "errors"),
    "steps": ("transitions",),
}
"""Area → the kinds of its facts, in the order in which an operator notices them; all other kinds are "rest"."""
REST: Final = "rest"
_OF_ACTIONS: Final = ("guards", "host_checks", "refusals")
"""Kinds of facts that end with their action: that it is gone says all, and "no longer refused" the contrary."""

Value: TypeAlias = Any
_Said: TypeAlias = tuple[str, dict[str, Value]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that is otherwise, to be said in one line."""

    area: str
    """Of `AREAS`, or "rest"."""
    kind: str
    subject: str
    """What it is about: an action, an option, a status cell."""
    word: str
    """Which words say it (change_words.toml, "change")."""
    values: Mapping[str, Value]
    """What is filled into the words, as JSON."""
    is_unread: bool = False
    """Whether the side that has less of it was not read in full: it need not lack it."""
    backported_to: str | None = None
    """The first later point release of the older one's series that has the change as well."""


def changes_between(
    before: Release,
    after: Release,
    is_unread_in: Callable[[Release, str], bool],
    later: Iterable[Release] = (),
    differences: Iterable[Difference] | None = None,
) -> tuple[Change, ...]:
    """What changed, what is noticed first first.

    Args:
        before: One release, or a tree.
        after: The other.
        is_unread_in: As `compare` wants it.
        later: The later point releases of the older one's series, the oldest first, without the newer one.
        differences: What `compare` finds of the two, where it was asked before.
    """
    if differences is None:
        differences = compare(before, after, is_unread_in=is_unread_in)
    found = _changes(differences)
    first: dict[str, str] = {}
    for release in later:
        for change in _changes(compare(before, release, is_unread_in=is_unread_in)):
            if not change.is_unread:
                first.setdefault(_key(change), release.version)
    return tuple(replace(change, backported_to=first.get(_key(change))) for change in found)


def later_point_releases(catalog: Catalog, before: Release, after: Release) -> Iterator[Release]:
    """Those of the older one's series that may have what the newer one has; none for two of one series, or a folder."""
    versions = catalog.all_versions
    if before.version not in versions:
        return
    series = series_of(before.version)
    if series.has(after.version):
        return
    later = versions[versions.index(before.version) + 1 :]
    if after.version in versions and after.version not in later:
        return
    yield from (catalog.release(version) for version in later if series.has(version))


def _changes(differences: Iterable[Difference]) -> list[Change]:
    area_of = {kind: area for area, kinds in AREAS.items() for kind in kinds}
    found: list[Change] = []
    told = list(differences)
    gone = {one.name for one in told if one.kind == "actions" and one.after is None}
    for difference in told:
        if difference.kind in _OF_ACTIONS and difference.name in gone:
            continue
        for word, values in _SAID.get(difference.kind, _other)(difference):
            found.append(
                Change(
                    area=area_of.get(difference.kind, REST),
                    kind=difference.kind,
                    subject=difference.name,
                    word=word,
                    values=values,
                    is_unread=difference.is_unread,
                )
            )
    areas, kinds = [*AREAS, REST], list(area_of)
    places = {kind: place for place, kind in enumerate(kinds)}
    return sorted(found, key=lambda one: (areas.index(one.area), places.get(one.kind, len(kinds))))


def _key(change: Change) -> str:
    return canonical([change.kind, change.subject, change.word, dict(change.values)])


def _delta(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """What went and what came, with their signs."""
    before, after = list(old), list(new)
    return [f"−{item}" for item in before if item not in after] + [f"+{item}" for item in after if item not in before]


def _came_or_went(difference: Difference) -> Iterator[_Said]:
    if difference.before is None:
        yield "new", {}
    elif difference.after is None:
        yield "removed", {}


def _other(difference: Difference) -> Iterator[_Said]:
    old, new = difference.before, difference.after
    if old is None or new is None:
        yield from _came_or_went(difference)
    elif isinstance(old, list) and isinstance(new, list):
        yield "other", {}
    else:
        yield "value", {"before": old, "after": new}


def _groups(difference: Difference) -> Iterator[_Said]:
    """That a group has other members; some are told by a condition, which is code."""
    yield from _came_or_went(difference)
    if difference.before is not None and difference.after is not None:
        yield "other", {}


def _value(difference: Difference) -> Iterator[_Said]:
    """One value, a list of words, or nothing."""
    yield "value", {"before": difference.before, "after": difference.after}


def _actions(difference: Difference) -> Iterator[_Said]:
    """Whether there is an action and how it is asked for; its checks are those of its guards."""
    yield from _came_or_went(difference)
    if difference.before is None or difference.after is None:
        return
    old, new = (
        [request_of(one) for row in rows for one in row["endpoints"]] for rows in (difference.before, difference.after)
    )
    if delta := _delta(old, new):
        yield "requests", {"delta": delta}


def request_of(endpoint: Mapping[str, Any]) -> str:
    """A request as one line: verb, path, key of the body, microversions."""
    span = "…".join(endpoint[f"{end}_microversion"] or "" for end in ("min", "max")).strip("…")
    words = (endpoint["verb"], endpoint["path"], endpoint["body_key"], f"({span})" if span else None)
    return " ".join(word for word in words if word)


def _guards(difference: Difference) -> Iterator[_Said]:
    old, new = (
        {(g["mode"], g["when"], g["method"]): g for g in side or []} for side in (difference.before, difference.after)
    )
    for key in (key for key in old if key in new):
        yield from _guard(old[key], new[key])
    gone, come = ([_checked(one[key]) for key in one if key not in other] for one, other in ((old, new), (new, old)))
    for row in {canonical(row): row for row in (*gone, *come)}.values():
        word = "accepts" if row["mode"] == "allow" else "rejects"
        states = {field: row[field] for field in ("vm_states", "task_states")}
        if row in gone and row in come:
            yield f"{word}_case", states
        else:
            yield f"{word}_{'new' if row in come else 'gone'}", {**states, "in_a_case": row["in_a_case"]}


def _checked(guard: Mapping[str, Any]) -> dict[str, Any]:
    """What a guard looks at, without the condition under which it does."""
    states = {field: guard[field] for field in ("mode", "vm_states", "task_states")}
    return {**states, "in_a_case": guard["when"] is not None}


def _guard(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Said]:
    for field in ("vm_states", "task_states"):
        if old[field] != new[field]:
            yield "field", {"field": field.removesuffix("s"), "before": old[field], "after": new[field]}
    if old["must_have_launched"] != new["must_have_launched"]:
        yield "launched" if new["must_have_launched"] else "launched_any", {}
    if delta := _delta(old["conditions"], new["conditions"]):
        yield "checks", {"delta": delta}


def _host_checks(difference: Difference) -> Iterator[_Said]:
    old, new = difference.before or [], difference.after or []
    for word, rows, others in (("host_gone", old, new), ("host_new", new, old)):
        for row in rows:
            if row not in others:
                values = {key: row[key] for key in ("host", "must_be", "exception")}
                yield word, {**values, "in_a_case": row["when"] is not None}


def _options(difference: Difference) -> Iterator[_Said]:
    if difference.before is None:
        for row in difference.after:
            yield "option_new", {"default": row["default"]}
        return
    yield from _came_or_went(difference)
    for old, new in zip(difference.before, difference.after or [], strict=False):
        for field in ("default", "choices", "minimum", "maximum", "mutable", "acts_on"):
            if old[field] != new[field]:
                yield "field", {"field": field, "before": old[field], "after": new[field]}


def _refusals(difference: Difference) -> Iterator[_Said]:
    old, new = difference.before or [], difference.after or []
    delta: list[str] = []
    for code in sorted({row["code"] for row in (*old, *new)}, key=str):
        sides = [[row for row in rows if row["code"] == code] for rows in (old, new)]
        for word, of in (("errors", _errors_of), ("text", _texts_of)):
            if found := _delta(*(sorted({item for row in side for item in of(row)}) for side in sides)):
                delta += found
                yield word, {"code": code, "delta": found}
    if not delta:
        yield "conditions", {}


def _errors_of(row: Mapping[str, Any]) -> list[str]:
    return list(row["errors"])


def _texts_of(row: Mapping[str, Any]) -> list[str]:
    return [row["text"]] if row["text"] else []


def _errors(difference: Difference) -> Iterator[_Said]:
    """Whether there is an error, and the code and text it has; which actions end in it says the action."""
    yield from _came_or_went(difference)
    for old, new in zip(difference.before or [], difference.after or [], strict=False):
        told = [field for field in ("code", "pattern") if old[field] != new[field]]
        for field in told:
            yield "field", {"field": field, "before": old[field], "after": new[field]}
        if not told:
            yield "other", {}


def _ways(difference: Difference) -> Iterator[_Said]:
    """Steps and reactions by what they do; if that is the same only what leads to them is otherwise."""
    old, new = (
        {canonical(way): way for way in map(way_of, side or [])} for side in (difference.before, difference.after)
    )
    for word, ways, others in (("way_gone", old, new), ("way_new", new, old)):
        for key in sorted(ways.keys() - others.keys()):
            yield word, {"row": ways[key]}
    whole = [sorted(map(canonical, side or [])) for side in (difference.before, difference.after)]
    if old.keys() & new.keys() and whole[0] != whole[1]:
        yield "conditions", {}


def way_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is done, in words of the facts, whatever leads to it."""
    return {key: row[key] for key in ("actor", "outcome", "effect", "to") if key in row}


_SAID: Final[Mapping[str, Callable[[Difference], Iterator[_Said]]]] = {
    "groups": _groups,
    "actions": _actions,
    "guards": _guards,
    "host_checks": _host_checks,
    "states": _value,
    "statuses": _value,
    "fallback_status": _value,
    "max_microversion": _value,
    "options": _options,
    "power_sync": _ways,
    "startup": _ways,
    "refusals": _refusals,
    "errors": _errors,
    "transitions": _ways,
}
"""Kind → how its differences become changes; of others is said that they came, went or have other details."""

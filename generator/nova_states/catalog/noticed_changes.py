"""What changed between two releases as an operator notices it: by area, what is allowed or refused first.

`nova_states.catalog.comparison` tells which facts differ; here each becomes changes that words can be said of
(`nova_states.catalog.change_wording`). Steps and reactions are told by the states and conditions that came and went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.comparison import Difference, compare
from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.record_changes import (
    came_or_went,
    changes_of_errors,
    changes_of_events,
    changes_of_log_messages,
    changes_of_migration_statuses,
    changes_of_refusals,
    delta_of,
)
from nova_states.catalog.release import Release
from nova_states.catalog.usual_changes import usual_changes
from nova_states.catalog.ways import Cases, Say, Told, said_as_code, way_changes
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
WAYS: Final = ("transitions", *REACTION_KINDS)
"""Kinds of facts that tell what is done, in which states, on which conditions (`nova_states.catalog.ways`)."""
_REGROUPED: Final = "conditions"
"""The word for rows that tell the same otherwise, which nobody notices."""
_OF_ACTIONS: Final = ("guards", "host_checks", "refusals")
"""Kinds of facts that end with their action: that it is gone says all, and "no longer refused" the contrary."""

Value: TypeAlias = Any


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
    say: Say = said_as_code,
) -> tuple[Change, ...]:
    """What changed, what is noticed first first.

    Args:
        before: One release, or a tree.
        after: The other.
        is_unread_in: As `compare` wants it.
        later: The later point releases of the older one's series, the oldest first, without the newer one.
        say: What words conditions; without it they are told as code.
    """
    cases = Cases(say=say)
    found = _changes(before, after, compare(before, after, is_unread_in=is_unread_in), cases)
    first: dict[str, str] = {}
    for release in later:
        for change in _changes(before, release, compare(before, release, is_unread_in=is_unread_in), cases):
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


def _changes(before: Release, after: Release, differences: Iterable[Difference], cases: Cases) -> list[Change]:
    area_of = {kind: area for area, kinds in AREAS.items() for kind in kinds}
    told = list(differences)
    found = [
        Change(area="by_itself", kind=kind, subject="", word="usual", values=values, is_unread=any(unread))
        for kind in REACTION_KINDS
        if (unread := [difference.is_unread for difference in told if difference.kind == kind])
        for values in usual_changes(before, after, kind)
    ]
    gone = {one.name for one in told if one.kind == "actions" and one.after is None}
    for difference in told:
        if difference.kind in _OF_ACTIONS and difference.name in gone:
            continue
        for word, values in _said_of(difference, cases):
            found.append(
                Change(
                    area=REST if word == _REGROUPED else area_of.get(difference.kind, REST),
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


def _said_of(difference: Difference, cases: Cases) -> Iterator[Told]:
    if difference.kind in WAYS:
        return way_changes(difference.before or [], difference.after or [], difference.kind, cases)
    if difference.kind in _CHECKS:
        return _CHECKS[difference.kind](difference, cases)
    return _SAID.get(difference.kind, _other)(difference)


def _key(change: Change) -> str:
    return canonical([change.kind, change.subject, change.word, dict(change.values)])


def _other(difference: Difference) -> Iterator[Told]:
    old, new = difference.before, difference.after
    if old is None or new is None:
        yield from came_or_went(difference)
    elif isinstance(old, list) and isinstance(new, list):
        yield "other", {}
    else:
        yield "value", {"before": old, "after": new}


def _groups(difference: Difference) -> Iterator[Told]:
    """That a group has other members; some are told by a condition, which is code."""
    yield from came_or_went(difference)
    if difference.before is not None and difference.after is not None:
        yield "other", {}


def _value(difference: Difference) -> Iterator[Told]:
    """One value, a list of words, or nothing."""
    yield "value", {"before": difference.before, "after": difference.after}


def _actions(difference: Difference) -> Iterator[Told]:
    """Whether there is an action and how it is asked for; its checks are those of its guards."""
    yield from came_or_went(difference)
    if difference.before is None or difference.after is None:
        return
    old, new = (
        [request_of(one) for row in rows for one in row["endpoints"]] for rows in (difference.before, difference.after)
    )
    if delta := delta_of(old, new):
        yield "requests", {"delta": delta}


def request_of(endpoint: Mapping[str, Any]) -> str:
    """A request as one line: verb, path, key of the body, microversions."""
    span = "…".join(endpoint[f"{end}_microversion"] or "" for end in ("min", "max")).strip("…")
    words = (endpoint["verb"], endpoint["path"], endpoint["body_key"], f"({span})" if span else None)
    return " ".join(word for word in words if word)


def _guards(difference: Difference, cases: Cases) -> Iterator[Told]:
    old, new = (
        {(g["mode"], g["when"], g["method"]): g for g in side or []} for side in (difference.before, difference.after)
    )
    for key in (key for key in old if key in new):
        yield from _guard(old[key], new[key])
    gone, come = (
        {canonical(checked(one[key])): one[key] for key in one if key not in other}
        for one, other in ((old, new), (new, old))
    )
    for check, row in {**gone, **come}.items():
        word = "accepts" if row["mode"] == "allow" else "rejects"
        states = {field: row[field] for field in ("vm_states", "task_states")}
        if check not in gone or check not in come:
            yield f"{word}_{'new' if check in come else 'gone'}", {**states, **_when(row, cases)}
        elif _when(gone[check], cases) == (case := _when(come[check], cases)):
            yield from _guard(
                gone[check], come[check]
            )  # the same check, by another method or in other words of the code
        else:
            yield f"{word}_case", {**states, **case, "was": _when(gone[check], cases)["when"]}


def _when(row: Mapping[str, Any], cases: Cases) -> dict[str, Any]:
    """Whether a check is made on a condition only, and on which."""
    if row["when"] is None:
        return {"in_a_case": False}
    return {"in_a_case": True, "when": cases.told(cases.enough(row["when_tree"], row["action"]))}


def checked(guard: Mapping[str, Any]) -> dict[str, Any]:
    """What a guard looks at, without the condition under which it does."""
    states = {field: guard[field] for field in ("mode", "vm_states", "task_states")}
    return {**states, "in_a_case": guard["when"] is not None}


def _guard(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Told]:
    for field in ("vm_states", "task_states"):
        if old[field] != new[field]:
            yield "field", {"field": field.removesuffix("s"), "before": old[field], "after": new[field]}
    if old["must_have_launched"] != new["must_have_launched"]:
        yield "launched" if new["must_have_launched"] else "launched_any", {}
    if delta := delta_of(old["conditions"], new["conditions"]):
        yield "checks", {"delta": delta}


def _host_checks(difference: Difference, cases: Cases) -> Iterator[Told]:
    old, new = difference.before or [], difference.after or []
    for word, rows, others in (("host_gone", old, new), ("host_new", new, old)):
        for row in rows:
            if row not in others:
                values = {key: row[key] for key in ("host", "must_be", "exception")}
                yield word, {**values, **_when(row, cases)}


def _options(difference: Difference) -> Iterator[Told]:
    if difference.before is None:
        for row in difference.after:
            yield "option_new", {"default": row["default"]}
        return
    yield from came_or_went(difference)
    for old, new in zip(difference.before, difference.after or [], strict=False):
        for field in ("default", "choices", "minimum", "maximum", "mutable", "acts_on"):
            if _as_set(old[field]) != _as_set(new[field]):
                yield "field", {"field": field, "before": old[field], "after": new[field]}


def _as_set(value: Any) -> Any:  # noqa: ANN401 - any value of an option
    """Choices in whichever order the code names them."""
    return sorted(value, key=str) if isinstance(value, list) else value


_CHECKS: Final[Mapping[str, Callable[[Difference, Cases], Iterator[Told]]]] = {
    "guards": _guards,
    "host_checks": _host_checks,
}
"""Kind of what is checked before an action → how its differences become changes."""
_SAID: Final[Mapping[str, Callable[[Difference], Iterator[Told]]]] = {
    "groups": _groups,
    "actions": _actions,
    "states": _value,
    "statuses": _value,
    "fallback_status": _value,
    "max_microversion": _value,
    "options": _options,
    "refusals": changes_of_refusals,
    "errors": changes_of_errors,
    "log_messages": changes_of_log_messages,
    "events": changes_of_events,
    "migration_statuses": changes_of_migration_statuses,
}
"""Kind → how its differences become changes; of others is said that they came, went or have other details."""

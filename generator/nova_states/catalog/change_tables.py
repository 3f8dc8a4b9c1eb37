"""The facts of all releases as little as `noticed_changes` needs of them, for a page that compares any two of them.

A table holds each kind's values once, and for each name the places in the list of releases where it changes its value,
so that what two releases have is looked up, not stored by pairs:

    {"versions": ["12.0.0", …],
     "kinds": [{"kind": "guards", "area": "allowed", "rows": [{…}], "values": [null, [0, 1]], "names":
                [["start", [0, 1, 40, 2]]]}, …]}

A name's list is: from the release at this place on (0), it has the value of this number (1); from 40 on, number 2.
Values of other numbers are other values, also where what is kept of them is the same: rows that only their conditions
tell apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.comparison import NOT_COMPARED, kinds_of, name_of, parts_of, without_places
from nova_states.catalog.export import EXPORTS
from nova_states.catalog.noticed_changes import AREAS, REST, WAYS, request_of
from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.record_changes import rest_of_error
from nova_states.catalog.release import Release
from nova_states.catalog.serialisation import fact_as_json
from nova_states.catalog.way_tables import usual_table, way_tables
from nova_states.catalog.ways import Cases, Say, clause_key
from nova_states.facts.codec import canonical
from nova_states.facts.json_value import Json

_STORED: Final = frozenset(
    ("guards", "host_checks", *WAYS, "drivers", "options", "refusals", "log_messages", "messages", "host_status")
)
"""Parts of a release that are nothing but its stored rows."""
_SCALARS: Final = ("states", "statuses", "fallback_status", "max_microversion")
_OPTION: Final = ("default", "choices", "minimum", "maximum", "mutable", "acts_on")


def change_tables(catalog: Catalog, say: Say) -> dict[str, Any]:
    """The table of all releases that the reference speaks of, and the clauses that steps and reactions are told by."""
    versions = list(catalog.versions)
    area_of = {kind: area for area, kinds in AREAS.items() for kind in kinds}
    kinds = [*area_of, *(kind for kind in EXPORTS if kind not in area_of and kind not in NOT_COMPARED)]
    plains: dict[int, tuple[str, str, Any]] = {}
    found = []
    ways: dict[str, list[Any]] = {}
    cases = Cases(say=say)
    for kind in kinds:
        reads = kinds_of(kind)
        alike: dict[Hashable, dict[str, tuple[Any, Any]]] = {}
        for version in versions:
            content = catalog.content_keys(version, reads)
            if content not in alike:
                alike[content] = _named(catalog.release(version), kind, plains)
        named = [alike[catalog.content_keys(version, reads)] for version in versions]
        names, kept = _names(named)
        if kind in WAYS:
            ways[kind] = kept
        table = {} if kind in WAYS else _table(kind, kept, cases)
        found.append({"kind": kind, "area": area_of.get(kind, REST), **table, "names": names})
    tables, clauses = way_tables(ways, cases)
    numbers = {clause_key(clause): number for number, clause in enumerate(clauses)}
    for one in found:
        for row in one["rows"] if one["kind"] in _IN_CASES else ():
            row["cases"] = [[numbers[key] for key in group] for group in row["cases"]]
        one.update(tables.get(one["kind"], {}))
        if one["kind"] in REACTION_KINDS:
            one["usual"] = usual_table(catalog, versions, one["kind"])
    return {"versions": versions, "kinds": found, "clauses": clauses}


def _named(release: Release, kind: str, plains: dict[int, tuple[str, str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Name → what tells its value from others, and the value: for stored rows each worked out once for all releases."""
    if kind == "errors":
        return _errors(release, plains)
    if kind not in _STORED:
        return {name: (canonical(value), value) for name, value in parts_of(release, kind).items()}
    rows: dict[str, list[tuple[str, Any]]] = {}
    for fact in release.bare(kinds_of(kind)[0]):
        name, key, plain = _plain(fact, plains)
        rows.setdefault(name, []).append((key, plain))
    found = {}
    for name, group in rows.items():
        group.sort(key=lambda row: row[0])
        found[name] = (tuple(key for key, _ in group), [plain for _, plain in group])
    return found


def _plain(fact: Any, plains: dict[int, tuple[str, str, Any]]) -> tuple[str, str, Any]:  # noqa: ANN401 - any kind
    # Releases share their rows, and the catalog keeps them: what a row says is worked out once.
    if id(fact) not in plains:
        plain: Any = without_places(fact_as_json(fact))
        key = canonical(plain)
        plains[id(fact)] = (name_of(plain), key, plain)
    return plains[id(fact)]


def _errors(release: Release, plains: dict[int, tuple[str, str, Any]]) -> dict[str, tuple[Any, Any]]:
    """As `export_errors` joins them, without where they are raised."""
    faults = {cause.error: tuple(cause.actions) for cause in release.bare("fault_causes")}
    answers: dict[str, list[Any]] = {}
    for refusal in release.bare("refusals"):
        # The same answer whatever exceptions it is made of; told apart from the row itself by its sign.
        number = -id(refusal)
        if number not in plains:
            plains[number] = ("", canonical({**_plain(refusal, plains)[2], "errors": None}), None)
        for error in refusal.errors:
            answers.setdefault(error, []).append(plains[number][1])
    translations: dict[str, list[tuple[str, str]]] = {}
    for one in release.bare("translations"):
        translations.setdefault(one.pattern, []).append((one.language, one.text))
    rows: dict[str, list[tuple[Any, Any]]] = {}
    for error in release.bare("errors"):
        _, key, plain = _plain(error, plains)
        translated = tuple(sorted(translations.get(error.pattern or "", ())))
        whole = (key, translated, faults.get(error.name, ()), tuple(answers.get(error.name, ())))
        told = {"code": error.code, "pattern": error.pattern, "faults_of": list(faults.get(error.name, ()))}
        told |= {"translations": _digest(translated), "rest": _digest(rest_of_error(plain))}
        rows.setdefault(error.name, []).append((whole, told))
    return {name: (tuple(whole for whole, _ in group), [plain for _, plain in group]) for name, group in rows.items()}


def _digest(value: object) -> str:
    """What tells a value from others, where only that it is another one is said."""
    return hashlib.blake2b(canonical(value).encode(), digest_size=4).hexdigest()


def _names(named: list[dict[str, tuple[Any, Any]]]) -> tuple[list[Any], list[Any]]:
    """Each name with the places where it changes its value, and the values by number, from 1 on."""
    wholes: dict[Any, tuple[int, Any]] = {}
    names = []
    for name in sorted({name for one in named for name in one}):
        row = []
        for one in named:
            if name not in one:
                row.append(0)
                continue
            whole, value = one[name]
            row.append(wholes.setdefault((name, whole), (len(wholes) + 1, value))[0])
        starts = [0, *(place for place, (a, b) in enumerate(pairwise(row), 1) if a != b)]
        names.append([name, [number for place in starts for number in (place, row[place])]])
    return names, [value for _, value in wholes.values()]


def _table(kind: str, kept: list[Any], cases: Cases) -> dict[str, Any]:
    """What two releases are compared by, of one kind."""
    rows: list[Any] = []
    if kind in _IN_CASES:
        rows, values = _row_table(kept, lambda row: _IN_CASES[kind](row) | {"cases": _enough(row, cases)})
    elif kind in _KEPT:
        rows, values = _row_table(kept, _KEPT[kind])
    else:
        is_whole = kind in _SCALARS
        values = [[] if isinstance(value, list) and not is_whole else _shown(value) for value in kept]
    return {"rows": rows, "values": [None, *values]}


def _row_table(kept: list[Any], reduce: Callable[[Any], Any]) -> tuple[list[Any], list[Any]]:
    """Rows, each once, and the values as lists of their numbers."""
    numbers: dict[str, int] = {}
    rows: list[Any] = []
    values = []
    for value in kept:
        numbered = []
        for row in value:
            reduced = _shown(reduce(row))
            key = canonical(reduced)
            if key not in numbers:
                numbers[key] = len(rows)
                rows.append(reduced)
            numbered.append(numbers[key])
        values.append(numbered)
    return rows, values


def _enough(row: Mapping[str, Any], cases: Cases) -> list[list[str]]:
    return [list(group) for group in cases.enough(row["when_tree"], row["action"])]


def _guard(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("mode", "method", "when", "vm_states", "task_states", "must_have_launched", "conditions")
    return {field: row[field] for field in fields}


def _host_check(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{field: row[field] for field in ("host", "must_be", "exception", "when")}, "key": canonical(dict(row))}


_KEPT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "actions": lambda row: [request_of(one) for one in row["endpoints"]],
    "options": lambda row: {field: row[field] for field in _OPTION},
    "refusals": lambda row: {field: row[field] for field in ("code", "errors", "text")},
    "errors": lambda row: row,
    "log_messages": lambda row: row["level"],
    "events": lambda row: row["name"],
    "migration_statuses": lambda row: {
        **{field: row[field] for field in ("in_progress", "types", "wanted_by")},
        "written": _digest(row["written"]),
    },
}
"""Kind → what is kept of a row of it; of other lists only whether they differ."""
_IN_CASES: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {"guards": _guard, "host_checks": _host_check}
"""The same of what is checked under a condition, which is kept by its clauses beside it."""


def _shown(value: Json) -> Json:
    """A value with numbers and truth as Python writes them, which is how they are said."""
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return str(value) if isinstance(value, bool | float) else value


def files(tables: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Area → what is fetched of it."""
    for area in (*AREAS, REST):
        yield area, {"versions": tables["versions"], "kinds": [one for one in tables["kinds"] if one["area"] == area]}

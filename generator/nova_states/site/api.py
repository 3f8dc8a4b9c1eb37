"""The public JSON below /api/v1/: the facts in a shape of its own, one to the schemas beside this module.

Inner models may change freely, this may not: additions are free, a change of meaning is v2 (CHANGELOG.md, "API").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.seen import seen_as_json
from nova_states.catalog.serialisation import ANY
from nova_states.explanations.completeness import explained_kinds
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.facts.ids import STATE_KINDS, fact_id
from nova_states.facts.observed import observed_releases
from nova_states.facts.releases import series_of
from nova_states.lookup.form import MESSAGES, SAID, STEPS, TABLES
from nova_states.lookup.page_tables import page_tables
from nova_states.site.api_around_states import around_states
from nova_states.site.snippets import render_snippets
from nova_states.site.transient_states import TRANSIENT_VM_STATES, is_transient
from nova_states.site.versioned_facts import (
    VersionedFact,
    evidence,
    group_by,
    plain,
    union,
    version_ranges,
    versioned_facts,
    with_where_seen,
)

ROOT: Final = "api/v1"
SCHEMA_VERSION: Final = "1.0"
SCHEMAS: Final = Path(__file__).with_name("schemas")


Once = Callable[[Hashable, Callable[[], Any]], Any]
"""A key, and what makes what is kept under it."""


def render_api(catalog: Catalog, explanations: Explanations, once: Once = lambda _key, make: make()) -> dict[str, str]:
    """Path below the site → text of every file of the public JSON, and of the code made of it.

    Args:
        catalog: All facts.
        explanations: What is said of their names.
        once: Keeps what is made of them, a resource each, for when it is asked for again.
    """
    rows: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "states": lambda: _states(catalog, explanations),
        "statuses": lambda: _statuses(catalog, explanations),
        "actions": lambda: _actions(catalog, explanations),
        "groups": lambda: [_group(catalog, one) for one in versioned_facts(catalog, "groups")],
        "transitions": lambda: [_transition(catalog, one) for one in versioned_facts(catalog, "transitions")],
        "power-sync": lambda: _reactions(catalog, "power_sync"),
        "startup": lambda: _reactions(catalog, "startup"),
        "drivers": lambda: [plain(catalog, one) for one in versioned_facts(catalog, "drivers")],
        "options": lambda: [plain(catalog, one) for one in versioned_facts(catalog, "options")],
        "messages": lambda: [plain(catalog, one) for one in versioned_facts(catalog, "messages")],
    }
    resources: dict[str, str] = {
        name: once(("api", name), lambda name=name, make=make: _write(name, make()))  # type: ignore[misc]
        for name, make in rows.items()
    }
    resources |= once(
        ("api", "around states"), lambda: {name: _write(name, found) for name, found in around_states(catalog).items()}
    )
    files = {f"{ROOT}/{name}.json": text for name, text in resources.items()}
    for language in LANGUAGES:
        files[f"{ROOT}/i18n/{language}.json"] = once(
            ("api", "i18n", language),
            lambda language=language: _write("i18n", _texts(catalog, explanations, language), language=language),  # type: ignore[misc]
        )
    for path in sorted(SCHEMAS.glob("*.json")):
        files[f"{ROOT}/schema/{path.name}"] = path.read_text(encoding="utf-8")
    files[f"{ROOT}/index.json"] = once(("api", "index"), lambda: _index(catalog, tuple(resources)))
    snippets: dict[str, str] = once(("api", "snippets"), lambda: render_snippets(catalog))
    return files | {f"{ROOT}/snippets/{name}": text for name, text in snippets.items()}


def render_lookup_data() -> dict[str, str]:
    """Path below the site → the lookup's tables of each language, which hold what `nova-states explain` reads.

    The tables of Nova's messages are files of their own, for a page to fetch when a text is pasted, and so is
    what is said of errors, lines of a log and causes, and what other releases than the latest do.
    """
    files = {}
    for language in LANGUAGES:
        fetched = page_tables(language)
        files[TABLES.format(language=language)] = fetched.tables
        files[MESSAGES.format(language=language)] = fetched.messages
        files |= {SAID.format(language=language, part=part): text for part, text in fetched.said.items()}
        files[STEPS] = fetched.steps
    return files


def _index(catalog: Catalog, resources: tuple[str, ...]) -> str:
    releases = [
        {
            "version": version,
            "series": series_of(version).name,
            "codename": series_of(version).codename,
            "date": catalog.snapshots.versions[version].source.date,
            "max_microversion": next((fact.value for fact in catalog.release(version).facts("microversions")), None),
            "source": {
                "kind": catalog.snapshots.versions[version].source.kind,
                "reference": catalog.snapshots.versions[version].source.reference,
                "digest": catalog.snapshots.versions[version].source.digest,
            },
            "seen": seen_as_json(catalog.release(version)) if version in observed_releases() else {},
        }
        for version in catalog.versions
    ]
    listed = [{"name": name, "href": f"{name}.json", "schema": f"schema/{name}.json"} for name in resources]
    listed += [
        {"name": f"i18n-{language}", "href": f"i18n/{language}.json", "schema": "schema/i18n.json"}
        for language in LANGUAGES
    ]
    more = {"latest": catalog.latest, "resources": listed}
    return _write("releases", releases, schema="index", **more)


def _write(name: str, rows: Iterable[object], *, schema: str | None = None, **more: object) -> str:
    """A resource with one row a line, so that two versions of it can be compared."""
    depth = "../" if name == "i18n" else ""
    head: Mapping[str, object] = {"$schema": f"{depth}schema/{schema or name}.json", "schema_version": SCHEMA_VERSION}
    lines = [f"{json.dumps(key)}: {_line(value)}" for key, value in {**head, **more}.items()]
    listed = ",\n".join(_line(row) for row in rows)
    return "{\n" + ",\n".join([*lines, f"{json.dumps(name.replace('-', '_'))}: [\n{listed}\n]"]) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _states(catalog: Catalog, explanations: Explanations) -> list[dict[str, Any]]:
    """Every value of the three fields; a state whose constant was renamed or regrouped is one state."""
    rows = []
    by_value = group_by(versioned_facts(catalog, "states"), lambda fact: (fact.kind, fact.value))
    for (kind, value), versioned in by_value.items():
        newest = _newest(catalog, versioned)
        fact = newest.fact
        name = fact.name if kind == "power_state" else str(value)
        is_transient = kind == "task_state" or value in TRANSIENT_VM_STATES
        rows.append(
            {
                "id": fact_id(kind, name),
                "kind": kind,
                "name": fact.name,
                "value": value,
                "label": _label(explanations.of(kind, name)),
                "transient": is_transient,
                "operations": list(fact.operations),
                "api_label": fact.label,
                "versions": version_ranges(catalog, union(versioned)),
                "evidence": evidence(fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: (STATE_KINDS.index(row["kind"]), str(row["value"])))


def _statuses(catalog: Catalog, explanations: Explanations) -> list[dict[str, Any]]:
    rows = []
    for word, versioned in group_by(versioned_facts(catalog, "statuses"), lambda fact: fact.status).items():
        newest = _newest(catalog, versioned)
        shown = [plain(catalog, one) for one in versioned]
        rows.append(
            {
                "id": fact_id("status", word),
                "name": word,
                "label": _label(explanations.of("status", word)),
                "transient": is_transient(versioned),
                "shown_for": [{key: row[key] for key in row if key != "status"} for row in shown],
                "versions": version_ranges(catalog, union(versioned)),
                "evidence": evidence(newest.fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: row["name"])


def _actions(catalog: Catalog, explanations: Explanations) -> list[dict[str, Any]]:
    guards = group_by(versioned_facts(catalog, "guards"), lambda fact: fact.action)
    rows = []
    for name, versioned in group_by(versioned_facts(catalog, "actions"), lambda fact: fact.id).items():
        newest = _newest(catalog, versioned)
        fact = newest.fact
        explanation = explanations.of("action", name)
        rows.append(
            {
                "id": fact_id("action", name),
                "name": name,
                "label": _label(explanation),
                "command": explanation.command,
                "method": fact.method,
                "parent": fact.parent and fact_id("action", fact.parent),
                "guarded_by": fact_id("action", fact.guarded_by),
                "conditions": list(fact.conditions),
                "endpoints": _endpoints(catalog, versioned),
                "guards": [_guard(catalog, one) for one in guards.get(name, ())],
                "versions": version_ranges(catalog, union(versioned)),
                "evidence": evidence(fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: row["name"])


def _endpoints(catalog: Catalog, versioned: list[VersionedFact]) -> list[dict[str, Any]]:
    """Requests that ask for an action, each with the versions that know it."""
    found: dict[str, tuple[dict[str, Any], set[str]]] = {}
    for one in versioned:
        for endpoint in plain(catalog, one)["endpoints"]:
            request = {key: value for key, value in endpoint.items() if key != "evidence"}
            found.setdefault(_line(request), (request, set()))[1].update(one.versions)
    return [request | {"versions": version_ranges(catalog, versions)} for request, versions in found.values()]


def _guard(catalog: Catalog, one: VersionedFact) -> dict[str, Any]:
    row = {key: value for key, value in plain(catalog, one).items() if key != "action"}
    return with_where_seen(catalog, one, row)


def _group(catalog: Catalog, one: VersionedFact) -> dict[str, Any]:
    return {"id": fact_id("group", one.fact.name)} | plain(catalog, one)


def _reactions(catalog: Catalog, kind: str) -> list[dict[str, Any]]:
    return [with_where_seen(catalog, one, plain(catalog, one)) for one in versioned_facts(catalog, kind)]


def _transition(catalog: Catalog, one: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, one)
    # v1 has all three fields of a state in every start.
    start = row["from"] and {"power_states": ANY} | row["from"]
    return with_where_seen(catalog, one, row | {"from": start})


def _texts(catalog: Catalog, explanations: Explanations, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": fact_id(kind, item.name),
            "label": item.label[language],
            "summary": item.summary[language],
            "meaning": item.meaning[language],
            "stuck": item.stuck[language] if item.stuck else None,
            "aliases": list(item.aliases[language]),
        }
        for kind in explained_kinds(catalog, explanations)
        for item in explanations.by_kind[kind].values()
    ]


def _label(explanation: Explanation) -> dict[str, str]:
    return {language: explanation.label[language] for language in LANGUAGES}


def _newest(catalog: Catalog, versioned: list[VersionedFact]) -> VersionedFact:
    return max(versioned, key=lambda one: catalog.versions.index(one.newest))

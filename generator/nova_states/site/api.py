"""The public JSON below /api/v1/: the facts in a shape of its own, held to the schemas beside this module.

Inner models may change freely, this may not: additions are free, a change of meaning is v2 (CHANGELOG.md, "API").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.explanations.loading import LANGUAGES, Explanation, Explanations
from nova_states.facts.codec import with_condition
from nova_states.facts.ids import STATE_KINDS, fact_id
from nova_states.facts.model import FromState, States
from nova_states.facts.releases import series_of
from nova_states.lookup.form import TABLES
from nova_states.lookup.table_cache import read_tables
from nova_states.site.snippets import render_snippets
from nova_states.site.transient_states import TRANSIENT_VM_STATES, is_transient
from nova_states.site.versioned_facts import (
    VersionedFact,
    evidence,
    held_facts,
    plain,
    same_but_for,
    union,
    version_ranges,
)

ROOT: Final = "api/v1"
SCHEMA_VERSION: Final = "1.0"
SCHEMAS: Final = Path(__file__).with_name("schemas")
ANY: Final = "*"


def render_api(catalog: Catalog, explanations: Explanations) -> dict[str, str]:
    """Path below the site → text of every file of the public JSON, and of the code made of it."""
    resources = {
        "states": _states(catalog, explanations),
        "statuses": _statuses(catalog, explanations),
        "actions": _actions(catalog, explanations),
        "groups": [_group(catalog, held) for held in held_facts(catalog, "groups")],
        "transitions": [_transition(catalog, held) for held in held_facts(catalog, "transitions")],
        "power-sync": [_reaction(catalog, held) for held in held_facts(catalog, "power_sync")],
        "startup": [_reaction(catalog, held) for held in held_facts(catalog, "startup")],
        "drivers": [plain(catalog, held) for held in held_facts(catalog, "drivers")],
        "options": [plain(catalog, held) for held in held_facts(catalog, "options")],
        "messages": [plain(catalog, held) for held in held_facts(catalog, "messages")],
    }
    files = {f"{ROOT}/{name}.json": _write(name, rows) for name, rows in resources.items()}
    for language in LANGUAGES:
        files[f"{ROOT}/i18n/{language}.json"] = _write("i18n", _texts(explanations, language), language=language)
    for path in sorted(SCHEMAS.glob("*.json")):
        files[f"{ROOT}/schema/{path.name}"] = path.read_text(encoding="utf-8")
    files[f"{ROOT}/index.json"] = _index(catalog, tuple(resources))
    return files | {f"{ROOT}/snippets/{name}": text for name, text in render_snippets(catalog).items()}


def render_lookup_data() -> dict[str, str]:
    """Path below the site → the lookup's tables of each language, the bytes that `nova-states explain` reads too."""
    return {TABLES.format(language=language): read_tables(language) for language in LANGUAGES}


def _index(catalog: Catalog, resources: tuple[str, ...]) -> str:
    releases = [
        {
            "version": version,
            "series": series_of(version).name,
            "codename": series_of(version).codename,
            "date": catalog.snapshots.versions[version].source.date,
            "source": {
                "kind": catalog.snapshots.versions[version].source.kind,
                "reference": catalog.snapshots.versions[version].source.reference,
                "digest": catalog.snapshots.versions[version].source.digest,
            },
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
    by_value = same_but_for(held_facts(catalog, "states"), lambda fact: (fact.kind, fact.value))
    for (kind, value), helds in by_value.items():
        newest = _newest(catalog, helds)
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
                "versions": version_ranges(catalog, union(helds)),
                "evidence": evidence(fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: (STATE_KINDS.index(row["kind"]), str(row["value"])))


def _statuses(catalog: Catalog, explanations: Explanations) -> list[dict[str, Any]]:
    rows = []
    for word, helds in same_but_for(held_facts(catalog, "statuses"), lambda fact: fact.status).items():
        newest = _newest(catalog, helds)
        shown = [plain(catalog, held) for held in helds]
        rows.append(
            {
                "id": fact_id("status", word),
                "name": word,
                "label": _label(explanations.of("status", word)),
                "transient": is_transient(helds),
                "shown_for": [{key: row[key] for key in row if key != "status"} for row in shown],
                "versions": version_ranges(catalog, union(helds)),
                "evidence": evidence(newest.fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: row["name"])


def _actions(catalog: Catalog, explanations: Explanations) -> list[dict[str, Any]]:
    guards = same_but_for(held_facts(catalog, "guards"), lambda fact: fact.action)
    rows = []
    for name, helds in same_but_for(held_facts(catalog, "actions"), lambda fact: fact.id).items():
        newest = _newest(catalog, helds)
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
                "endpoints": _endpoints(catalog, helds),
                "guards": [_guard(catalog, held) for held in guards.get(name, ())],
                "versions": version_ranges(catalog, union(helds)),
                "evidence": evidence(fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: row["name"])


def _endpoints(catalog: Catalog, helds: list[VersionedFact]) -> list[dict[str, Any]]:
    """Requests that ask for an action, each with the versions that know it."""
    found: dict[str, tuple[dict[str, Any], set[str]]] = {}
    for held in helds:
        for endpoint in plain(catalog, held)["endpoints"]:
            request = {key: value for key, value in endpoint.items() if key != "evidence"}
            found.setdefault(_line(request), (request, set()))[1].update(held.versions)
    return [request | {"versions": version_ranges(catalog, versions)} for request, versions in found.values()]


def _guard(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, held)
    del row["action"]
    states = {"vm_states": _any(held.fact.vm_states), "task_states": _any(held.fact.task_states)}
    return with_condition(row | states, "when", held.fact.when)


def _group(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, held)
    return {"id": fact_id("group", held.fact.name)} | with_condition(row, "condition", held.fact.condition)


def _transition(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, held, {"start": "from", "end": "to"})
    start = _from(held.fact.start) if held.fact.start else None
    row |= {"from": start, "expected_task_states": _any(held.fact.expected_task_states)}
    return with_condition(row, "condition", held.fact.condition)


def _reaction(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, held, {"start": "from", "end": "to"})
    return with_condition(row | {"from": _from(held.fact.start)}, "condition", held.fact.condition)


def _from(start: FromState) -> dict[str, Any]:
    return {
        "vm_states": _any(start.vm_states),
        "task_states": _any(start.task_states),
        "power_states": _any(start.power_states),
    }


def _any(states: States) -> list[str | None] | str:
    return ANY if states is None else list(states)


def _texts(explanations: Explanations, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": fact_id(kind, item.name),
            "label": item.label[language],
            "summary": item.summary[language],
            "meaning": item.meaning[language],
            "stuck": item.stuck[language] if item.stuck else None,
            "aliases": list(item.aliases[language]),
        }
        for kind, items in sorted(explanations.by_kind.items())
        for item in items.values()
    ]


def _label(explanation: Explanation) -> dict[str, str]:
    return {language: explanation.label[language] for language in LANGUAGES}


def _newest(catalog: Catalog, helds: list[VersionedFact]) -> VersionedFact:
    return max(helds, key=lambda held: catalog.versions.index(held.newest))

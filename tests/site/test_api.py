"""Every file of the public JSON is held to its schema, and what it says to the facts."""

from __future__ import annotations

import functools
import json
import posixpath
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from nova_states.catalog.catalog import load_catalog
from nova_states.explanations.loading import load_explanations
from nova_states.facts.condition import to_text
from nova_states.lookup.table_cache import load_tables
from nova_states.site.api import render_api, render_lookup_data

CATALOG = load_catalog()
BASE = "https://nova-states.example/"


@functools.cache
def files() -> dict[str, Any]:
    rendered = render_api(CATALOG, load_explanations())
    return {path: json.loads(text) for path, text in rendered.items() if path.endswith(".json")}


@functools.cache
def registry() -> Registry[Any]:
    schemas = [(BASE + path, content) for path, content in files().items() if "/schema/" in path]
    return Registry().with_resources((uri, Resource.from_contents(schema)) for uri, schema in schemas)


def resource(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = files()[f"api/v1/{name}.json"][name.replace("-", "_")]
    return rows


def versions_in(ranges: list[list[str]]) -> set[str]:
    order = CATALOG.versions
    return {v for first, last in ranges for v in order[order.index(first) : order.index(last) + 1]}


@pytest.mark.parametrize("path", [path for path in files() if "/schema/" not in path])
def test_a_file_is_valid_against_the_schema_it_names(path: str) -> None:
    content = files()[path]
    schema = posixpath.normpath(posixpath.join(posixpath.dirname(path), content["$schema"]))
    validator = Draft202012Validator({"$ref": BASE + schema}, registry=registry())
    assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize("path", [path for path in files() if "/schema/" in path])
def test_a_schema_is_a_schema_and_bites(path: str) -> None:
    Draft202012Validator.check_schema(files()[path])
    if not path.endswith("common.json"):
        assert not Draft202012Validator({"$ref": BASE + path}, registry=registry()).is_valid({"schema_version": "1.0"})


def test_the_index_names_every_file() -> None:
    listed = {
        f"api/v1/{entry[key]}" for entry in files()["api/v1/index.json"]["resources"] for key in ("href", "schema")
    }
    assert listed | {"api/v1/index.json", "api/v1/schema/index.json", "api/v1/schema/common.json"} == set(files())


def test_ids_are_unique() -> None:
    ids = [row["id"] for name in ("states", "statuses", "actions") for row in resource(name)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("version", ["13.0.0", "16.1.0", "17.0.2", "25.0.1", "33.0.2", "34.0.0"])
def test_versions_say_what_each_release_has(version: str) -> None:
    release = CATALOG.release(version)
    assert {row["name"] for row in resource("actions") if version in versions_in(row["versions"])} == set(
        release.actions
    )
    guards = sorted(
        (row["name"], guard["mode"], repr(guard["vm_states"]), repr(guard["task_states"]), guard["when"] or "")
        for row in resource("actions")
        for guard in row["guards"]
        if version in versions_in(guard["versions"])
    )
    assert guards == sorted(
        {
            (
                guard.action,
                guard.mode,
                repr("*" if guard.vm_states is None else list(guard.vm_states)),
                repr("*" if guard.task_states is None else list(guard.task_states)),
                to_text(guard.when) or "",
            )
            for guard in release.facts("guards")
        }
    )
    shown = {
        (entry["vm_state"], entry["task_state"]): row["name"]
        for row in resource("statuses")
        for entry in row["shown_for"]
        if version in versions_in(entry["versions"])
    }
    assert shown == {(entry.vm_state, entry.task_state): entry.status for entry in release.facts("statuses")}


def test_what_a_waiter_waits_through_is_marked() -> None:
    statuses = {row["name"]: row["transient"] for row in resource("statuses")}
    assert {name for name, transient in statuses.items() if transient} == {
        "BUILD", "HARD_REBOOT", "MIGRATING", "PASSWORD", "REBOOT", "REBUILD", "RESIZE", "REVERT_RESIZE",
    }  # fmt: skip
    assert {row["value"] for row in resource("states") if row["transient"] and row["kind"] == "vm_state"} == {
        "building"
    }


def test_the_lookup_reads_the_tables_of_the_command_line() -> None:
    data = {path: json.loads(text) for path, text in render_lookup_data().items()}
    for language in ("ko", "en"):
        tables = data[f"assets/lookup/{language}.json"]
        messages = data[f"assets/lookup/messages-{language}.json"]
        grammar = {"grammar": messages["grammar"]}
        whole = load_tables(language)
        said = {path: table for path, table in data.items() if path.startswith(f"assets/lookup/said-{language}-")}
        questions = said.pop(f"assets/lookup/said-{language}-questions.json")["questions"]
        parts = said.values()
        told = {name: text for part in parts for name, text in part.items()}
        assert len(told) == sum(map(len, parts))
        texts = whole["texts"]
        of_records = {name: told[name] for name in told.keys() & texts["help"].keys()}
        assert tables["texts"]["words"].items() < texts["words"].items()
        assert tables["texts"] | {"words": texts["words"], "help": tables["texts"]["help"] | of_records} == texts
        steps = tables["steps"] | data["assets/lookup/steps.json"]
        assert tables | grammar | {"texts": texts, "steps": steps} == whole
        # By which words people ask is fetched only where a paste has more than records.
        whole_messages = load_tables(f"messages_{language}")
        assert questions
        assert sorted([*messages["causes"], *questions]) == sorted(whole_messages["causes"])
        assert messages == whole_messages | grammar | {"causes": messages["causes"]}
        assert told == of_records | load_tables("told")[language]


def test_the_index_tells_the_newest_microversion_of_each_release() -> None:
    releases = {row["version"]: row for row in files()["api/v1/index.json"]["releases"]}
    assert releases["34.0.0"]["max_microversion"] == "2.104"
    assert releases["33.0.0"]["max_microversion"] == "2.103"

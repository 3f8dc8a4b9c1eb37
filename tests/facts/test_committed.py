"""The committed facts: whole, in their one way of writing, and what the published releases really give."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.facts.codec import canonical, to_plain
from nova_states.facts.ids import content_id
from nova_states.facts.model import KINDS
from nova_states.facts.releases import sort_versions
from nova_states.facts.snapshots import DATA, Snapshots, load_snapshots
from nova_states.introspection.extraction import add_tree
from nova_states.locations import cache_folder
from nova_states.source.pypi import PyPI
from tests.facts.test_snapshots import contents, rewritten


@pytest.fixture(scope="module")
def committed() -> Snapshots:
    snapshots = load_snapshots()
    assert snapshots.versions, f"no facts below {DATA}; restore them or run `make facts`"
    return snapshots


@pytest.mark.usefixtures("committed")
def test_written_again_they_are_the_same_bytes(tmp_path: Path) -> None:
    assert rewritten(DATA, tmp_path) == contents(DATA)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_the_ids_of_their_content(committed: Snapshots, kind: str) -> None:
    assert {row: content_id(canonical(to_plain(fact))) for row, fact in committed.rows(kind).items()} == {
        row: row for row in committed.rows(kind)
    }


def test_every_version_has_every_kind(committed: Snapshots) -> None:
    kinds = set().union(*(version.documents for version in committed.versions.values()))
    assert [name for name, version in committed.versions.items() if set(version.documents) != kinds] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_has_its_line(committed: Snapshots, kind: str) -> None:
    for version, stored in committed.versions.items():
        if kind in stored.documents:
            document = committed.document(kind, version)
            assert all(line > 0 for _, lines in document.rows for line in lines)
            assert all(count.read <= count.found for count in document.counts)


def newest(committed: Snapshots) -> str:
    return sort_versions(committed.versions)[-1]


@pytest.mark.network
@pytest.mark.parametrize("version", ["15.1.5", "newest"])
def test_a_published_wheel_gives_the_committed_facts(committed: Snapshots, version: str, tmp_path: Path) -> None:
    version = newest(committed) if version == "newest" else version
    try:
        tree = PyPI(cache_folder()).tree(version)
    except InputError as error:
        pytest.skip(f"the package index is not at hand: {error}")
    fresh = Snapshots(folder=tmp_path)
    add_tree(tree, fresh)
    fresh.save()
    assert fresh.versions[version].documents == committed.versions[version].documents
    # Byte by byte they cannot be compared: a document of many versions is written as what it changes of another.
    stored = load_snapshots(tmp_path)
    for kind in stored.versions[version].documents:
        assert stored.section(kind, version) == committed.section(kind, version), kind

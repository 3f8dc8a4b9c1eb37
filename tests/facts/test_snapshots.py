"""What is stored for many versions: once for all that share it, and the same bytes whenever it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.facts.model import KINDS, Section
from nova_states.facts.snapshots import Snapshots, Source, Version, load_snapshots
from tests.facts.samples import FACTS, section

SOURCE = Source(kind="git", reference="33.0.2", digest="0" * 40, date="2026-01-01")
READS = {"nova/compute/api.py": "a" * 40, "nova/gone.py": None, "nova/api/": "b" * 40}


def add(snapshots: Snapshots, version: str, reads: dict[str, str | None] = READS) -> None:
    documents = {kind: snapshots.add(kind, reads, section(FACTS[kind])).key for kind in KINDS}
    snapshots.versions[version] = Version(version=version, source=SOURCE, documents=documents)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    snapshots = Snapshots(folder=tmp_path, extractor="0123456789abcdef")
    add(snapshots, "13.1.4")
    add(snapshots, "33.0.2", READS | {"nova/compute/api.py": "c" * 40})
    snapshots.save()
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def rewritten(folder: Path, to: Path) -> dict[str, bytes]:
    """The bytes that the facts in `folder` give when they are read and written elsewhere."""
    snapshots = load_snapshots(folder)
    for kind in KINDS:
        snapshots.rows(kind)
    snapshots.folder = to
    snapshots.save()
    return contents(to)


def test_what_is_stored_comes_back(stored: Path) -> None:
    snapshots = load_snapshots(stored)
    assert snapshots.extractor == "0123456789abcdef"
    assert snapshots.versions["33.0.2"].source == SOURCE
    for kind in KINDS:
        assert snapshots.section(kind, "33.0.2") == section(FACTS[kind])


def test_written_again_it_is_the_same_bytes(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert rewritten(stored, tmp_path_factory.mktemp("again")) == contents(stored)


def test_the_order_of_adding_does_not_show(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Snapshots(folder=tmp_path_factory.mktemp("other"), extractor="0123456789abcdef")
    add(other, "33.0.2", dict(reversed((READS | {"nova/compute/api.py": "c" * 40}).items())))
    add(other, "13.1.4")
    other.save()
    assert contents(other.folder) == contents(stored)


def test_equal_facts_and_equal_files_are_stored_once(stored: Path) -> None:
    snapshots = load_snapshots(stored)
    add(snapshots, "33.0.1", READS)
    moved = replace(FACTS["guards"], evidence=replace(FACTS["guards"].evidence, line=99))
    snapshots.add("guards", READS | {"nova/compute/api.py": "d" * 40}, section(moved))
    snapshots.save()
    assert snapshots.versions["33.0.1"].documents == snapshots.versions["13.1.4"].documents
    assert lines(stored / "guards" / "rows.jsonl") == 1
    assert lines(stored / "guards" / "documents.jsonl") == 2
    assert lines(stored / "guards" / "paths.jsonl") == 1


def test_what_no_version_uses_is_dropped(stored: Path) -> None:
    snapshots = load_snapshots(stored)
    del snapshots.versions["33.0.2"]
    snapshots.save()
    assert lines(stored / "versions.jsonl") == lines(stored / "states" / "documents.jsonl") == 1


def test_a_document_is_found_by_what_the_files_hold(stored: Path) -> None:
    snapshots = load_snapshots(stored)
    found = snapshots.find("guards", READS.get)
    assert found is not None
    assert found.key == snapshots.versions["13.1.4"].documents["guards"]
    assert snapshots.find("guards", (READS | {"nova/gone.py": "e" * 40}).get) is None
    assert snapshots.find("guards", lambda _: None) is None


def test_nothing_stored_is_nothing_known(tmp_path: Path) -> None:
    snapshots = load_snapshots(tmp_path)
    assert (snapshots.versions, snapshots.extractor) == ({}, None)
    with pytest.raises(InputError, match=r"no guards of 33\.0\.2 are stored; `nova-states extract` reads them"):
        snapshots.section("guards", "33.0.2")


def test_a_kind_that_was_not_read_is_named(stored: Path) -> None:
    snapshots = load_snapshots(stored)
    del snapshots.versions["33.0.2"].documents["startup"]
    with pytest.raises(InputError, match=r"no startup of 33\.0\.2"):
        snapshots.section("startup", "33.0.2")


@pytest.mark.parametrize("line", ["{", "[]", '["x"]', '["x", 1]', '["x", null]', "null", '{"evidence": 1}', "5"])
@pytest.mark.parametrize("file", ["versions", "guards/rows", "guards/documents", "guards/paths"])
def test_a_damaged_line_is_named(stored: Path, file: str, line: str) -> None:
    path = stored / f"{file}.jsonl"
    intact = path.read_text(encoding="utf-8")
    path.write_text(f"{intact}{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"{path.parent.name}/{path.name}:{intact.count(chr(10)) + 1}: "):
        load_snapshots(stored).section("guards", "33.0.2")


def test_a_row_that_is_missing_is_named(stored: Path) -> None:
    (stored / "guards" / "rows.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"guards/documents\.jsonl: \w{12}: does not fit rows\.jsonl"):
        load_snapshots(stored).section("guards", "33.0.2")


def test_all_files_are_written_or_none(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(stored)
    snapshots = load_snapshots(stored)
    add(snapshots, "34.0.0", READS | {"nova/compute/api.py": "f" * 40})

    def fail(*_: object) -> None:
        raise OSError(28, "disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(InputError, match="disk full; what is stored is whole"):
            snapshots.save()
    stored_now = load_snapshots(stored)
    assert "34.0.0" not in stored_now.versions
    assert stored_now.section("guards", "33.0.2") == section(FACTS["guards"])
    snapshots.save()
    assert contents(stored).keys() == before.keys()
    assert "34.0.0" in load_snapshots(stored).versions


def test_what_earlier_code_stored_beside_a_version_is_passed_over(stored: Path) -> None:
    path = stored / "versions.jsonl"
    path.write_text(path.read_text("utf-8").replace('"source"', '"most_read":{"a: b":1},"source"'), "utf-8")
    assert set(load_snapshots(stored).versions) == {"13.1.4", "33.0.2"}


def test_an_empty_section_is_stored_too(tmp_path: Path) -> None:
    snapshots = Snapshots(folder=tmp_path)
    key = snapshots.add("messages", READS, Section(facts=(), gaps=(), counts=())).key
    snapshots.versions["13.0.0"] = Version(version="13.0.0", source=SOURCE, documents={"messages": key})
    snapshots.save()
    assert load_snapshots(tmp_path).section("messages", "13.0.0") == Section(facts=(), gaps=(), counts=())

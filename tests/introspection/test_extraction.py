"""What is read from a tree depends on the files that were asked for, and on nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from nova_states.errors import InputError
from nova_states.facts.model import KINDS
from nova_states.facts.snapshots import Snapshots
from nova_states.introspection import extraction
from nova_states.introspection.extraction import add_tree, extractor_digest, read_tree
from nova_states.introspection.modules import Modules
from tests.introspection.synthetic import SyntheticTree

FILES: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "guards" / "_base.yaml").read_text(encoding="utf-8")
)
COMMON = {"nova/api/openstack/common.py": "_STATE_MAP = {'up': {'default': 'ACTIVE'}}\n"}


def tree(version: str, **changed: str) -> SyntheticTree:
    """A small tree; keywords are paths, with two underscores for each slash and no ending."""
    files = {f"{path.replace('__', '/')}.py": text for path, text in changed.items()}
    return SyntheticTree(sources=FILES | COMMON | files, version=version)


def test_a_folder_that_is_no_nova_is_refused() -> None:
    with pytest.raises(InputError, match=r"nova/compute/power_state\.py: not found; this is no Nova source tree"):
        list(read_tree(SyntheticTree(sources={"setup.py": ""})))


def test_a_tree_of_equal_files_is_not_read_again(tmp_path: Path) -> None:
    snapshots = Snapshots(folder=tmp_path)
    assert {reading.kind for reading in add_tree(tree("1.0.0"), snapshots)} == set(KINDS)
    assert add_tree(tree("1.0.1"), snapshots) == []
    assert snapshots.versions["1.0.1"].documents == snapshots.versions["1.0.0"].documents


def test_only_what_may_differ_is_read_again(tmp_path: Path) -> None:
    snapshots = Snapshots(folder=tmp_path)
    add_tree(tree("1.0.0"), snapshots)
    fresh = add_tree(tree("1.0.1", nova__api__openstack__common="_STATE_MAP = {}\n"), snapshots)
    kinds = {reading.kind for reading in fresh}
    assert {"statuses", "messages"} <= kinds
    assert not kinds & {"states", "groups"}


def test_a_file_that_appears_is_noticed(tmp_path: Path) -> None:
    snapshots = Snapshots(folder=tmp_path)
    add_tree(tree("1.0.0"), snapshots)
    fresh = add_tree(tree("1.0.1", nova__api__openstack__compute__new="class A(object):\n    pass\n"), snapshots)
    assert {"actions", "guards"} <= {reading.kind for reading in fresh}


def test_a_tree_without_a_version_is_unreleased(tmp_path: Path) -> None:
    snapshots = Snapshots(folder=tmp_path)
    add_tree(SyntheticTree(sources=FILES | COMMON), snapshots)
    assert set(snapshots.versions) == {"unreleased"}


def test_what_another_reader_parsed_is_recorded_by_each() -> None:
    modules = Modules(tree=tree("1.0.0"))
    first, second = modules.recording(), modules.recording()
    one, two = first.at("nova/compute/vm_states.py"), second.at("nova/compute/vm_states.py")
    assert one is two
    assert first.reads == second.reads
    assert modules.reads == {}


def test_a_question_is_recorded_too() -> None:
    modules = Modules(tree=tree("1.0.0"))
    assert modules.named("novaclient.v2") is None
    assert modules.named("oslo_config") is None
    assert modules.reads == {}
    assert modules.named("nova.missing") is None
    assert modules.reads == {"nova/missing.py": None, "nova/missing/__init__.py": None}


SHAPES = ("condition.py", "condition_codec.py", "model.py")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The readers' code where it may be changed."""
    package = Path(extraction.__file__).parent
    shutil.copytree(package, tmp_path / "introspection", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "facts").mkdir()
    for name in SHAPES:
        shutil.copy(package.parent / "facts" / name, tmp_path / "facts")
    monkeypatch.setattr(extraction, "__file__", str(tmp_path / "introspection" / "extraction.py"))
    return tmp_path / "introspection"


def test_the_digest_is_of_what_the_code_does(copied: Path) -> None:
    before = extractor_digest()
    constants = copied / "constants.py"
    text = constants.read_text(encoding="utf-8")
    remarked = text.replace("def _state(", "# A remark.\ndef _state(\n    ").replace('"""Reads', '"""Finds', 1)
    constants.write_text(remarked, encoding="utf-8")
    assert remarked != text
    assert extractor_digest() == before
    constants.write_text(text.replace('"STATE_MAP"', '"OTHER_MAP"'), encoding="utf-8")
    assert extractor_digest() != before


@pytest.mark.parametrize("name", SHAPES)
def test_the_digest_is_of_the_facts_shapes_too(copied: Path, name: str) -> None:
    before = extractor_digest()
    model = copied.parent / "facts" / name
    model.write_text(model.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
    assert extractor_digest() != before

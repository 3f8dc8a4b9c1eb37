"""Extraction of all releases of a repository: stored, reused, and never with less than before."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from nova_states.cli import extract, main
from nova_states.facts.snapshots import load_snapshots
from nova_states.source.git import GitRepository
from nova_states.source.tree import SourceTree

VM_STATES = "ACTIVE = 'active'\nSTOPPED = 'stopped'\n"
FILES = {
    "nova/compute/power_state.py": "RUNNING = 1\nSTATE_MAP = {RUNNING: 'running'}\n",
    "nova/compute/vm_states.py": VM_STATES,
    "nova/compute/task_states.py": "REBOOTING = 'rebooting'\n",
    "nova/compute/api.py": "class API(object):\n    pass\n",
}


def git(repository: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)  # noqa: S607 - git


def tag(repository: Path, version: str, **changed: str) -> None:
    """Commit the files, some of them changed, under a version."""
    for path, text in {**FILES, **{f"nova/compute/{name}.py": text for name, text in changed.items()}}.items():
        file = repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--allow-empty", "-m", version)
    git(repository, "tag", version)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for facts, and a package index that has no releases."""

    class NoIndex:
        def __init__(self, _cache: Path) -> None: ...

        def versions(self) -> tuple[str, ...]:
            return ()

    folder = tmp_path / "data"
    monkeypatch.setattr(extract, "PyPI", NoIndex)
    monkeypatch.setattr(extract, "load_snapshots", lambda: load_snapshots(folder))
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "nova"
    folder.mkdir()
    git(folder, "init", "--quiet")
    tag(folder, "13.0.0")
    tag(folder, "13.1.0", vm_states=VM_STATES + "PAUSED = 'paused'\n")
    return folder


def run(repository: Path, *more: str) -> int:
    return main(["extract", "--git", str(repository), "--workers", "1", *more])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name + file.parent.name: file.read_bytes() for file in sorted(folder.rglob("*.*"))}


def test_all_releases_are_stored(data: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(repository) == 0
    assert capsys.readouterr().out.startswith("2 versions\n")
    stored = load_snapshots(data)
    values = {v: [fact.value for fact in stored.section("states", v).facts] for v in stored.versions}
    assert values == {
        "13.0.0": [1, "active", "stopped", "rebooting"],
        "13.1.0": [1, "active", "stopped", "paused", "rebooting"],
    }
    assert stored.versions["13.0.0"].documents["statuses"] == stored.versions["13.1.0"].documents["statuses"]


def test_running_it_again_changes_no_byte(data: Path, repository: Path) -> None:
    run(repository)
    before = bytes_of(data)
    assert run(repository) == 0
    assert bytes_of(data) == before


def test_a_new_release_is_added(data: Path, repository: Path) -> None:
    run(repository)
    tag(repository, "14.0.0")
    assert run(repository) == 0
    assert list(load_snapshots(data).versions) == ["13.0.0", "13.1.0", "14.0.0"]


def test_what_the_index_has_and_is_not_stored_is_new(
    data: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(repository)
    for version in ("12.0.6", "13.1.1", "14.0.0"):
        tag(repository, version, vm_states=VM_STATES + "ERROR = 'error'\n")

    class Index:
        def __init__(self, _cache: Path) -> None: ...

        def versions(self) -> tuple[str, ...]:
            return ("12.0.6", "13.0.0", "13.1.0", "13.1.1", "14.0.0")

        def tree(self, version: str) -> SourceTree:
            # The tests of its own look after what a wheel is; here it is the same files under the version's tag.
            return repositories.enter_context(GitRepository(repository)).tree(version)

    monkeypatch.setattr(extract, "PyPI", Index)
    capsys.readouterr()
    with ExitStack() as repositories:
        assert main(["extract", "--pypi", "new"]) == 0
        assert [line for line in capsys.readouterr().out.splitlines() if "new" in line] == [
            "13.1.1: new, after 13.1.0",
            "14.0.0: new, after 13.1.1",
        ]
        assert list(load_snapshots(data).versions) == ["13.0.0", "13.1.0", "13.1.1", "14.0.0"]
        before = bytes_of(data)
        assert main(["extract", "--pypi", "new"]) == 0
    assert capsys.readouterr().out == "nothing new\n"
    assert bytes_of(data) == before


def test_what_a_version_tells_no_more_is_told_at_once(
    data: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(repository)
    tag(repository, "14.0.0")
    capsys.readouterr()
    assert run(repository) == 0
    told = [line for line in capsys.readouterr().out.splitlines(keepends=True) if "told by" in line]
    lost = "14.0.0: states: vm_state PAUSED: told by 13.1.0 and not by it"
    assert told == [f"{lost}; mend the extractor, or name it in acknowledged.toml with the reason\n"]
    assert list(load_snapshots(data).versions) == ["13.0.0", "13.1.0", "14.0.0"]


def test_what_was_stored_of_a_version_and_is_read_no_more_is_told(
    data: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(repository)
    git(repository, "tag", "--delete", "13.1.0")
    tag(repository, "13.1.0")
    capsys.readouterr()
    assert main(["extract", "--git", str(repository), "--tag", "13.1.0"]) == 0
    assert "13.1.0: states: vm_state PAUSED: was stored of it and is read no more" in capsys.readouterr().out
    assert data.is_dir()


def test_a_series_that_is_not_known_is_told_at_once(
    data: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(repository)
    tag(repository, "99.0.0", vm_states=VM_STATES + "PAUSED = 'paused'\n")
    capsys.readouterr()
    assert main(["extract", "--git", str(repository), "--tag", "99.0.0"]) == 0
    assert "99.0.0: belongs to no series" in capsys.readouterr().out
    assert data.is_dir()


def test_nothing_new_is_said_to_be_so(data: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(repository)
    capsys.readouterr()
    assert main(["extract", "--git", str(repository), "--tag", "13.0.0"]) == 0
    assert capsys.readouterr().out == ("13.0.0: nothing to read: what is stored was read from files equal to these\n")
    assert data.is_dir()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_bytes_do_not_depend_on_what_was_stored_or_on_the_workers(
    data: Path, repository: Path, workers: str
) -> None:
    tag(repository, "14.0.0", vm_states=VM_STATES + "PAUSED = 'paused'\n")
    assert main(["extract", "--git", str(repository), "--workers", workers]) == 0
    whole = bytes_of(data)
    for file in data.rglob("*.*"):
        file.unlink()
    for version in ("14.0.0", "13.0.0", "13.1.0"):
        assert main(["extract", "--git", str(repository), "--tag", version]) == 0
    assert bytes_of(data) == whole


def test_facts_without_a_source_are_not_dropped(
    data: Path, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(repository)
    (data / "extractor.txt").write_text("an older extractor\n", encoding="utf-8")
    before = bytes_of(data)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    tag(other, "13.0.0")
    assert run(other) == 2
    assert "no source for 13.1.0" in capsys.readouterr().err
    assert bytes_of(data) == before

"""A wheel from a clean checkout carries all that the command line needs, and works where nothing else is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Installation, build, built

pytestmark = pytest.mark.package

LARGEST = 30_000_000
"""Bytes of an installation, without pip and byte code."""
SECONDS = 0.4
"""CPU time of the first `explain` ever."""
SERVER = json.dumps({"id": "a", "vm_state": "error", "task_state": None, "power_state": 4})
NOVA = {
    "nova/compute/power_state.py": "RUNNING = 1\nSTATE_MAP = {RUNNING: 'running'}\n",
    "nova/compute/vm_states.py": "ACTIVE = 'active'\n",
    "nova/compute/task_states.py": "",
    "nova/compute/api.py": "class API(object):\n    pass\n",
    "nova/compute/manager.py": "class ComputeManager(object):\n    pass\n",
}


def members(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def listing(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_holds_code_facts_and_tables_only(wheel: Path) -> None:
    names = {name for name in members(wheel) if ".dist-info/" not in name}
    assert all(name.startswith("nova_states/") for name in names)
    of_facts = ("nova_states/facts/data/", "nova_states/facts/observations/")
    others = {name for name in names if not name.endswith(".py") and not name.startswith(of_facts)}
    assert {name for name in others if not name.endswith(".toml") and "/schemas/" not in name} == {
        "nova_states/py.typed",
        "nova_states/compiled/clauses.json",
        "nova_states/compiled/ko.json",
        "nova_states/compiled/en.json",
        "nova_states/compiled/messages.json",
        "nova_states/compiled/messages_en.json",
        "nova_states/compiled/messages_ko.json",
        "nova_states/compiled/task_options.json",
        "nova_states/compiled/told.json",
    }
    facts = {path.relative_to(ROOT / "generator").as_posix() for path in _facts()}
    assert {name for name in names if name.startswith(of_facts)} == facts


def _facts() -> Iterator[Path]:
    folders = (ROOT / "generator/nova_states/facts" / name for name in ("data", "observations"))
    return (path for folder in folders for path in folder.rglob("*") if path.is_file())


def test_a_wheel_is_the_same_however_it_is_made(wheel: Path, sdist: Path, clone: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "sdist", filter="data")
    (source,) = (tmp_path / "sdist").iterdir()
    assert not (source / "templates").exists()
    assert [path.name for path in (source / "docs").iterdir()] == ["explanations"]
    assert members(built("wheel", source, tmp_path / "of-sdist")) == members(wheel)
    # The second from the same folder: what the first left in it is no part of the package.
    (clone / "build/lib/nova_states").mkdir(parents=True, exist_ok=True)
    (clone / "build/lib/nova_states/left.py").touch()
    again = built("wheel", clone, tmp_path / "again")
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("docs/explanations", "docs/explanations: missing"),
        ("docs/explanations/vm_state/active.yml", "docs/explanations/vm_state/active.yml: missing"),
        ("docs/explanations/lookup.yml", "docs/explanations/lookup.yml: cannot be read"),
        ("generator/nova_states/facts/data", "generator/nova_states/facts/data: holds no facts"),
    ],
)
def test_a_tree_that_is_not_whole_is_not_built(clone: Path, tmp_path: Path, missing: str, said: str) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(clone, tree, ignore=shutil.ignore_patterns("build", "tests", "*.egg-info"))
    (shutil.rmtree if (tree / missing).is_dir() else os.unlink)(tree / missing)
    finished = build("wheel", tree, tmp_path / "none")
    assert finished.returncode != 0
    told = finished.stdout + finished.stderr
    assert told.count(f"\nerror: nova-states cannot be built: {said}") == told.count("cannot be built") == 1
    assert "Traceback" not in told


def test_an_installation_is_small(installation: Installation) -> None:
    own = {
        name: size
        for name, size in listing(installation.packages).items()
        if not name.startswith(("pip/", "pip-")) and not name.endswith(".pyc")
    }
    assert sum(own.values()) <= LARGEST, sum(own.values())


@pytest.mark.skipif(os.name != "posix", reason="no CPU time of children")
def test_the_first_explain_is_quick(installation: Installation) -> None:
    import resource  # noqa: PLC0415 - POSIX only

    # An installation keeps nothing from run to run, so that each is like the first.
    spent: list[float] = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert installation.run("explain", text=SERVER).returncode == 1
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) <= SECONDS, spent


def test_every_command_works(installation: Installation) -> None:
    tree = installation.home / "tree"
    for name, text in NOVA.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    before = listing(installation.packages)
    for arguments, status, said in (
        (("--version",), 0, "nova-states "),
        (("--help",), 0, "exit status"),
        (("explain",), 1, "needs attention"),
        (("explain", "--lang", "ko"), 1, "지금 할 수 있는 일"),
        (("explain", "--format", "json"), 1, '"verdict": "needs-attention"'),
        (("facts", "--release", "mitaka", "--kind", "groups"), 0, "ALLOW_SOFT_REBOOT: active"),
        (("facts", "--tree", "tree", "--format", "json"), 1, '"ACTIVE": "active"'),
        (("diff", "25.0.0", "25.1.0"), 0, "evacuate"),
        (("diff", "latest", "tree"), 1, "changes"),
        (("export", "vm-states", "--release", "mitaka"), 0, "The server is powered off"),
        (("extract", "--tree", "tree"), 0, "states: 2 of 2 constants read"),
        (("check",), 0, "checked the facts alone; the explanations are checked in a checkout"),
        (("completion", "bash"), 0, "nova-states"),
    ):
        finished = installation.run(*arguments, text=SERVER)
        assert (finished.returncode, finished.stderr) == (status, ""), arguments
        assert said in finished.stdout, arguments
    for arguments, said in (
        (("extract",), "facts are stored in a checkout only"),
        (("explain", "--release", "nowhere"), "release 'nowhere' is unknown"),
        (("explain", "missing"), "No such file"),
    ):
        finished = installation.run(*arguments)
        assert finished.returncode == 2, arguments
        assert said in finished.stderr
        assert finished.stderr.count("\n") == 1
    assert listing(installation.packages) == before
    assert sorted(path.name for path in installation.home.iterdir()) == ["tree"]
    assert installation.execute(str(installation.python), "-m", "nova_states", "explain", text=SERVER).returncode == 1


def test_a_release_is_read_from_the_index_and_not_stored(installation: Installation) -> None:
    before = listing(installation.packages)
    finished = installation.run("extract", "--pypi", "33.0.2")
    if "does not answer" in finished.stderr:
        pytest.skip(finished.stderr)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "guards: " in finished.stdout
    assert listing(installation.packages) == before
    shutil.rmtree(installation.home / "nova-states", ignore_errors=True)
    shutil.rmtree(installation.home / "Library", ignore_errors=True)


def test_it_explains_in_python(installation: Installation) -> None:
    code = f"from nova_states import explain; print(explain({SERVER!r})[0].verdict)"
    finished = installation.execute(str(installation.python), "-W", "error", "-c", code)
    assert (finished.stdout, finished.stderr) == ("needs-attention\n", "")

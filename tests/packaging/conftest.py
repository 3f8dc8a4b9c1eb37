"""The package as others get it: built once, installed once into an environment of its own."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "package: builds the package and installs it with what it needs, from the index")


def build(kind: str, source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build a wheel or an sdist with the setuptools at hand."""
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(folder), str(source)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=clean_environment() | {"SOURCE_DATE_EPOCH": "315532800"},
        check=False,
    )


def built(kind: str, source: Path, folder: Path) -> Path:
    finished = build(kind, source, folder)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (made,) = folder.iterdir()
    return made


def clean_environment() -> dict[str, str]:
    """This environment without what would lead Python back into the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONIOENCODING": "utf-8"}


def checkout(folder: Path) -> Path:
    """What a clone holds, as far as it is built from: what git lists, as it is in the folder now."""
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="session")
def sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", clone, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", clone, tmp_path_factory.mktemp("wheel"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """An environment with the wheel and what it needs, whose packages cannot be written."""

    folder: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def program(self) -> Path:
        return self.folder / ("Scripts/nova-states.exe" if os.name == "nt" else "bin/nova-states")

    @property
    def packages(self) -> Path:
        (found,) = self.folder.glob("**/site-packages")
        return found

    def environment(self) -> dict[str, str]:
        """A user's, with a home of its own."""
        places = {name: str(self.home) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME")}
        return {name: value for name, value in clean_environment().items() if name != "NOVA_STATES_CACHE"} | places

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run `nova-states`, away from the checkout."""
        return self.execute(str(self.program), *arguments, text=text)

    def execute(self, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=text,
            capture_output=True,
            encoding="utf-8",
            cwd=self.home,
            env=self.environment(),
            check=False,
            timeout=300,
        )


@pytest.fixture(scope="session")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("elsewhere")
    made = Installation(folder=folder / "environment", home=folder / "home")
    made.home.mkdir()
    venv.create(made.folder, with_pip=True)
    pip = [str(made.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    finished = subprocess.run(pip, capture_output=True, text=True, env=clean_environment(), check=False)
    if "No matching distribution found" in finished.stderr:
        pytest.skip(f"needs the package index: {finished.stderr.splitlines()[-1]}")
    assert finished.returncode == 0, finished.stderr
    _set_writable(made.packages, writable=False)
    yield made
    _set_writable(made.packages, writable=True)


def _set_writable(folder: Path, *, writable: bool) -> None:
    for place in (folder, *folder.rglob("*")):
        mode = place.stat().st_mode
        place.chmod(mode | stat.S_IWUSR if writable else mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))

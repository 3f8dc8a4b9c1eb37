"""Virtual environments of pinned wheels, made once and kept in the user's cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uv import find_uv_bin

from nova_states.locations import cache_folder

HERE = Path(__file__).parent
RELEASES = ("33.0.2", "34.0.0")
"""Those that have a requirements file here."""
_NOT_AT_HAND = re.compile(
    r"error sending request|failed to (?:fetch|lookup)|dns error|connect|timed? ?out|offline|network"
    r"|no wheels?|not found in the package registry|no matching distribution",
    re.IGNORECASE,
)
"""What uv says where an index or a wheel cannot be had; a wrong hash or a pin that contradicts another is an error."""


class NotAtHandError(Exception):
    """The wheels of an environment cannot be had; its text is one line."""


@contextmanager
def environment(name: str) -> Iterator[Path]:
    """The Python of an environment with what `requirements-<name>.txt` pins; it stays as it is meanwhile.

    Whoever else wants the same one may use it at the same time, and waits where other pins are wanted.

    Raises:
        NotAtHandError: It has to be made, and the package index or a wheel cannot be had.
        subprocess.CalledProcessError: It cannot be made for any other reason.
    """
    requirements = HERE / f"requirements-{name}.txt"
    folder = cache_folder() / "live" / f"{name}-{sys.implementation.cache_tag}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        # Also the Python: where the one it was made with has been moved or updated, it is dead.
        stamp = hashlib.sha256(f"{sys.version} {sys.executable}\n".encode() + requirements.read_bytes()).hexdigest()
        fcntl.flock(lock, fcntl.LOCK_SH)
        if _stamp_of(folder) != stamp:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Somebody else may have made it while this one waited.
            if _stamp_of(folder) != stamp:
                _make(folder, requirements)
                (folder / "stamp").write_text(stamp, encoding="ascii")
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield folder / "bin/python"


def _stamp_of(folder: Path) -> str | None:
    """What a whole environment was made from."""
    kept = folder / "stamp"
    return kept.read_text(encoding="ascii") if kept.is_file() else None


def _make(folder: Path, requirements: Path) -> None:
    _uv("venv", "--clear", "--python", sys.executable, str(folder))
    pinned = ("--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements))
    _uv("pip", "install", "--python", str(folder / "bin/python"), *pinned)


def _uv(*arguments: str) -> None:
    command = [find_uv_bin(), *arguments, "--quiet", "--no-config"]
    # Quiet, it says nothing of what fails either, in some versions; what it says once more is worth a line.
    finished = subprocess.run(command, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False)
    if finished.returncode:
        said = " ".join(finished.stderr.split())
        if _NOT_AT_HAND.search(said) and "hash" not in said.lower():
            raise NotAtHandError(f"wheels cannot be had: {said[-200:]}")
        raise subprocess.CalledProcessError(finished.returncode, command, finished.stdout, finished.stderr)

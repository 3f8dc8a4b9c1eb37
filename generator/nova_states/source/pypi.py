"""Nova from the package index: the newest releases, and those whose tag is not at hand.

pip does the fetching, because whoever works behind a mirror, a proxy or a company's certificates has told pip so
already, and because it checks what it fetched against the index. Only wheels are asked for: an sdist would have
to run its own code to say what it is.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from nova_states.errors import InputError
from nova_states.source.versions import final_releases, is_version, nearest_releases
from nova_states.source.wheel import WheelTree, open_wheel

# Nova's wheels are read, not installed: which Python they are for does not matter.
_WHEELS = ("--only-binary=:all:", "--ignore-requires-python")
_AVAILABLE = re.compile(r"^Available versions: (.+)$", re.MULTILINE)
_KNOWN = re.compile(r"\(from versions: (?!none\))([^)]+)\)")
_OTHERWISE = "see that the network works, or use --tree or --git"


class PyPI:
    """The package index that pip is configured for, by default https://pypi.org/."""

    def __init__(self, cache: Path) -> None:
        """Name the folder that downloaded wheels are kept in; it is made when first needed."""
        self.cache = cache

    def versions(self) -> tuple[str, ...]:
        """Final releases that have a wheel, the oldest first.

        Raises:
            InputError: the index cannot be reached.
        """
        finished = _run_pip("index", "versions", *_WHEELS, "nova")
        available = _AVAILABLE.search(finished.stdout)
        if finished.returncode or not available:
            raise InputError(f"the package index does not list nova ({_complaint(finished.stderr)}); {_OTHERWISE}")
        return final_releases(available[1].split(", "))

    def tree(self, version: str) -> WheelTree:
        """Nova of a version, from its wheel, which is downloaded unless it is in the cache and whole.

        Raises:
            InputError: no such version has a wheel, the index cannot be reached, the wheel is not what the index
                says it is or is no sound wheel of Nova, or the cache cannot be written.
        """
        if not is_version(version):
            raise InputError(f"{version!r} is no version; give one such as 33.0.2")
        try:
            return self._find(version) or self._download(version)
        except OSError as error:
            raise InputError(
                f"{error.filename or self.cache}: {error.strerror}; "
                "set NOVA_STATES_CACHE to a folder that can be written"
            ) from error

    def _find(self, version: str) -> WheelTree | None:
        for wheel in sorted(self.cache.glob(f"wheels/*/nova-{version}-*.whl")):
            content = wheel.read_bytes()
            # The folder's name is the hash the content had when it came.
            if hashlib.sha256(content).hexdigest() == wheel.parent.name:
                return open_wheel(wheel.name, content)
            wheel.unlink(missing_ok=True)
        return None

    def _download(self, version: str) -> WheelTree:
        wheels = self.cache / "wheels"
        wheels.mkdir(parents=True, exist_ok=True)
        # Beside its final place, so that it gets there whole or not at all.
        with tempfile.TemporaryDirectory(dir=wheels, prefix="download-") as room:
            finished = _run_pip("download", *_WHEELS, "--no-deps", f"--dest={room}", f"nova=={version}")
            if finished.returncode:
                raise InputError(_describe_failure(version, finished.stderr))
            (wheel,) = Path(room).iterdir()
            tree = open_wheel(wheel.name, wheel.read_bytes())
            final = wheels / str(tree.origin.digest) / wheel.name
            final.parent.mkdir(exist_ok=True)
            wheel.replace(final)
        return tree


def _run_pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    # -P: a folder named pip where the user happens to stand must not be run in pip's place.
    command = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    finished = subprocess.run(  # noqa: S603 - words of our own, and a version that is one
        [*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if "No module named pip" in finished.stderr:
        raise InputError(f"{sys.executable} has no pip to download with; run {sys.executable} -m ensurepip")
    return finished


def _describe_failure(version: str, stderr: str) -> str:
    if known := _KNOWN.search(stderr):
        near = ", ".join(nearest_releases(version, final_releases(known[1].split(", "))))
        return f"nova {version} has no wheel on the package index (nearest: {near}); read its tag with --git and --tag"
    return f"nova {version} cannot be had from the package index ({_complaint(stderr)}); {_OTHERWISE}"


def _complaint(stderr: str) -> str:
    """Shorten what pip said to what a user can act on."""
    if "DO NOT MATCH THE HASHES" in stderr:
        return "the wheel is not the one whose sha256 the index gives"
    complaints = [line.removeprefix("ERROR: ") for line in stderr.splitlines() if line.startswith("ERROR: ")]
    if not complaints or "from versions: none" in complaints[0] or "No matching distribution" in complaints[0]:
        return "it does not answer, or has no nova"
    # Where pip itself breaks, what happened is the last line of its traceback.
    return stderr.strip().splitlines()[-1] if complaints[0] == "Exception:" else complaints[0]

"""Small Novas to read: as files, as a git repository, as a wheel, as a package index of one's own."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NOVA = {
    "nova/__init__.py": b"",
    "nova/compute/vm_states.py": b"ACTIVE = 'active'\n",
    "nova/conf/compute.py": "# 한국어\n".encode(),
    "nova/conf/deep/base.py": b"x = 1",
}
"""Path → content of the smallest Nova there is."""

COMMIT_TIME = "2026-06-16T23:30:00 -0500"
"""A commit's time whose day is another one in UTC: the 17th."""

WHEEL_TIME = (2026, 7, 1, 12, 0, 0)


def write_files(root: Path, files: Mapping[str, bytes] = NOVA) -> Path:
    """Write files below a folder, which is made, and return the folder."""
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return root


def run_git(repository: Path, *arguments: str, content: bytes = b"") -> str:
    """Run git in a folder, with none of the settings of whoever runs the tests."""
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        **{f"GIT_{who}_DATE": COMMIT_TIME for who in ("AUTHOR", "COMMITTER")},
    }
    finished = subprocess.run(
        ["git", "-C", str(repository), *arguments],  # noqa: S607 - whichever git is first in the path
        env=environment,
        input=content,
        capture_output=True,
        check=True,
    )
    return finished.stdout.decode().strip()


def make_repository(root: Path, tags: Iterable[str] = (), files: Mapping[str, bytes] = NOVA) -> Path:
    """Make a checkout with one commit, tagged; a release's tag is annotated, as Nova's are, others are not."""
    write_files(root, files)
    run_git(root, "init", "--quiet")
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--message=all")
    for tag in tags:
        run_git(root, "tag", *(["--annotate", "--message=release"] if tag[0].isdigit() else []), tag)
    return root


def pack_wheel(version: str = "33.0.2", files: Mapping[str, bytes] = NOVA) -> bytes:
    """Pack files and Nova's metadata as a wheel."""
    metadata = {
        "METADATA": f"Metadata-Version: 2.1\nName: nova\nVersion: {version}\n",
        "WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content, zipfile.ZIP_DEFLATED)
        for name, text in metadata.items():
            archive.writestr(zipfile.ZipInfo(f"nova-{version}.dist-info/{name}", WHEEL_TIME), text)
    return packed.getvalue()


def write_index(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write a package index that has these files of nova, each with its hash, and return the page that lists them."""
    write_files(root / "nova", files)
    page = root / "nova" / "index.html"
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    page.write_text(
        "".join(f'<a href="{name}#sha256={digest}">{name}</a>\n' for name, digest in hashes.items()), encoding="utf-8"
    )
    return page

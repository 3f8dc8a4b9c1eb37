"""What every source of Nova looks like to the introspection: files by path, named by their content.

Files are named by git's blob id whatever they come from, so that a wheel and a tag that hold the same file
share what was read from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

LANDMARK = "nova/compute/vm_states.py"
"""A file that every Nova since 2011.3 has: without it, a tree is not one that can be introspected."""

MAX_FILE_SIZE = 8 * 1024 * 1024
"""Bytes a file may have; the largest of Nova, a unit test, has a fifth of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a tree was taken from, precisely enough to take it again."""

    kind: Literal["git", "pypi", "directory"]
    """The sort of source."""
    reference: str | None
    """Tag of a git tree, file name of a wheel; None for a folder."""
    digest: str | None
    """Commit id of a git tree, sha256 of a wheel; None for a folder."""
    date: str | None
    """Day of the commit (git, in UTC) or of the wheel's build, YYYY-MM-DD; None where the source does not say."""


class SourceTree(Protocol):
    """A Nova source tree, read by path. Nothing of it is ever imported or executed."""

    @property
    def version(self) -> str | None:
        """The release the tree says it is, such as "33.0.2"; None where it does not say."""

    @property
    def origin(self) -> Origin:
        """Where the tree comes from."""

    def blob(self, path: str) -> str | None:
        """Git blob id (40 hex digits) of the file at `path` ("nova/compute/api.py"), or None if there is none."""

    def read(self, path: str) -> bytes:
        """Content of the file at `path`.

        Raises:
            InputError: there is no such file, or it cannot be read.
        """

    def files(self, folder: str) -> Sequence[str]:
        """Sorted paths of all files below `folder` ("nova/conf"), recursively; empty if there is no such folder."""


def blob_id(content: bytes) -> str:
    """Git's name for a file of this content (sha1 of a header and the content)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def listing_id(paths: Iterable[str]) -> str:
    """A name for a list of paths, made like a file's; a path need not be text, as Python lets it pass for one."""
    return blob_id("\n".join(paths).encode(errors="surrogateescape"))


def paths_below(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    """Sort those of the paths that lie below the folder."""
    beginning = folder.rstrip("/") + "/"
    return tuple(sorted(path for path in paths if path.startswith(beginning)))

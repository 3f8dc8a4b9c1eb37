"""Nova from a folder: a checkout, an unpacked sdist, or the place it is installed in.

The folder may be a stranger's: what is read is a regular file of sane size that lies inside it, links or not.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nova_states.errors import InputError
from nova_states.source.git import GitRepository
from nova_states.source.tree import LANDMARK, MAX_FILE_SIZE, Origin, blob_id, paths_below
from nova_states.source.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_METADATA = ("PKG-INFO", "nova-*.dist-info/METADATA", "nova-*.egg-info/PKG-INFO")
"""Where an sdist, a wheel and a distribution's package say what they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryTree:
    """Nova as it is in a folder; a `SourceTree`."""

    version: str | None
    origin: Origin
    _root: Path
    """The folder, all links resolved."""

    def blob(self, path: str) -> str | None:
        """See `SourceTree.blob`.

        Raises:
            InputError: what is at `path` cannot be read.
        """
        content = _read_inside(self._root, path)
        return None if content is None else blob_id(content)

    def read(self, path: str) -> bytes:
        """See `SourceTree.read`."""
        content = _read_inside(self._root, path)
        if content is None:
            raise InputError(f"{self._root / path}: there is no such file")
        return content

    def files(self, folder: str) -> Sequence[str]:
        """See `SourceTree.files`.

        Raises:
            InputError: a folder cannot be listed, or is a link to another.
        """
        return paths_below(_walk(self._root, folder), folder)


def open_directory(path: Path) -> DirectoryTree:
    """Open the folder that `nova/` is in.

    The version is that of the tag that is checked out, else what the package's metadata say.

    Raises:
        InputError: it holds no Nova that can be introspected.
    """
    root = Path(os.path.realpath(path))
    if _read_inside(root, LANDMARK) is None:
        if not root.is_dir():
            what = "this is no folder" if root.exists() else "there is no such folder"
            raise InputError(f"{path}: {what}; give the one that holds nova/")
        if root.name == "nova" and _read_inside(root.parent, LANDMARK) is not None:
            raise InputError(f"{path}: this is the package itself; give the folder it is in, {root.parent}")
        raise InputError(f"{path}: holds no {LANDMARK}; give a folder that holds Nova since 2011.3")
    return DirectoryTree(
        version=_checked_out_release(root) if (root / ".git").exists() else _packaged_version(root),
        origin=Origin(kind="directory", reference=None, digest=None, date=None),
        _root=root,
    )


def _checked_out_release(root: Path) -> str | None:
    with GitRepository(root) as repository:
        try:
            return repository.checked_out_release()
        except InputError:
            # The files are here to be read; only their version cannot be told.
            return None


def _packaged_version(root: Path) -> str | None:
    places = [place.relative_to(root).as_posix() for pattern in _METADATA for place in sorted(root.glob(pattern))]
    versions = {read_version(_read_inside(root, place) or b"") for place in places} - {None}
    # Two installations over each other: the metadata do not tell which one the files are of.
    return versions.pop() if len(versions) == 1 else None


def _read_inside(root: Path, path: str) -> bytes | None:
    """Read a file of the folder; None if there is none.

    Raises:
        InputError: it lies outside of the folder, is no regular file, is too large, or may not be read.
    """
    place = root / path
    try:
        real = Path(os.path.realpath(place, strict=True))
        if not real.is_relative_to(root):
            raise InputError(f"{place}: leads out of the folder, to {real}; copy the file to where the link is")
        status = real.stat()
        if stat.S_ISDIR(status.st_mode):
            return None
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{place}: is no regular file; remove it, or give a folder of Nova")
        if status.st_size > MAX_FILE_SIZE:
            raise InputError(f"{place}: {status.st_size} bytes are more than any file of Nova has; remove it")
        return real.read_bytes()
    except OSError as error:
        _refuse_unless_absent(error)
        return None


def _walk(root: Path, folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(root / folder, onerror=_refuse_unless_absent):
        # Followed, a link to a folder could lead anywhere; passed over, it would hide files without a word.
        for link in filter(Path.is_symlink, (Path(place), *(Path(place, name) for name in folders))):
            raise InputError(f"{link}: is a link to a folder; copy the folder to where the link is")
        yield from (Path(place, name).relative_to(root).as_posix() for name in names)


def _refuse_unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise InputError(f"{error.filename}: {error.strerror}; make it readable") from error

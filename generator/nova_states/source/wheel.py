"""Nova from a wheel, read straight out of the archive: nothing is unpacked, so nothing can land in a wrong place.

A hostile archive is refused whole, by its table of contents, before anything of it is decompressed.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nova_states.errors import InputError
from nova_states.source.tree import LANDMARK, MAX_FILE_SIZE, Origin, blob_id, paths_below
from nova_states.source.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Nova's wheels have 2,500 members of 28 MB together, none packed better than 14 to 1.
_MAX_MEMBERS = 20_000
_MAX_TOTAL_SIZE = 256 * 1024 * 1024
_MAX_RATIO = 100

_SAFE_NAME = re.compile(r"(?!/)(?!.*(^|/)\.{1,2}(/|$))[^\\\0:]+", re.DOTALL)
_METADATA = re.compile(r"nova-[^/]+\.dist-info/METADATA")
_EPOCH = "1980-01-01"
"""What a wheel without times says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WheelTree:
    """Nova as it is in a wheel; a `SourceTree`."""

    version: str
    origin: Origin
    _archive: zipfile.ZipFile
    """Over bytes in memory: there is no file to close."""
    _members: Mapping[str, zipfile.ZipInfo]

    def blob(self, path: str) -> str | None:
        """See `SourceTree.blob`.

        Raises:
            InputError: what is at `path` cannot be read.
        """
        return blob_id(self.read(path)) if path in self._members else None

    def read(self, path: str) -> bytes:
        """See `SourceTree.read`."""
        if path not in self._members:
            raise InputError(f"{self.origin.reference}: {path}: there is no such file")
        return _read_member(self._archive, self._members[path], f"{self.origin.reference}: {path}")

    def files(self, folder: str) -> Sequence[str]:
        """See `SourceTree.files`."""
        return paths_below(self._members, folder)


def open_wheel(name: str, content: bytes) -> WheelTree:
    """Open a wheel of Nova.

    Args:
        name: its file name, "nova-33.0.2-py3-none-any.whl".
        content: all of it.

    Raises:
        InputError: it is damaged, hostile, or no wheel of a Nova that can be introspected.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name}: is damaged ({error}); download it again") from error
    for reason in _find_hostility(archive.infolist()):
        raise InputError(f"{name}: {reason}; this is no wheel of Nova, see where it is from")
    members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    metadata = next(filter(_METADATA.fullmatch, members), None)
    version = metadata and read_version(_read_member(archive, members[metadata], f"{name}: {metadata}"))
    if not metadata or not version or LANDMARK not in members:
        raise InputError(f"{name}: holds no {LANDMARK} or no metadata of nova; give a wheel of Nova")
    day = "{:04}-{:02}-{:02}".format(*members[metadata].date_time)
    return WheelTree(
        version=version,
        origin=Origin(
            kind="pypi",
            reference=name,
            digest=hashlib.sha256(content).hexdigest(),
            date=None if day == _EPOCH else day,
        ),
        _archive=archive,
        _members={path: member for path, member in members.items() if path.startswith("nova/")},
    )


def _find_hostility(members: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Say what in a table of contents no honest wheel has."""
    if len(members) > _MAX_MEMBERS:
        yield f"has {len(members)} members"
    if sum(member.file_size for member in members) > _MAX_TOTAL_SIZE:
        yield f"unpacks to more than {_MAX_TOTAL_SIZE} bytes"
    seen: set[str] = set()
    for member in members:
        # As it is in the archive: `filename` is what zipfile made of it.
        name = member.orig_filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not _SAFE_NAME.fullmatch(name):
            yield f"has a member {name!r}, a path that leads elsewhere"
        if name in seen:
            yield f"has two members {name!r}"
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield f"has a member {name!r} that is a link or a device"
        if member.file_size > MAX_FILE_SIZE or member.file_size > _MAX_RATIO * max(member.compress_size, 1):
            yield f"has a member {name!r} that unpacks to {member.file_size} bytes"
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"has a member {name!r} that is encrypted or packed as in no wheel"
        seen.add(name)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{place}: is damaged ({error}); download the wheel again") from error

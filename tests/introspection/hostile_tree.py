"""A source tree whose files may be any bytes at all."""

from __future__ import annotations

from nova_states.errors import InputError
from nova_states.source.tree import Origin, blob_id

UNREADABLE = b"a link that leads out of the folder"


class BytesTree:
    """A `SourceTree` whose files may be anything."""

    version = None
    origin = Origin(kind="directory", reference=None, digest=None, date=None)

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def blob(self, path: str) -> str | None:
        return blob_id(self._files[path]) if path in self._files else None

    def read(self, path: str) -> bytes:
        if self._files[path] is UNREADABLE:
            raise InputError(f"{path}: leads out of the folder")
        return self._files[path]

    def files(self, folder: str) -> list[str]:
        return sorted(path for path in self._files if path.startswith(f"{folder}/"))

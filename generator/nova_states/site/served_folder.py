"""The folder of a site that is edited: of what a build writes, only what is another is written.

MkDocs empties the folder and writes every file again, which takes longer than all else that an edit of prose costs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mkdocs import utils

_REPLACED: Final = ("clean_directory", "write_file", "copy_file")
"""What MkDocs asks of `mkdocs.utils` to write a site."""


class ServedFolder:
    """Stands between MkDocs and the folder while one build runs; between builds MkDocs has its own functions."""

    def __init__(self) -> None:
        self._written: dict[str, object] = {}
        """Path → what tells the content that stands there."""
        self._now: set[str] = set()
        self._own: dict[str, Callable[..., Any]] = {}

    def begin(self) -> None:
        """Take over what the build that begins writes."""
        self.leave()
        self._now = set()
        self._own = {name: getattr(utils, name) for name in _REPLACED}
        for name in _REPLACED:
            setattr(utils, name, getattr(self, f"_{name}"))

    def end(self) -> None:
        """Remove what the build that ends has not written again."""
        for path in self._written.keys() - self._now:
            del self._written[path]
            _remove(Path(path))
        self.leave()

    def leave(self) -> None:
        """Give MkDocs its functions back, whatever became of the build."""
        for name, own in self._own.items():
            setattr(utils, name, own)
        self._own = {}

    def _clean_directory(self, directory: str) -> None:
        if not any(path.startswith(f"{directory}{os.sep}") for path in self._written):
            self._own["clean_directory"](directory)

    def _write_file(self, content: bytes, output_path: str) -> None:
        if self._is_new(output_path, hashlib.blake2b(content).digest()):
            self._own["write_file"](content, output_path)

    def _copy_file(self, source_path: str, output_path: str) -> None:
        stat = Path(source_path).stat()
        if self._is_new(output_path, (source_path, stat.st_mtime_ns, stat.st_size)):
            self._own["copy_file"](source_path, output_path)

    def _is_new(self, path: str, content: object) -> bool:
        self._now.add(path)
        if self._written.get(path) == content and Path(path).is_file():
            return False
        self._written[path] = content
        return True


def _remove(file: Path) -> None:
    """Remove a file and the folders that are then empty."""
    file.unlink(missing_ok=True)
    while (file := file.parent).is_dir() and not any(file.iterdir()):
        file.rmdir()

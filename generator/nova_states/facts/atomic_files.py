"""Several files written as one: whoever reads them, whenever the writing stops, has them all old or all new.

New texts are written beside the old files first. Then a list of them, put in place by one rename, makes them what the
files hold; each is moved over its old file, and the list is removed. While there is a list, a file of it that was not
moved yet is read where it was written.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from nova_states.errors import InputError

_LIST = ".moving.json"


def read_current(folder: Path, name: str) -> str | None:
    """The text of the file `name` ("guards/rows.jsonl") below `folder`; None if there is none.

    Raises:
        InputError: it cannot be read.
    """
    path = folder / name
    beside = _beside(path)
    try:
        if beside.is_file() and name in _listed(folder):
            return beside.read_text(encoding="utf-8")
        return path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); restore it or run `nova-states extract`") from error


def write_together(folder: Path, texts: Mapping[str, str]) -> None:
    """Make the files below `folder` hold these texts; those that do so already are left alone.

    Raises:
        InputError: they cannot be written; the files are as they were.
    """
    try:
        _finish(folder)
        for name in texts:
            _beside(folder / name).unlink(missing_ok=True)  # of a writing that was killed
        changed = [name for name, text in texts.items() if read_current(folder, name) != text]
        if not changed:
            return
        try:
            for name in changed:
                _write(_beside(folder / name), texts[name])
            _write(_beside(folder / _LIST), json.dumps(changed))
        except BaseException:
            for name in (*changed, _LIST):
                with suppress(OSError):
                    _beside(folder / name).unlink(missing_ok=True)
            raise
        with _undisturbed():
            _beside(folder / _LIST).replace(folder / _LIST)
            _finish(folder)
    except OSError as error:
        raise InputError(
            f"{error.filename or folder}: {error.strerror}; what is stored is whole: make room, or make it writable, "
            "and run this again"
        ) from error


def _finish(folder: Path) -> None:
    """Move what a list says is to be moved."""
    if (folder / _LIST).is_file():
        for name in _listed(folder):
            with suppress(FileNotFoundError):  # moved before the writing was stopped
                _beside(folder / name).replace(folder / name)
        (folder / _LIST).unlink()


def _listed(folder: Path) -> list[str]:
    try:
        names: list[str] = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return names


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no Ctrl-C come between a few renames."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

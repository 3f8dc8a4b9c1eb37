"""The compiled tables as a file: a wheel brings it, a checkout makes it once for what it is made of.

The site publishes what is in the same file (`page_tables.py`), so the command line and the page answer alike. A
checkout keeps it in the user's cache; whatever it was made of is digested into its name, so it can be missing but never
out of date.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.locations import COMPILED, PACKAGE, cache_folder, explanations_folder, find_checkout

_MADE_OF: Final = (
    ("facts/data/", ".jsonl"),
    ("facts", ".toml"),
    ("facts", ".py"),
    ("catalog", ".py"),
    ("explanations", ".py"),
    ("lookup", ".py"),
    ("lookup/reading", "grammar.py"),
    ("lookup/reading", "grammar.toml"),
    ("", "memo.py"),
)
"""Folders of the package, with all below them where they end in a slash, and the ends of their files' names."""
_KEPT: Final = 6
"""Files a language in the cache: the tables of so many states of a checkout, or of so many checkouts."""


def load_tables(name: str) -> dict[str, Any]:
    """Tables and texts (`texts`) of a language, or one of the tables of messages (`message_patterns.TRANSLATIONS`)."""
    text = read_tables(name)
    with uncollected():
        found: dict[str, Any] = json.loads(text)
    return found


@contextmanager
def uncollected() -> Iterator[None]:
    """Where many small things are made and none is garbage: looking for some takes longer than making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_tables(language: str) -> str:
    """The file's text: as the wheel brought it or as it was kept, else made now and kept for the next time.

    Raises:
        InputError: what was installed is not whole.
    """
    if find_checkout() is None:
        file = COMPILED / f"{language}.json"
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file}: cannot be read; install nova-states again") from error
    folder, digest = _cache(), _digest()
    try:
        if folder is not None:
            return _path(folder, language, digest).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    from nova_states.lookup.compilation import compile_languages  # noqa: PLC0415 - takes longer than an answer

    made = compile_languages()
    for other, text in made.items():
        if folder is not None:
            _keep(_path(folder, other, digest), text)
    return made[language]


def kept_part(name: str, texts: Sequence[str], also: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A part of the tables of a checkout, which most edits of explanations leave as it is.

    Args:
        name: Of the part; without a "-".
        texts: The explanations it is made of besides the facts: files, and folders with all that is in them.
        also: Whatever else it is made of.
        make: Makes it; JSON, and what is kept is the same in JSON.
    """
    folder = _cache()
    if folder is None:
        return make()
    path = _path(folder, name, _digest_of(_inputs(texts), also))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = json.dumps(make(), ensure_ascii=False, separators=(",", ":"))
        _keep(path, text)
    # Made now or kept, it is what JSON makes of it.
    found: dict[str, Any] = json.loads(text)
    return found


def _cache() -> Path | None:
    """The folder of kept tables; None where the user has none."""
    try:
        return cache_folder() / "tables"
    except InputError:
        return None


def _path(folder: Path, language: str, digest: str) -> Path:
    return folder / f"{language}-{digest}.json"


def _keep(path: Path, text: str) -> None:
    """Keep the text for the next time, in place of the oldest; where nothing can be written, do without."""
    new = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = sorted(path.parent.glob(f"{path.name.partition('-')[0]}-*.json"), key=_age)
        for old in kept[_KEPT - 1 :]:
            old.unlink(missing_ok=True)
        new.write_text(text, encoding="utf-8", newline="\n")
        new.replace(path)
    except OSError:
        _remove(new)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _age(path: Path) -> float:
    """For sorting: the file that was written last comes first."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _digest() -> str:
    return _digest_of(_inputs())


def _digest_of(inputs: Iterable[tuple[str, str]], also: str = "") -> str:
    digest = hashlib.sha256(also.encode())
    for root, name in inputs:
        digest.update(name.encode())
        # Hundreds of small files: with pathlib and buffers they would take longer than the answer.
        with open(f"{root}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
            digest.update(file.read())
    return digest.hexdigest()[:16]


def _inputs(texts: Sequence[str] = ("",)) -> Iterator[tuple[str, str]]:
    """Each file with the folder it is named from: checkouts that hold the same share their tables.

    Args:
        texts: What the names of explanations begin with.
    """
    explanations, package = str(explanations_folder()), str(PACKAGE)
    named = (name for name in _files_in(explanations, "/", ".yml") if name.startswith(tuple(texts)))
    yield from ((explanations, name) for name in sorted(named))
    for folder, end in _MADE_OF:
        yield from ((package, name) for name in sorted(_files_in(package, folder, end)))


def _files_in(root: str, folder: str, end: str) -> Iterator[str]:
    """Names from `root` on of the files in a folder that end so; of all below it where it ends in a slash."""
    with os.scandir(f"{root}/{folder}") as entries:
        for entry in entries:
            name = f"{folder.rstrip('/')}/{entry.name}".lstrip("/")
            if entry.name.endswith(end):
                yield name
            elif folder.endswith("/") and entry.is_dir():
                yield from _files_in(root, f"{name}/", end)

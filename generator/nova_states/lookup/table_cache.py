"""The compiled tables as a file: a wheel brings it, a checkout makes it once for what it is made of.

The site publishes the same file, so the command line and the page answer from the same bytes. A checkout keeps it in
the user's cache; whatever it was made of is digested into its name, so it can be missing but never out of date.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.locations import COMPILED, PACKAGE, cache_folder, explanations_folder, find_checkout

_MADE_OF: Final = (
    "facts/data/**/*.jsonl",
    "facts/*.toml",
    "facts/*.py",
    "catalog/*.py",
    "explanations/*.py",
    "lookup/*.py",
    "lookup/reading/grammar.*",
    "memo.py",
)
"""Files of the package, beside the explanations."""
_KEPT: Final = 6
"""Files a language in the cache: the tables of so many states of a checkout, or of so many checkouts."""


def load_tables(name: str) -> dict[str, Any]:
    """Tables and texts (`texts`) of a language, or one of the tables of messages (`message_patterns.TRANSLATIONS`)."""
    text = read_tables(name)
    gc.disable()
    try:
        # Thousands of small lists are made and none is garbage: looking for some takes longer than reading.
        found: dict[str, Any] = json.loads(text)
    finally:
        gc.enable()
    return found


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
    digest = hashlib.sha256()
    for root, path in _inputs():
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[tuple[Path, Path]]:
    """Each file with the folder it is named from: checkouts that hold the same share their tables."""
    explanations = explanations_folder()
    yield from ((explanations, path) for path in sorted(explanations.glob("**/*.yml")))
    for pattern in _MADE_OF:
        yield from ((PACKAGE, path) for path in sorted(PACKAGE.glob(pattern)))

"""The compiled tables as a file: written once for what they are made of, read in a few milliseconds after that.

The site publishes the same file, so the command line and the page answer from the same bytes. It lies in build/, which
git ignores; whatever it was made of is digested into its name, so it can be missing but never out of date.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_PACKAGE: Final = Path(__file__).parents[1]
_ROOT: Final = _PACKAGE.parents[1]
_CACHE: Final = _ROOT / "build" / "lookup"
_MADE_OF: Final = (
    (_ROOT / "docs" / "explanations", "**/*.yml"),
    (_PACKAGE / "facts", "data/**/*.jsonl"),
    (_PACKAGE / "facts", "*.toml"),
    (_PACKAGE, "facts/*.py"),
    (_PACKAGE, "catalog/*.py"),
    (_PACKAGE, "explanations/*.py"),
    (_PACKAGE, "lookup/*.py"),
)


def load_tables(language: str) -> dict[str, Any]:
    """Tables and texts (`texts`) of a language."""
    text = read_tables(language)
    gc.disable()
    try:
        # Thousands of small lists are made and none is garbage: looking for some takes longer than reading.
        found: dict[str, Any] = json.loads(text)
    finally:
        gc.enable()
    return found


def read_tables(language: str) -> str:
    """The file's text: as it was kept, or made now and kept for the next time."""
    digest = _digest()
    try:
        return _path(language, digest).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        made = _make()
    for other, text in made.items():
        _keep(_path(other, digest), text)
    return made[language]


def _path(language: str, digest: str) -> Path:
    return _CACHE / f"{language}-{digest}.json"


def _make() -> dict[str, str]:
    """The text of each language."""
    # Imported here because reading facts takes what an answer has no time for.
    from nova_states.catalog.catalog import load_catalog  # noqa: PLC0415
    from nova_states.explanations.loading import LANGUAGES, load_explanations  # noqa: PLC0415
    from nova_states.lookup.table_compiler import compile_tables  # noqa: PLC0415
    from nova_states.lookup.texts import build_texts  # noqa: PLC0415

    tables = compile_tables(load_catalog())
    explanations = load_explanations()
    return {
        language: json.dumps(
            tables | {"texts": build_texts(explanations, language)}, ensure_ascii=False, separators=(",", ":")
        )
        + "\n"
        for language in LANGUAGES
    }


def _keep(path: Path, text: str) -> None:
    """Keep the text for the next time, in place of older ones; where nothing can be written, do without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{path.name.partition('-')[0]}-*.json"):
            old.unlink(missing_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError:
        return


def _digest() -> str:
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[Path]:
    for folder, pattern in _MADE_OF:
        yield from sorted(folder.glob(pattern))

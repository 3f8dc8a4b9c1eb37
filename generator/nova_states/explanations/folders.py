"""Reads folders of docs/explanations, a file at a time: what is wrong with one hides nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from nova_states.errors import InputError
from nova_states.explanations.yaml_text import mapping_of, text_of
from nova_states.facts.codec import from_plain

T = TypeVar("T")

_KEPT: Final = 4096
"""Texts: more than there are files, with what they said before they were edited."""


def read_file(path: Path, where: str, kind: type[T]) -> T:
    """What a file says.

    Args:
        path: The file.
        where: What an error calls it.
        kind: The dataclass that it is; nobody may change what lies inside, as the same text is read once.

    Raises:
        InputError: it cannot be read, or is none, with its place.
    """
    return cast("T", _read(text_of(path, where), where, kind))  # type: ignore[arg-type] # a class is hashable


@lru_cache(maxsize=_KEPT)  # of the builds of `mkdocs serve`, an edit changes one file of a thousand
def _read(text: str, where: str, kind: type[Any]) -> Any:  # noqa: ANN401 - of the kind
    return from_plain(mapping_of(text, where), kind, where)


def read_files(folder: Path, name: str, kind: type[T], problems: list[str]) -> Iterator[tuple[str, str, T]]:
    """The files of a folder in their order; none where there is no such folder.

    Args:
        folder: Where the files lie.
        name: What the folder is called below docs/explanations.
        kind: The dataclass that a file is.
        problems: Gets, for each file that is none, what is wrong with it and where.

    Yields:
        Name of a file without its suffix, what an error calls it, and what it says.
    """
    for path in sorted(folder.glob("*.yml")):
        where = f"docs/explanations/{name}/{path.name}"
        try:
            found = read_file(path, where, kind)
        except InputError as error:
            problems.append(str(error))
        else:
            yield path.stem, where, found

"""Reads folders of docs/explanations, a file at a time: what is wrong with one hides nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from nova_states.errors import InputError
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain

T = TypeVar("T")


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
            found = from_plain(read_yaml(path, where), kind, where)
        except InputError as error:
            problems.append(str(error))
        else:
            yield path.stem, where, found

"""The pages that people wrote, guides and runbooks: titles, order and descriptions."""

from __future__ import annotations

import functools
import re
from pathlib import Path, PurePosixPath

from nova_states.errors import InputError
from nova_states.explanations.yaml_text import read_front_matter
from nova_states.locations import explanations_folder

_TITLE = re.compile(r"^# (.+?)(?: \{#[\w.:-]+\})?$", re.MULTILINE)


@functools.cache
def title_of(language: str, address: str) -> str:
    """The heading of a page: "guide/compare/".

    Raises:
        InputError: there is no such page.
    """
    name = f"{language}/{address.rstrip('/')}.md"
    try:
        match = _TITLE.search((_docs() / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"docs/{name}: a page leads there, but it is missing") from error
    return match[1] if match else PurePosixPath(name).stem


@functools.cache
def written_pages(language: str, folder: str) -> tuple[tuple[str, str, str], ...]:
    """The pages of a folder in their order: address, title and description."""
    found = []
    for file in sorted((_docs() / language / folder).glob("*.md")):
        head = read_front_matter(file.read_text(encoding="utf-8"), f"docs/{language}/{folder}{file.name}")
        address = f"{folder}{file.stem}/"
        found.append((head.get("order", 0), address, title_of(language, address), str(head.get("description", ""))))
    return tuple((address, title, description) for _, address, title, description in sorted(found))


def read_anew() -> None:
    """Forget what was read: pages may have been edited since."""
    title_of.cache_clear()
    written_pages.cache_clear()


def _docs() -> Path:
    return explanations_folder().parent

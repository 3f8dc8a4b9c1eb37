"""Releases as a command names them: a stored version by any of its names, or a folder that holds a Nova tree."""

from __future__ import annotations

from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.release import Release
from nova_states.cli.progress import track
from nova_states.facts.ids import UNRELEASED
from nova_states.introspection.extraction import EXTRACTORS, read_tree
from nova_states.source.open import open_tree


def stored_release(word: str) -> Release:
    """The release a user means.

    Raises:
        InputError: no such release is stored.
    """
    catalog = load_catalog()
    return catalog.release(catalog.resolve(word))


def read_folder(folder: Path) -> Release:
    """The facts of a Nova tree in a folder, read now, which takes a while.

    Raises:
        InputError: the folder holds no Nova tree.
    """
    with open_tree(tree=folder) as tree:
        # Each kind is read by an extractor, and the census by none.
        readings = track(read_tree(tree), f"Reading {folder}", len(EXTRACTORS) + 1)
        sections = {reading.kind: reading.section for reading in readings}
        return Release(version=tree.version or UNRELEASED, sections=sections)


def release_or_folder(word: str) -> Release:
    """A folder where there is one of that name, else a stored release."""
    return read_folder(Path(word)) if Path(word).is_dir() else stored_release(word)

"""From what a user names, a folder, a tag or a version, to the tree that is meant."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nova_states.errors import InputError
from nova_states.locations import cache_folder
from nova_states.source.directory import open_directory
from nova_states.source.git import GitRepository
from nova_states.source.pypi import PyPI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nova_states.source.tree import SourceTree


@contextmanager
def open_tree(
    *, tree: Path | None = None, git: Path | None = None, tag: str | None = None, pypi: str | None = None
) -> Iterator[SourceTree]:
    """Open the tree that the command line's options of the same names choose; it can be read inside the `with`.

    Args:
        tree: folder that holds `nova/`.
        git: repository of Nova, given together with `tag`.
        tag: tag in that repository.
        pypi: version whose wheel is on the package index.

    Raises:
        InputError: not exactly one source is named, or it cannot be opened.
    """
    if sum(source is not None for source in (tree, git, pypi)) != 1 or (git is None) != (tag is None):
        raise InputError("name one source: --tree DIR, or --git REPO with --tag TAG, or --pypi VERSION")
    if tree is not None:
        yield open_directory(tree)
    if git is not None and tag is not None:
        with GitRepository(git) as repository:
            yield repository.tree(tag)
    if pypi is not None:
        yield PyPI(cache_folder()).tree(pypi)

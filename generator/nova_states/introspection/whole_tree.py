"""All of Nova's own modules as one thing that is read: for what has to look everywhere, as callers may be anywhere."""

from __future__ import annotations

from nova_states.source.tree import SourceTree, listing_id

WHOLE = "nova/*.py"
"""Stands among the reads for all of Nova but its tests, as one: what looks for callers has to look everywhere."""

_FOR_TESTS = frozenset({"nova/test.py", "nova/virt/fake.py"})


def source_paths(tree: SourceTree) -> list[str]:
    """Paths of a tree's own modules, without tests and what only they use."""
    return [
        path for path in tree.files("nova") if path.endswith(".py") and "/tests/" not in path and path not in _FOR_TESTS
    ]


def whole_digest(tree: SourceTree) -> str:
    """What stands for the content of all of a tree's modules but its tests."""
    return listing_id([f"{path} {tree.blob(path)}" for path in source_paths(tree)])

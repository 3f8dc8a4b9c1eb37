"""Names of facts that others rely on: `vm_state:stopped`, `action:live_migrate_abort`, `release:13.1.4`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

UNRELEASED: Final = "unreleased"
"""Version of a tree that does not tell its own."""

STATE_KINDS: Final = ("power_state", "vm_state", "task_state")


def fact_id(kind: str, name: str) -> str:
    """The public id of something that has a name: "vm_state:stopped"."""
    return f"{kind}:{name}"


def row_name(row: Mapping[str, Any]) -> str:
    """What a fact is about, by the fields of its row of JSON: an action, a constant; empty where none of them tells."""
    for names in _NAMED_BY:
        if all(name in row for name in names):
            return " ".join(str(row[name]) for name in names if row[name] is not None)
    return ""


_NAMED_BY: Final = (
    *(("action",), ("id", "language"), ("id",)),
    *(("class",), ("slug",), ("error",), ("language", "pattern")),
    *(("driver", "state"), ("group", "name"), ("name",), ("effect",), ("value",)),
)
"""Fields that tell what a fact is about, of which the first that a row has are taken."""


def content_id(text: str) -> str:
    """A short name for a stored row or a set of files, made of its content (12 hex digits)."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]

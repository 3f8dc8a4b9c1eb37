"""A Nova of one's own for `explain`: read now, put into the tables, with a word about what was not read of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nova_states.catalog.release import Release
from nova_states.cli.gaps import gaps_of
from nova_states.cli.trees import read_folder
from nova_states.errors import InputError
from nova_states.lookup.tree_tables import RESTS_ON, unanswerable


def read_own_nova(folder: Path) -> Release:
    """The facts of a Nova tree from which servers can be explained.

    Raises:
        InputError: the folder holds no Nova tree, or one of which too little can be read to answer anything.
    """
    release = read_folder(folder)
    missing = unanswerable(release)
    if missing:
        kind, gap = missing
        why = f"{gap.file}:{gap.line}: {gap.reason}; " if gap else ""
        raise InputError(f"{folder}: {why}without its {kind} nothing can be answered; give a Nova that can be read")
    return release


def unread_line(folder: Path, release: Release) -> str | None:
    """What an answer may lack, in one line; None where all was read that it rests on."""
    found: Mapping[str, list[dict[str, Any]]] = gaps_of(release, RESTS_ON)
    unlisted = {kind: [gap for gap in gaps if gap["listed"] is None] for kind, gaps in found.items()}
    counted = [f"{kind} in {_places(len(gaps))}" for kind, gaps in unlisted.items() if gaps]
    if not counted:
        return None
    first = next(gap for gaps in unlisted.values() for gap in gaps)
    return (
        f"{folder}: NOT READ: {', '.join(counted)}, such as {first['file']}:{first['line']}; the answer may lack what "
        f"they say: `nova-states facts --tree {folder} --kind gaps` names them"
    )


def _places(count: int) -> str:
    return "a place" if count == 1 else f"{count} places"

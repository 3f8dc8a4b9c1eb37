"""Loads docs/explanations/action_uses.yml: what each action is good for, and what it wants of the server's host."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nova_states.errors import CheckError
from nova_states.explanations.folders import read_file
from nova_states.explanations.languages import Text
from nova_states.locations import explanations_folder

FILE: Final = "action_uses.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionUse:
    """What an action is good for."""

    purpose: str
    host: Literal["up", "down", "any"] = "any"
    """up: nova-compute on the server's host does it, so that a request hangs while that is down. down: it is refused
    while that is up."""
    wish: bool = False
    """Whether who asks for it wants the vm_state in which it ends, and nothing else."""
    loses: Text | None = None
    """Data that it costs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedRow:
    """Actions that lists show as one row."""

    label: Text
    parts: Mapping[str, Text]
    """Actions, with what the row calls each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionUses:
    """All that the file has."""

    purposes: Mapping[str, Text]
    """In the order in which they are shown."""
    rows: Mapping[str, SharedRow]
    actions: Mapping[str, ActionUse]
    """In the order in which they are shown, the useful first."""


@functools.cache
def load_action_uses(path: Path | None = None) -> ActionUses:
    """What each action is good for.

    Raises:
        InputError: this is no checkout, or the file does not fit.
        CheckError: an action has a purpose, or a row a part, that the file does not name.
    """
    file = path or explanations_folder() / FILE
    where = f"docs/explanations/{file.name}"
    found = read_file(file, where, ActionUses)
    problems = [
        *(
            f"{where}: {name}: unknown purpose {use.purpose!r}"
            for name, use in found.actions.items()
            if use.purpose not in found.purposes
        ),
        *(
            f"{where}: rows: {row}: {part} is not below actions"
            for row, shared in found.rows.items()
            for part in shared.parts
            if part not in found.actions
        ),
    ]
    if problems:
        raise CheckError(tuple(problems))
    return found


def find_unplaced_actions(uses: ActionUses, actions: Iterable[str]) -> Iterator[str]:
    """Each action that the file has no place for, and each that no release has."""
    known = set(actions)
    for name in sorted(known - uses.actions.keys()):
        yield f"docs/explanations/{FILE}: actions: {name} is missing; say what it is good for"
    for name in uses.actions:
        if name not in known:
            yield f"docs/explanations/{FILE}: actions: no release has {name}; remove it or mend its name"

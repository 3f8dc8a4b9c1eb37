"""What a running Nova was seen to answer, by release in `observations/`; `tests.live.observe` writes it, nobody else.

A file `<version>.guards.json` has no date, and the same observations give the same bytes:

    {"release": "34.0.0", "how": …, "harness": 1,
     "answers": {action: {answer: {vm_state: [task_state or null, …]}}}}

An answer is the HTTP status; behind it, where an action was refused for the states, what the refusal named: "vm_state",
"task_state", or "state" where it named neither. A cell that was not asked is absent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from nova_states.facts.observation_files import FOLDER, keep, read_kept

HARNESS: Final = 1
"""To be raised when what is asked, or what an answer means, changes: what was kept before does not count any more."""
HOW: Final = (
    "Nova's own API, asked over HTTP by an administrator; states written into its database; nothing got behind the API"
)


class Cell(NamedTuple):
    """An action, asked for in some states."""

    action: str
    vm_state: str
    task_state: str | None


class Answer(NamedTuple):
    """What was answered."""

    http: int
    refused_for: str | None = None
    """Of a refusal for the states: what it named. None: the states were no hindrance."""


@lru_cache
def observed_releases(folder: Path = FOLDER) -> frozenset[str]:
    """The releases of which something was seen."""
    return frozenset(path.name.rpartition(".")[0].rpartition(".")[0] for path in folder.glob("*.json"))


def read_guards(release: str, folder: Path = FOLDER) -> dict[Cell, Answer]:
    """What was seen of a release; nothing where nobody asked it, or where another harness did."""
    kept = read_kept(release, "guards", HARNESS, folder)
    if kept is None:
        return {}
    return {
        Cell(action, vm_state, task_state): _answer(answer)
        for action, answers in kept["answers"].items()
        for answer, cells in answers.items()
        for vm_state, task_states in cells.items()
        for task_state in task_states
    }


def read_statuses(release: str, folder: Path = FOLDER) -> dict[tuple[str, str | None], str]:
    """vm_state and task_state → the status that the API of a release showed; nothing where nobody asked it."""
    kept = read_kept(release, "statuses", folder=folder)
    if kept is None:
        return {}
    return {
        (vm_state, task_state): status
        for vm_state, statuses in kept["statuses"].items()
        for status, task_states in statuses.items()
        for task_state in task_states
    }


def write_statuses(release: str, seen: Mapping[tuple[str, str | None], str], folder: Path = FOLDER) -> Path:
    """Keep the statuses that were seen, in place of those that were kept."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for vm_state, task_state in sorted(seen, key=lambda states: (states[0], states[1] or "")):
        found.setdefault(vm_state, {}).setdefault(seen[vm_state, task_state], []).append(task_state)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True)}" for name in sorted(found))
    text = f'{{"release": {json.dumps(release)},\n"how": {json.dumps(HOW)},\n"statuses": {{\n{lines}\n}}}}\n'
    return keep(text, release, "statuses", folder)


def write_guards(release: str, seen: Mapping[Cell, Answer], folder: Path = FOLDER) -> Path:
    """Keep what was seen, in place of what was kept."""
    answers: dict[str, dict[str, dict[str, list[str | None]]]] = {}
    for cell in sorted(seen, key=lambda cell: (cell.action, cell.vm_state, cell.task_state or "")):
        answer = " ".join(str(part) for part in seen[cell] if part is not None)
        answers.setdefault(cell.action, {}).setdefault(answer, {}).setdefault(cell.vm_state, []).append(cell.task_state)
    # A line for each action: what a further run adds is read in a diff.
    lines = ",\n".join(
        f"{json.dumps(action)}: {json.dumps(answers[action], sort_keys=True)}" for action in sorted(answers)
    )
    head = f'"release": {json.dumps(release)},\n"how": {json.dumps(HOW)},\n"harness": {HARNESS}'
    text = f'{{{head},\n"answers": {{\n{lines}\n}}}}\n'
    return keep(text, release, "guards", folder)


def _answer(text: str) -> Answer:
    http, _, refused_for = text.partition(" ")
    return Answer(int(http), refused_for or None)

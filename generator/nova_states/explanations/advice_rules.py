"""Loads docs/explanations/advice.yml: to which records each advice is given. The texts are in advice/ beside it.

A rule says what has to be known of a record. What was not told is `unknown`, and only a rule that names `unknown` among
its words fits it: advice is never bolder than what was pasted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_states.errors import CheckError, InputError
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain
from nova_states.locations import explanations_folder

UNKNOWN: Final = "unknown"
"""The word for what was not told."""

_FILE: Final = "advice.yml"
ATTRIBUTES: Final[Mapping[str, tuple[str, ...] | None]] = {
    "vm_state": None,
    "task_state": None,
    "power_state": None,
    "hypervisor": None,
    "status": None,
    "error": None,
    "migration_status": None,
    "migration_type": None,
    "action": None,
    "launched": ("ever", "never", UNKNOWN),
    "host": ("one", "none", UNKNOWN),
    "lock": ("locked", "unlocked", UNKNOWN),
    "age": ("overdue", "recent", UNKNOWN),
    "wish": ("fulfilled", "open", UNKNOWN),
    "service": ("up", "down", "maintenance", UNKNOWN),
    "fault": ("new", "old", "none", UNKNOWN),
    "result": ("success", "error", "running", UNKNOWN),
}
"""What a rule may ask of a record → the words that it may be; None: names of Nova's (`none` for no task), or `unknown`.

age: whether the task has lasted longer than such a task does. wish: whether a refused request asked for what is so
already. service: nova-compute on the server's host, as `host_status` tells. fault: whether it is as new as the state.
hypervisor: the power_state that `virsh` shows.
"""

RECORDS: Final = ("server", "migration", "event", "refusal", "fault", "log", "hypervisor", "volume", "service", "tool")
"""What a paste may tell of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceRule:
    """To which records an advice is given."""

    advice: str
    """The name of its file in docs/explanations/advice."""
    record: str = "server"
    when: Mapping[str, tuple[str, ...]]
    """Attribute → the words of which one has to fit; all attributes have to."""
    allows: tuple[str, ...] = ()
    """Actions that the states have to allow."""
    final: bool = False
    """Whether no advice of a later rule is given beside it: it would lead astray."""


@functools.cache
def load_advice_rules(path: Path | None = None) -> tuple[AdviceRule, ...]:
    """The rules in their order: what is said first is what is most urgent.

    Raises:
        InputError: this is no checkout, or it has no such file.
        CheckError: rules do not fit, each with its place.
    """
    file = path or explanations_folder() / _FILE
    where = f"docs/explanations/{file.name}"
    found: list[AdviceRule] = []
    problems: list[str] = []
    for number, plain in enumerate(read_yaml(file, where).get("rules", ()), 1):
        try:
            rule = from_plain(plain, AdviceRule, f"{where}: rule {number}")
        except InputError as error:
            problems.append(str(error))
            continue
        problems += [f"{where}: rule {number} ({rule.advice}): {problem}" for problem in _problems(rule)]
        found.append(rule)
    if problems:
        raise CheckError(tuple(problems))
    return tuple(found)


def _problems(rule: AdviceRule) -> Iterator[str]:
    if rule.record not in RECORDS:
        yield f"unknown record {rule.record!r}; known are {', '.join(RECORDS)}"
    for attribute, words in rule.when.items():
        known = ATTRIBUTES.get(attribute, ())
        if attribute not in ATTRIBUTES:
            yield f"unknown attribute {attribute!r}; known are {', '.join(ATTRIBUTES)}"
        elif known is not None:
            strange = [word for word in words if word not in known]
            yield from (f"{attribute}: unknown word {word!r}; known are {', '.join(known)}" for word in strange)
        if not words:
            yield f"{attribute}: no word, so that it fits nothing"

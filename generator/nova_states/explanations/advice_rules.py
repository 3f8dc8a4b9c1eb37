"""Loads docs/explanations/advice.yml: to which records each advice and verdict is given. The texts are in advice/.

A rule says what has to be known of a record. What was not told is `unknown`, and only a rule that names `unknown` among
its words fits it: advice is never bolder than what was pasted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from nova_states.errors import CheckError, InputError
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain
from nova_states.locations import explanations_folder

T = TypeVar("T")

UNKNOWN: Final = "unknown"
"""The word for what was not told."""

_FILE: Final = "advice.yml"
ATTRIBUTES: Final[Mapping[str, tuple[str, ...] | None]] = {
    "vm_state": None,
    "task_state": None,
    "power_state": None,
    "hypervisor": None,
    "domain_state": None,
    "reason": None,
    "domain": ("elsewhere", "foreign", "twice", UNKNOWN),
    "status": None,
    "error": None,
    "migration_status": None,
    "migration_type": None,
    "action": None,
    "launched": ("ever", "never", UNKNOWN),
    "host": ("one", "none", UNKNOWN),
    "lock": ("locked", "unlocked", UNKNOWN),
    "terminated": ("ever", UNKNOWN),
    "age": ("overdue", "recent", UNKNOWN),
    "wish": ("fulfilled", "open", UNKNOWN),
    "service": ("up", "down", "maintenance", UNKNOWN),
    "fault": ("new", "old", "none", UNKNOWN),
    "cause": None,
    "log_message": None,
    "log": None,
    "operation": ("create", UNKNOWN),
    "result": ("success", "error", "running", UNKNOWN),
    "event": ("success", "error", "running", "listed", UNKNOWN),
    "at": ("source", "destination", "elsewhere", UNKNOWN),
    "volume": None,
    "allocated": ("once", "several", UNKNOWN),
    "listed": ("up", "down", "maintenance", "somewhere", UNKNOWN),
    "fleet": ("down", "stopped", UNKNOWN),
    "marked": ("forced", "itself", UNKNOWN),
    "copied": ("circling", UNKNOWN),
}
"""What a rule may ask of a record → the words that it may be; None: names of Nova's (`none` for no task), or `unknown`.

age: whether the task has lasted longer than such a task does. wish: whether a refused request asked for what is so
already. service: nova-compute on the server's host, as `host_status` tells. fault: whether it is as new as the state.
hypervisor: the power_state that `virsh` shows. domain_state: its own word for it. reason: what it says in brackets, in
lower case, `untold` where it says itself that it does not know. domain: `foreign` where nothing in the paste says that
Nova made it, `twice` where it runs under two numbers, `elsewhere` where it is off on one host and runs on another that
is not on record. cause: the kind of failure that a fault tells of
(`FaultCause`), in a log line the exception that it quotes. log_message: the slug of a message of Nova's log. event,
migration_status, migration_type, at, volume: what other records of the paste say of a server: how its last action
ended, its last move and on which side of that it is, its worst volume. allocated: on how many hosts Placement has
resources for it. listed: what the services in the paste say of its host; `somewhere`: one is down, and where the server
is was not told. fleet: with all others of its host, or of the list, `stopped`; all services are `down`. marked: a
service that somebody forced down, or that has disabled `itself`. copied: a migration whose guest changes its memory
faster than it is copied. `some` in place of a name stands for any that was told, but
`none`.
"""

RECORDS: Final = (
    "server",
    "migration",
    "event",
    "refusal",
    "fault",
    "log",
    "hypervisor",
    "volume",
    "service",
    "allocation",
    "tool",
)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictRule:
    """What is the verdict on certain records; where no rule fits, the states alone decide."""

    verdict: str
    record: str = "server"
    when: Mapping[str, tuple[str, ...]]
    """As of `AdviceRule`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultCause:
    """A kind of failure, told by the words of a fault or by the exception that it is."""

    name: str
    errors: tuple[str, ...]
    """Exceptions."""
    texts: tuple[str, ...] = ()
    """Parts of messages, in lower case; looked for before the exceptions, for one may carry any message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceFile:
    """All that the file has."""

    rules: tuple[AdviceRule, ...]
    verdicts: tuple[VerdictRule, ...] = ()
    causes: tuple[FaultCause, ...] = ()


@functools.cache
def load_advice(path: Path | None = None) -> AdviceFile:
    """Rules in their order: what is said first is what is most urgent.

    Raises:
        InputError: this is no checkout, or it has no such file.
        CheckError: rules do not fit, each with its place.
    """
    file = path or explanations_folder() / _FILE
    where = f"docs/explanations/{file.name}"
    plain = read_yaml(file, where)
    problems: list[str] = []
    found = AdviceFile(
        rules=_read(plain.get("rules", ()), AdviceRule, f"{where}: rule", problems),
        verdicts=_read(plain.get("verdicts", ()), VerdictRule, f"{where}: verdict", problems),
        causes=_read(plain.get("causes", ()), FaultCause, f"{where}: cause", problems),
    )
    for number, rule in enumerate(found.rules, 1):
        problems += [f"{where}: rule {number} ({rule.advice}): {problem}" for problem in _problems(rule)]
    for number, verdict in enumerate(found.verdicts, 1):
        problems += [f"{where}: verdict {number} ({verdict.verdict}): {problem}" for problem in _problems(verdict)]
    for cause in found.causes:
        capital = [text for text in cause.texts if text != text.lower()]
        problems += [f"{where}: cause {cause.name}: {text!r} is not lower case" for text in capital]
    if problems:
        raise CheckError(tuple(problems))
    return found


def load_advice_rules(path: Path | None = None) -> tuple[AdviceRule, ...]:
    """The rules of advice alone; as `load_advice`."""
    return load_advice(path).rules


def _read(rows: Iterable[object], kind: type[T], where: str, problems: list[str]) -> tuple[T, ...]:
    found: list[T] = []
    for number, plain in enumerate(rows, 1):
        try:
            found.append(from_plain(plain, kind, f"{where} {number}"))
        except InputError as error:
            problems.append(str(error))
    return tuple(found)


def _problems(rule: AdviceRule | VerdictRule) -> Iterator[str]:
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

"""The Python interface: `from nova_states import explain`; its answers have the keys that the command line prints."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from nova_states.errors import InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.paste_reader import Problem, read_records, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, resolve_version
from nova_states.lookup.told_records import told_records
from nova_states.lookup.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is said of one record: an object of `nova-states explain --format json`, its keys as attributes.

    Those that a record of its kind does not have are None or empty. Servers in the same states share what is inside; it
    is not to be changed. `dataclasses.asdict` makes an object with all keys.
    """

    id: str | None
    name: str | None
    record: str
    """server, migration, event, refusal, fault, log, hypervisor, volume, service or tool."""
    release: str
    """The exact version that answers, "33.0.2"."""
    verdict: str
    """stable, in-progress, needs-attention, inconsistent or unknown."""
    why: str | None
    """In the language asked for, like all texts."""
    steps: Sequence[Mapping[str, Any]]
    """What to do, in order: "text", and "command" and "caution", which may be None."""
    runbook: str | None
    """The name of the runbook that says more."""
    advice: Sequence[Mapping[str, Any]]
    """"id" and "text"."""
    unread: Sequence[str]
    """Parts of the paste that were not understood."""
    vm_state: str | None = None
    task_state: str | None = None
    task_known: bool = False
    """Whether it was told what task runs, if any: a None of `task_state` is no task only then."""
    power_state: int | str | None = None
    """Nova's number; a word that the release does not know, as it was told."""
    vm_state_candidates: Sequence[str] | None = None
    """The vm_states it may have, where only a status was told."""
    status: str | None = None
    """The API's word, None where it depends on what was not told; of another record its own."""
    allowed: Sequence[str] = ()
    """Ids of actions that the states allow, sorted."""
    refused: Sequence[Mapping[str, Any]] = ()
    """"action", and the "attribute" and "value" that Nova's 409 would name."""
    next: Sequence[Mapping[str, Any]] = ()
    """What happens by itself: "cause", "effect", "to", "condition", "evidence" and more."""
    ask: str | None = None
    """Where the verdict is unknown, the command whose output would tell."""
    since: str | None = None
    """When the server last changed, "2026-11-26T10:00:00Z"."""
    age_seconds: int | None = None
    """How long ago that was."""
    overdue: bool | None = None
    """Whether its task has lasted longer than such a task does; None: none runs, or it is not known."""
    fault: Mapping[str, Any] | None = None
    """"message", "error" (the exception, where it is known) and "created"."""
    host: str | None = None
    host_status: str | None = None
    locked: bool | None = None
    locked_reason: str | None = None
    """What who locked it gave as the reason."""
    launched: bool | None = None
    """Whether it ever was; None: that was not told."""
    unknown: Sequence[Mapping[str, Any]] = ()
    """Values that the release does not know, with the nearest that it does."""
    ways: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Refused action → the actions that lead to where it is allowed."""
    notes: Sequence[Mapping[str, Any]] = ()
    """What the states cannot decide of allowed actions: "action", "conditions", "when"."""
    asked: Mapping[str, Any] | None = None
    """The action that a pasted 409 refused."""
    refusal: Mapping[str, Any] | None = None
    """Of a refusal: "action", "error", "http", "attribute", "value", "fulfilled" and "instead"."""
    beside: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """What other records say of the server that its answer rests on; each is an answer of its own as well."""
    read: Mapping[str, Any] = field(default_factory=dict)
    """Fields that few have, as the command line prints them: those of a record that is no server, and "lacks"."""


def explain(
    record_or_text: str | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    release: str = "latest",
    lang: str = "en",
    now: datetime | None = None,
) -> list[Answer]:
    """Explain records: what their states mean, what may be done, what happens by itself.

    Args:
        record_or_text: a server as the API, a client or an SDK has it (`server.to_dict()`), several of them, or any
            text that `nova-states explain` reads: JSON, a table, a fault, a log, a word such as SHUTOFF.
        release: a version (33.0.2), a series by name (mitaka, 2026.1, 33: its newest version) or latest.
        lang: language of the texts, "en" or "ko".
        now: what to take for the present, with its time zone; None: the clock.

    Returns:
        An answer for each record, in their order; none for an empty list.

    Raises:
        nova_states.errors.InputError: nothing was recognised, or an argument is unknown. Its text is one line.
    """
    if lang not in LANGUAGES:
        raise InputError(f"language {lang!r} is unknown; choose one of {', '.join(LANGUAGES)}")
    if now is not None and now.tzinfo is None:
        raise InputError(f"now {now.isoformat()} has no time zone; give one, such as datetime.now(UTC)")
    vocabulary = _vocabulary(lang)
    tables = vocabulary.tables
    view = TablesView(tables=tables, version=resolve_version(tables, release))
    if isinstance(record_or_text, str):
        reports = read_reports(record_or_text, vocabulary)
    else:
        reports = read_records(record_or_text, vocabulary)
    if isinstance(reports, Problem):
        raise InputError(reports.describe(tables["texts"]["words"]))
    present = datetime.now(UTC) if now is None else now
    told = told_records(reports, view, _messages, int(present.timestamp()))
    return [_answer(told.explainer.tell(report)) for report, _ in told.every]


@functools.cache
def _vocabulary(lang: str) -> Vocabulary:
    """The words of a language, read once in a process: a caller in a loop would else wait for the files each time."""
    return Vocabulary(tables=load_tables(lang), messages_table=_messages)


@functools.cache
def _messages() -> dict[str, Any]:
    return load_tables("messages")


def _answer(told: Mapping[str, Any]) -> Answer:
    names = {attribute.name for attribute in fields(Answer)}
    others = {name: value for name, value in told.items() if name not in names}
    return Answer(**{name: value for name, value in told.items() if name in names}, read=others)

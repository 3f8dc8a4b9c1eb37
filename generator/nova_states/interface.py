"""The Python interface: `from nova_states import explain`; its answers have the keys that the command line prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nova_states.errors import InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.paste_reader import Problem, read_records, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, resolve_version
from nova_states.lookup.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is said of one record: an object of `nova-states explain --format json`, its keys as attributes.

    Servers in the same states share what is inside; it is not to be changed. `plain` is the object.
    """

    id: str | None
    name: str | None
    release: str
    """The exact version that answers, "33.0.2"."""
    verdict: str
    """stable, in-progress, needs-attention, inconsistent or unknown."""
    record: str
    """What it is: server, migration, event, refusal, fault, log, hypervisor, volume, service or tool."""
    unread: Sequence[str]
    """Parts of the paste that were not understood; with its first record."""
    why: str | None
    """What the words of the record mean; None: nothing is said of them."""
    steps: Sequence[Mapping[str, Any]]
    runbook: str | None
    vm_state: str | None = None
    task_state: str | None = None
    power_state: int | str | None = None
    """Nova's number; a word that the release does not know, as it was told."""
    vm_state_candidates: Sequence[str] | None = None
    """The vm_states it may have, where only a status was told."""
    status: str | None = None
    """The API's word, of a migration or a service its own; None where it depends on what was not told."""
    allowed: Sequence[str] = ()
    """Ids of actions that the states allow, sorted."""
    refused: Sequence[Mapping[str, Any]] = ()
    """"action", and the "attribute" and "value" that Nova's 409 would name."""
    next: Sequence[Mapping[str, Any]] = ()
    """What happens by itself: "cause", "effect", "to", "condition", "evidence" and more."""
    unknown: Sequence[Mapping[str, Any]] = ()
    """Values that the release does not know, with the nearest that it does."""
    advice: Sequence[Mapping[str, Any]] = ()
    """"id" and "text"."""
    ways: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Refused action → the actions that lead to where it is allowed."""
    notes: Sequence[Mapping[str, Any]] = ()
    """What the states cannot decide of allowed actions: "action", "conditions", "when"."""
    asked: Mapping[str, Any] | None = None
    """The action that a pasted 409 refused."""
    launched: bool | None = None
    since: str | None = None
    """When the server was changed last, as it was told."""
    host: str | None = None
    host_status: str | None = None
    locked: bool | None = None
    fault: Mapping[str, Any] | None = None
    """"message", "code", "created", and "error": the exception whose message it is."""
    refusal: Mapping[str, Any] | None = None
    """"action", "error", "http", "attribute", "value"."""
    plain: Mapping[str, Any] = field(default_factory=dict)
    """The whole object, with keys that only records of its sort have: "source" of a migration."""


def explain(
    record_or_text: str | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    release: str = "latest",
    lang: str = "en",
    now: datetime | None = None,
) -> list[Answer]:
    """Explain servers: what their states mean, what may be done, what happens by itself.

    Args:
        record_or_text: a server as the API, a client or an SDK has it (`server.to_dict()`), several of them, or any
            text that `nova-states explain` reads: JSON, a table, a fault, a log, a word such as SHUTOFF.
        release: a version (33.0.2), a series by name (mitaka, 2026.1, 33: its newest version) or latest.
        lang: language of the texts, "en" or "ko".
        now: what to take for the present, with its time zone. Answers tell no ages yet, so nothing depends on it.

    Returns:
        An answer for each record, in their order; none for an empty list.

    Raises:
        nova_states.errors.InputError: nothing was recognised, or an argument is unknown. Its text is one line.
    """
    if lang not in LANGUAGES:
        raise InputError(f"language {lang!r} is unknown; choose one of {', '.join(LANGUAGES)}")
    if now is not None and now.tzinfo is None:
        raise InputError(f"now {now.isoformat()} has no time zone; give one, such as datetime.now(UTC)")
    tables = load_tables(lang)
    view = TablesView(tables=tables, version=resolve_version(tables, release))
    vocabulary = Vocabulary(tables=tables, messages_table=load_tables("messages"))
    if isinstance(record_or_text, str):
        reports = read_reports(record_or_text, vocabulary)
    else:
        reports = read_records(record_or_text, vocabulary)
    if isinstance(reports, Problem):
        raise InputError(reports.describe(tables["texts"]["words"]))
    explainer = Explainer(view=view, texts=tables["texts"])
    return [_answer(report, explainer) for report in reports]


def _answer(report: Report, explainer: Explainer) -> Answer:
    keys = {"id": report.id, "name": report.name, **explainer.explain(report), **explainer.own_part(report)}
    known = {key: value for key, value in keys.items() if key in Answer.__dataclass_fields__}
    return Answer(**known, plain=keys)

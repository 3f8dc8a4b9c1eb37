"""What answers for `explain`, a stored release or a Nova tree of one's own, and what prints answers in each format."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from nova_states.cli import output
from nova_states.cli.answers import Printer
from nova_states.cli.explained_report import ExplainedReport, explained
from nova_states.cli.progress import track
from nova_states.errors import InputError
from nova_states.lookup.clock import seconds_of
from nova_states.lookup.filling import values_of
from nova_states.lookup.joining import contradicting
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, find_version, resolve_version
from nova_states.lookup.told_records import told_records
from nova_states.lookup.triage import markdown_lines, triage
from nova_states.lookup.vocabulary import Vocabulary

_WORTH_A_BAR: Final = 5000
"""Servers below this number are answered before a progress bar could be drawn."""
_CONTRADICTIONS_SHOWN: Final = 5
"""Servers of which it is said that a paste contradicts itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Nova:
    """What answers."""

    view: TablesView
    messages: Callable[[], Mapping[str, Any]]
    """The table of its messages, read when it is asked for."""
    folder: Path | None = None
    """Where it lies, if it is none of the releases."""

    @property
    def tables(self) -> Mapping[str, Any]:
        """All that it answers from."""
        return self.view.tables

    @property
    def vocabulary(self) -> Vocabulary:
        """All words that a record may have."""
        return Vocabulary(tables=self.tables, messages_table=self.messages)


def release_nova(word: str | None, stored: Mapping[str, Any]) -> Nova:
    """A stored release.

    Raises:
        InputError: there is none of that name.
    """
    version = resolve_version(stored, "latest" if word is None else word)
    if word is not None and find_version(stored, word) is None:
        output.complain(
            f"nova-states: release {word!r}: older than any that is known; answered for {version}, the oldest"
        )
    return Nova(
        view=TablesView(tables=stored, version=version), messages=functools.cache(lambda: load_tables("messages"))
    )


def own_nova(folder: Path, stored: Mapping[str, Any]) -> Nova:
    """A Nova tree in a folder; what was not read of it is told."""
    # What reads a tree takes longer to load than an answer takes.
    from nova_states.cli.own_nova import read_own_nova, unread_line  # noqa: PLC0415
    from nova_states.lookup.message_patterns import messages_with  # noqa: PLC0415
    from nova_states.lookup.tree_tables import tables_with  # noqa: PLC0415

    release = read_own_nova(folder)
    if line := unread_line(folder, release):
        output.complain(f"nova-states: {line}")
    messages = load_tables("messages")
    return Nova(
        view=TablesView(tables=tables_with(release, stored, messages), version=release.version),
        messages=functools.cache(lambda: messages_with(messages, release)),
        folder=folder,
    )


def present(given: str | None) -> int:
    """Seconds since 1970 that stand for the present.

    Raises:
        InputError: what was given is no time.
    """
    if given is None:
        return int(time.time())
    seconds = seconds_of(given)
    if seconds is None:
        raise InputError(f"--now {given}: not a time; write it as 2026-11-26T10:00:00Z")
    return seconds


def explain_reports(reports: Sequence[Report], nova: Nova, now: int) -> list[ExplainedReport]:
    """Each record with what is said of it; that some contradict each other is told."""
    told = told_records(reports, nova.view, nova.messages, now)
    for contradicted in islice(contradicting(told.joined), _CONTRADICTIONS_SHOWN):
        output.complain(f"nova-states: {_contradiction(contradicted, nova.tables['texts']['words'])}")
    return [explained(report, told.explainer, is_beside=is_beside) for report, is_beside in _tracked(told.every)]


def _contradiction(told: Sequence[Report], words: Mapping[str, str]) -> str:
    """That a server is told of in different states, in one line."""
    states = dict.fromkeys(
        " / ".join(str(state or "-") for state in (one.vm_state or one.status, one.task_state, one.power_state))
        for one in told
    )
    return words["contradicted"].format(server=told[0].id, count=len(told), states="; ".join(states))


def _tracked(reports: Sequence[tuple[Report, bool]]) -> Iterator[tuple[Report, bool]]:
    """The reports, with a progress bar where there are many and somebody sees it."""
    few = len(reports) < _WORTH_A_BAR
    yield from reports if few else track(reports, "Explaining", len(reports))


def _for_people(answers: Sequence[ExplainedReport], nova: Nova) -> Iterator[str]:
    return printer_of(nova).lines([answer for answer in answers if not answer.is_beside])


def printer_of(nova: Nova) -> Printer:
    """What writes answers for people."""
    return Printer(view=nova.view, texts=nova.tables["texts"], folder=nova.folder)


def _markdown(answers: Sequence[ExplainedReport], nova: Nova) -> Iterator[str]:
    """A table for triage, as the page copies it."""
    texts = nova.tables["texts"]
    told = (answer for answer in answers if not answer.is_beside)
    groups = triage(
        ((answer.states, answer.whole(), values_of(answer.report)) for answer in told), texts, nova.view.power_states
    )
    return markdown_lines(groups, texts)


def _json(answers: Sequence[ExplainedReport], _nova: Nova) -> Iterator[str]:
    """A JSON list, a record a line; what records in the same situation share is written out once."""
    shared: dict[int, str] = {}
    yield "["
    for number, answer in enumerate(answers, 1):
        head = output.as_json({"id": answer.report.id, "name": answer.report.name, **answer.own})
        body = shared.get(id(answer.states))
        if body is None:
            alike = {key: value for key, value in answer.states.items() if key not in answer.own}
            body = shared[id(answer.states)] = output.as_json(alike)
        yield f"{head[:-1]}, {body[1:]}{',' if number < len(answers) else ''}"
    yield "]"


LINES: Final[Mapping[str, Callable[[Sequence[ExplainedReport], Nova], Iterator[str]]]] = {
    "text": _for_people,
    "json": _json,
    "markdown": _markdown,
}
"""What prints answers in each format."""

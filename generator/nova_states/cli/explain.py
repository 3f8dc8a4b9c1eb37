"""`nova-states explain`: what a server's states mean, what may be done, what happens by itself.

It has no time to load facts: everything comes from the compiled tables.
"""

from __future__ import annotations

import argparse
import functools
import sys
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
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.clock import seconds_of
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import contradicting, join_records
from nova_states.lookup.log_lines import texts_for
from nova_states.lookup.paste_reader import Problem, read_flags, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables, uncollected
from nova_states.lookup.tables_view import TablesView, resolve_version
from nova_states.lookup.triage import markdown_lines, triage
from nova_states.lookup.verdict import NEED_AN_OPERATOR
from nova_states.lookup.vocabulary import Vocabulary

_LARGEST: Final = 512 * 1024 * 1024
_WORTH_A_BAR: Final = 5000
"""Servers below this number are answered before a progress bar could be drawn."""
_CONTRADICTIONS_SHOWN: Final = 5
"""Servers of which it is said that a paste contradicts itself."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "explain",
        help="explain a server: what its states mean, what may be done, what happens by itself",
        description=(
            "Explain one server or many. Reads what people have: `openstack server show` and `server list --long` as "
            "JSON, table, YAML, shell, CSV or value, an answer of the API, migrations, events, services, `virsh list`, "
            "a fault, a refusal, lines of a log, or a word such as SHUTOFF or 0x04; whole or cut, quoted or not."
        ),
        epilog=(
            "examples: openstack server show web1 -f json | nova-states explain; "
            "openstack server list --all-projects --long -f json | nova-states explain --release 2026.1; "
            "nova-states explain --vm-state active --task-state deleting; "
            "nova-states explain --tree ./our-nova show.json. "
            "Exit status 1: a server needs an operator."
        ),
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="what to read; - or nothing: standard input")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--release", metavar="R", help="13.1.4, mitaka, 2026.1, 33 (default: latest)")
    source.add_argument(
        "--tree", metavar="DIR", type=Path, help="a folder with a Nova tree of your own, read now (never run)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answer (default: en)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="json: a list, an object a record; markdown: a table for a ticket, the worst first",
    )
    parser.add_argument(
        "--now", metavar="TIME", help="what to take for the present, as 2026-11-26T10:00:00Z (default: the clock)"
    )
    parser.add_argument("--vm-state", metavar="V")
    parser.add_argument("--task-state", metavar="T", help="none: no task")
    parser.add_argument("--power-state", metavar="P", help="4, 0x04, SHUTDOWN or the API's word for it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Explain, and say by the exit status whether anything needs an operator."""
    stored, now, given = load_tables(options.lang), _present(options.now), _given(options)
    nova = _own_nova(options.tree, stored) if options.tree else _release(options.release, stored)
    with uncollected():
        answers = _answers(options, given, nova, now)
        lines = _LINES[options.format](answers, nova, options.tree)
        output.write_lines(f"{line}\n" for line in lines)
    return int(any(answer.states["verdict"] in NEED_AN_OPERATOR for answer in answers))


def _answers(options: argparse.Namespace, given: Report | str, nova: _Nova, now: int) -> list[ExplainedReport]:
    """Each record with what is said of it; that some contradict each other is told."""
    names: dict[int | str | None, str] = {number: name for number, name, _ in nova.view.power_states}
    reports = join_records(_reports(options, given, nova), names)
    for told in islice(contradicting(reports), _CONTRADICTIONS_SHOWN):
        output.complain(f"nova-states: {_contradiction(told, nova.tables['texts']['words'])}")
    texts = texts_for(reports, nova.tables["texts"], nova.messages)
    explainer = Explainer(view=nova.view, texts=texts, now=now)
    return [explained(report, explainer) for report in _tracked(reports)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Nova:
    """What answers."""

    view: TablesView
    messages: Callable[[], Mapping[str, Any]]
    """The table of its messages, read when it is asked for."""

    @property
    def tables(self) -> Mapping[str, Any]:
        """All that it answers from."""
        return self.view.tables


def _release(word: str | None, stored: Mapping[str, Any]) -> _Nova:
    version = resolve_version(stored, "latest" if word is None else word)
    return _Nova(
        view=TablesView(tables=stored, version=version), messages=functools.cache(lambda: load_tables("messages"))
    )


def _own_nova(folder: Path, stored: Mapping[str, Any]) -> _Nova:
    """A Nova tree in a folder; what was not read of it is told."""
    # What reads a tree takes longer to load than an answer takes.
    from nova_states.cli.own_nova import read_own_nova, unread_line  # noqa: PLC0415
    from nova_states.lookup.message_patterns import messages_with  # noqa: PLC0415
    from nova_states.lookup.tree_tables import tables_with  # noqa: PLC0415

    release = read_own_nova(folder)
    if line := unread_line(folder, release):
        output.complain(f"nova-states: {line}")
    messages = load_tables("messages")
    return _Nova(
        view=TablesView(tables=tables_with(release, stored, messages), version=release.version),
        messages=functools.cache(lambda: messages_with(messages, release)),
    )


def _present(given: str | None) -> int:
    """Seconds since 1970 that stand for the present."""
    if given is None:
        return int(time.time())
    seconds = seconds_of(given)
    if seconds is None:
        raise InputError(f"--now {given}: not a time; write it as 2026-11-26T10:00:00Z")
    return seconds


def _given(options: argparse.Namespace) -> Report | str:
    """What is to be explained: states that were named one by one, or a text; read before anything that takes long."""
    states = {"vm_state": options.vm_state, "task_state": options.task_state, "power_state": options.power_state}
    if any(value is not None for value in states.values()):
        if options.file:
            raise InputError(f"{options.file}: give either states or a file, not both")
        return read_flags(**states)
    return _text(options.file)


def _reports(options: argparse.Namespace, given: Report | str, nova: _Nova) -> list[Report]:
    if isinstance(given, Report):
        return [given]
    found = read_reports(given, Vocabulary(tables=nova.tables, messages_table=nova.messages))
    if isinstance(found, Problem):
        raise InputError(f"{options.file or '-'}: {found.describe(nova.tables['texts']['words'])}")
    return found


def _text(file: str | None) -> str:
    is_piped = file in (None, "-")
    if is_piped and (not sys.stdin or (file is None and sys.stdin.isatty())):
        raise InputError("nothing to read: name a file, pipe something in, or give --vm-state (see explain --help)")
    try:
        if is_piped:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(str(file)).open("rb") as opened:
                content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; name a file that can be read, or - for standard input") from error
    if len(content) > _LARGEST:
        raise InputError(f"{file or '-'}: larger than {_LARGEST >> 20} MiB; leave only the states of the servers")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return content.decode(encoding, errors="replace")


def _contradiction(told: Sequence[Report], words: Mapping[str, str]) -> str:
    """That a server is told of in different states, in one line."""
    states = dict.fromkeys(
        " / ".join(str(state or "-") for state in (one.vm_state or one.status, one.task_state, one.power_state))
        for one in told
    )
    return words["contradicted"].format(server=told[0].id, count=len(told), states="; ".join(states))


def _tracked(reports: Sequence[Report]) -> Iterator[Report]:
    """The reports, with a progress bar where there are many and somebody sees it."""
    few = len(reports) < _WORTH_A_BAR
    yield from reports if few else track(reports, "Explaining", len(reports))


def _for_people(answers: Sequence[ExplainedReport], nova: _Nova, folder: Path | None) -> Iterator[str]:
    return Printer(view=nova.view, texts=nova.tables["texts"], folder=folder).lines(answers)


def _markdown(answers: Sequence[ExplainedReport], nova: _Nova, _folder: Path | None) -> Iterator[str]:
    """A table for triage, as the page copies it."""
    texts = nova.tables["texts"]
    groups = triage(((answer.states, answer.whole()) for answer in answers), texts, nova.view.power_states)
    return markdown_lines(groups, texts)


def _json(answers: Sequence[ExplainedReport], _nova: _Nova, _folder: Path | None) -> Iterator[str]:
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


_LINES: Final = {"text": _for_people, "json": _json, "markdown": _markdown}
"""What prints answers in each format."""

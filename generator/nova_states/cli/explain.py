"""`nova-states explain`: what a server's states mean, what may be done, what happens by itself.

It has no time to load facts: everything comes from the compiled tables.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from nova_states.cli import output
from nova_states.cli.answers import ExplainedReport, Printer, explained
from nova_states.cli.progress import track
from nova_states.errors import InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.clock import seconds_of
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import join_records
from nova_states.lookup.paste_reader import Problem, read_flags, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, resolve_version
from nova_states.lookup.triage import markdown_lines, triage
from nova_states.lookup.verdict import NEED_AN_OPERATOR
from nova_states.lookup.vocabulary import Vocabulary

_LARGEST: Final = 512 * 1024 * 1024
_WORTH_A_BAR: Final = 5000
"""Servers below this number are answered before a progress bar could be drawn."""


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
            "nova-states explain --vm-state active --task-state deleting. "
            "Exit status 1: a server needs an operator."
        ),
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="what to read; - or nothing: standard input")
    parser.add_argument("--release", metavar="R", default="latest", help="13.1.4, mitaka, 2026.1, 33 (default: latest)")
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
    tables = load_tables(options.lang)
    view = TablesView(tables=tables, version=resolve_version(tables, options.release))
    reports = join_records(_reports(options, tables), {number: name for number, name, _ in view.power_states})
    explainer = Explainer(view=view, texts=tables["texts"], now=_present(options.now))
    answers = [explained(report, explainer) for report in _tracked(reports)]
    lines = _LINES[options.format](answers, view, tables["texts"])
    output.write_lines(f"{line}\n" for line in lines)
    return int(any(answer.states["verdict"] in NEED_AN_OPERATOR for answer in answers))


def _present(given: str | None) -> int:
    """Seconds since 1970 that stand for the present."""
    if given is None:
        return int(time.time())
    seconds = seconds_of(given)
    if seconds is None:
        raise InputError(f"--now {given}: not a time; write it as 2026-11-26T10:00:00Z")
    return seconds


def _reports(options: argparse.Namespace, tables: dict[str, Any]) -> list[Report]:
    states = {"vm_state": options.vm_state, "task_state": options.task_state, "power_state": options.power_state}
    if any(value is not None for value in states.values()):
        if options.file:
            raise InputError(f"{options.file}: give either states or a file, not both")
        return [read_flags(**states)]
    found = read_reports(_text(options.file), Vocabulary(tables=tables, messages_table=lambda: load_tables("messages")))
    if isinstance(found, Problem):
        raise InputError(f"{options.file or '-'}: {found.describe(tables['texts']['words'])}")
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


def _tracked(reports: Sequence[Report]) -> Iterator[Report]:
    """The reports, with a progress bar where there are many and somebody sees it."""
    few = len(reports) < _WORTH_A_BAR
    yield from reports if few else track(reports, "Explaining", len(reports))


def _for_people(answers: Sequence[ExplainedReport], view: TablesView, texts: Mapping[str, Any]) -> Iterator[str]:
    return Printer(view=view, texts=texts).lines(answers)


def _markdown(answers: Sequence[ExplainedReport], view: TablesView, texts: Mapping[str, Any]) -> Iterator[str]:
    """A table for triage, as the page copies it."""
    groups = triage(((answer.states, answer.whole()) for answer in answers), texts, view.power_states)
    return markdown_lines(groups, texts)


def _json(answers: Sequence[ExplainedReport], _view: TablesView, _texts: Mapping[str, Any]) -> Iterator[str]:
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

"""`openstack server explain`, a command of OpenStackClient by entry point: the same answers, with the client's login.

Its formats are those of the client, made of rows, but for the text of `explain` and for JSON, which is the list that
`nova-states explain --format json` prints.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from osc_lib.command import command

from nova_states.cli import output
from nova_states.cli.client_filters import add_filters, filters_of
from nova_states.cli.explain import add_cloud_options
from nova_states.cli.live import Answers, Question, begin, check_question, lines_of, status_of
from nova_states.cli.triage_rows import worst_first
from nova_states.cloud.connection import compute_of
from nova_states.errors import InputError, NovaStatesError
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.table_cache import uncollected

_UNUSABLE: Final = 2
_OWN: Final = ("text", "json", "markdown")
"""Formats that are written here; the others are the client's."""
_COLUMNS: Final = (
    "Record",
    "ID",
    "Name",
    "Status",
    "VM State",
    "Task State",
    "Power State",
    "Verdict",
    "Host",
    "Host Status",
    "Runbook",
)

Rows = tuple[Sequence[str], Iterable[Sequence[object]]]


class ExplainServer(command.Lister):
    """Explain servers: what their states mean, what may be done, what happens by itself.

    Asks for the server, its newest action with the results of its events, its migration and its host's service, as far
    as they may be seen, and changes nothing. Without a server all of the project, or with --all-projects all. Exit
    status: 0 fine, 1 a server needs somebody, 2 bad input.
    """

    @property
    def formatter_namespace(self) -> str:
        """Beside the client's formats there is the text."""
        return "nova_states.formatters"

    @property
    def formatter_default(self) -> str:
        """The text of `explain`."""
        return "text"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Describe the command."""
        parser: argparse.ArgumentParser = super().get_parser(prog_name)
        parser.add_argument("server", metavar="<server>", nargs="*", help="server (name or ID); none: all of them")
        parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answer (default: en)")
        parser.add_argument("--release", metavar="R", help="release that answers (default: the cloud's own)")
        add_cloud_options(parser.add_argument_group("asking"))
        add_filters(parser.add_argument_group("filters", "as of `openstack server list`"))
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Explain; the exit status says whether anything needs somebody."""
        try:
            output.prepare()
            return self._run(parsed_args)
        except NovaStatesError as error:
            output.complain(f"nova-states: {error}")
            return _UNUSABLE
        except KeyboardInterrupt:
            output.complain("nova-states: interrupted; nothing was changed in the cloud")
            return _UNUSABLE
        finally:
            output.finish()

    def _run(self, options: argparse.Namespace) -> int:
        if options.columns and options.formatter in _OWN:
            raise InputError(f"-c: {options.formatter} has no columns; choose table, value, yaml or csv with -f")
        client = self.app.client_manager
        filters = filters_of(options, client)
        question = Question(
            servers=tuple(options.server),
            is_everywhere=options.all_projects or filters.get("project_id") is not None,
            filters=filters,
            language=options.lang,
            release=options.release,
            interval=options.interval,
            timeout=options.timeout,
        )
        check_question(question, is_watched=options.watch, is_triage=options.triage)
        asking = begin(compute_of(client.sdk_connection.config, "the cloud"), question)
        if options.watch:
            from nova_states.cli.watched import watch_server  # noqa: PLC0415 - the rest does without

            form = options.formatter if options.formatter in _OWN else "text"
            return watch_server(asking, form)
        with uncollected():
            groups = asking.answers()
            if options.formatter in _OWN:
                form = f"triage {options.formatter}" if options.triage else options.formatter
                output.write_lines(f"{line}\n" for line in lines_of(groups, asking, form))
            else:
                self._write_rows(options, groups)
        return status_of(groups)

    def _write_rows(self, options: argparse.Namespace, groups: Sequence[Answers]) -> None:
        answers: Answers = [answer for group in groups for answer in group]
        if options.triage:
            answers = worst_first([answer for answer in answers if answer.report.record == "server"])
        self.formatter = self._formatter_plugins[options.formatter].obj
        try:
            self.produce_output(options, _COLUMNS, _rows(answers))
        except ValueError:
            raise InputError(f"-c: no such column; there are {', '.join(_COLUMNS)}") from None

    def take_action(self, parsed_args: argparse.Namespace) -> Rows:
        """Unused: what is written is decided in `run`."""
        raise NotImplementedError


class Formatter:
    """Stands for a format that this command writes itself, in the list of those that may be asked for."""

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """It has no options."""


def _rows(answers: Answers) -> Iterator[Sequence[object]]:
    """A row a record, by `_COLUMNS`."""
    for answer in answers:
        said: Mapping[str, Any] = {**answer.states, **answer.own}
        yield (
            answer.report.record,
            answer.report.id or said.get("request_id") or "",
            answer.report.name or said.get("action") or said.get("migration_type") or said.get("binary") or "",
            said.get("status") or said.get("result") or "",
            said.get("vm_state"),
            said.get("task_state"),
            said.get("power_state"),
            said["verdict"],
            said.get("host") or "",
            said.get("host_status") or "",
            said["runbook"] or "",
        )

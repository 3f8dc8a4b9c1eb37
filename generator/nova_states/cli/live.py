"""`explain` of a real cloud: one server with what was seen around it, many as a list, or those that need somebody.

What a cloud answers goes the way of a paste: the same reader, the same tables, the same printer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nova_states.cli import output
from nova_states.cli.answering import LINES, Nova, explain_reports, own_nova, present, printer_of, release_nova
from nova_states.cli.explained_report import ExplainedReport
from nova_states.cli.progress import counting
from nova_states.cli.triage_rows import TRIAGE_LINES, worst_first
from nova_states.cloud.cloud_release import newest_known, release_of, series_of
from nova_states.cloud.compute_api import Compute
from nova_states.cloud.connection import open_cloud
from nova_states.cloud.servers import find_server, list_servers
from nova_states.cloud.surroundings import Surroundings, gather
from nova_states.cloud.wording import shown, words_in
from nova_states.errors import InputError
from nova_states.lookup.paste_reader import Problem, read_records
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables, uncollected
from nova_states.lookup.triage import TELLING
from nova_states.lookup.verdict import NEED_AN_OPERATOR, STABLE

_FASTEST: Final = 1.0
"""Seconds between two looks at least: the API is asked by others as well."""
_UNKNOWN: Final = "unknown"
_SERVER: Final = "server"

Answers = Sequence[ExplainedReport]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked of a cloud."""

    servers: tuple[str, ...] = ()
    """Names or ids; none: all that `filters` leave."""
    is_everywhere: bool = False
    """In all projects."""
    filters: Mapping[str, str | int | None] = field(default_factory=dict)
    """Of the API's list of servers."""
    language: str = "en"
    release: str | None = None
    """None: the cloud's own."""
    tree: Path | None = None
    now: str | None = None
    interval: float | None = None
    timeout: float | None = None


@dataclass(kw_only=True)
class Asking:
    """A cloud, and the Nova that answers for it."""

    compute: Compute
    question: Question
    nova: Nova

    def answers(self) -> list[Answers]:
        """What is said of each server, with what was seen around it; of a list one group for all."""
        question = self.question
        if not question.servers:
            return [self.explain(self._listed())]
        wanted = dict.fromkeys(question.servers)
        return [self.server_answers(self.find(name)) for name in wanted]

    def find(self, name: str) -> Mapping[str, Any]:
        """One server by name or id."""
        return find_server(self.compute, name, is_everywhere=self.question.is_everywhere)

    def server_answers(self, server: Mapping[str, Any]) -> Answers:
        """What is said of a server and of what was seen around it, the server first."""
        around = gather(self.compute, server)
        self._say_unseen(around)
        answers = self.explain(self.read(around.documents))
        # A record that tells nothing, as an action without results, is no reason to call somebody.
        return [one for one in answers if one.report.record == _SERVER or one.states["verdict"] != _UNKNOWN]

    def read(self, documents: Sequence[Any]) -> list[Report]:
        """The records of answers of the API, as a paste of these would be read.

        Raises:
            InputError: there is none.
        """
        found = read_records(documents, self.nova.vocabulary)
        if isinstance(found, Problem):
            raise InputError("the cloud's answer tells of no server's states; ask again later")
        return found

    def explain(self, reports: Sequence[Report]) -> list[ExplainedReport]:
        """What is said of records."""
        return explain_reports(reports, self.nova, present(self.question.now))

    def _listed(self) -> list[Report]:
        filters = {**self.question.filters, **({"all_tenants": 1} if self.question.is_everywhere else {})}
        words = words_in(self.question.language)
        reports: list[Report] = []
        with counting(words["reading"]) as count:
            for page in list_servers(self.compute, filters):
                reports += self.read([{"servers": page}])
                count(len(page))
        return reports

    def _say_unseen(self, around: Surroundings) -> None:
        words = words_in(self.question.language)
        server = around.documents[0]["server"]
        name = shown(server.get("name") or server["id"], 60)
        if around.unseen:
            what = ", ".join(words[f"unseen_{what}"] for what in around.unseen)
            output.complain(f"nova-states: {words['unseen'].format(server=name, what=what)}")
        for what, why in around.failed.items():
            text = words["unanswered"].format(server=name, what=words[f"unseen_{what}"], why=why)
            output.complain(f"nova-states: {text}")


def run_for_cloud(options: argparse.Namespace) -> int:
    """`nova-states explain --os-cloud`."""
    if any(value is not None for value in (options.vm_state, options.task_state, options.power_state)):
        raise InputError("--os-cloud: the cloud tells the states; leave out --vm-state, --task-state and --power-state")
    question = Question(
        servers=tuple(options.file),
        is_everywhere=options.all_projects,
        language=options.lang,
        release=options.release,
        tree=options.tree,
        now=options.now,
        interval=options.interval,
        timeout=options.timeout,
    )
    check_question(question, is_watched=options.watch, is_triage=options.triage)
    asking = begin(open_cloud(options.os_cloud), question)
    if options.watch:
        from nova_states.cli.watched import watch_server  # noqa: PLC0415 - the rest does without

        return watch_server(asking, options.format)
    with uncollected():
        groups = asking.answers()
        form = f"triage {options.format}" if options.triage else options.format
        output.write_lines(f"{line}\n" for line in lines_of(groups, asking, form))
    return status_of(groups)


def check_question(question: Question, *, is_watched: bool, is_triage: bool) -> None:
    """Refuse what does not go together, before anything is asked.

    Raises:
        InputError: one line.
    """
    if is_watched and is_triage:
        raise InputError("--watch and --triage: one server is watched, many are triaged; leave one of them out")
    if is_watched and len(question.servers) != 1:
        raise InputError("--watch: name the one server to watch")
    if not is_watched and (question.interval is not None or question.timeout is not None):
        raise InputError("--interval and --timeout: only with --watch")
    if question.interval is not None and not _FASTEST <= question.interval < float("inf"):
        raise InputError(f"--interval {question.interval:g}: at least {_FASTEST:g} s, as the API serves others too")
    if question.timeout is not None and not 0 < question.timeout < float("inf"):
        raise InputError(f"--timeout {question.timeout:g}: a number of seconds above 0")
    if question.servers and any(value is not None for value in question.filters.values()):
        raise InputError("name servers or give filters, not both")
    if any(not name.strip() for name in question.servers):
        raise InputError("an empty name is no server's; name one, or none for all")


def begin(compute: Compute, question: Question) -> Asking:
    """Settle the microversion and the release that answers; what is to be said of that is told."""
    stored = load_tables(question.language)
    if question.tree is not None:
        nova = own_nova(question.tree, stored)
    elif question.release is not None:
        nova = release_nova(question.release, stored)
    else:
        found = release_of(compute.newest, stored)
        nova = release_nova(found.version, stored)
        if found.word:
            others = ", ".join(series_of(version, stored) for version in found.others)
            text = words_in(question.language)[found.word].format(
                microversion="{}.{}".format(*compute.newest), version=series_of(found.version, stored), others=others
            )
            output.complain(f"nova-states: {text}")
    compute.microversion = min(compute.newest, newest_known(stored))
    return Asking(compute=compute, question=question, nova=nova)


def lines_of(groups: Sequence[Answers], asking: Asking, form: str) -> Iterator[str]:
    """All lines of the output, in a format of `LINES`, or `triage` and one of them."""
    every = [answer for group in groups for answer in group]
    words = words_in(asking.question.language)
    if form.startswith("triage "):
        servers = [answer for answer in every if answer.report.record == _SERVER]
        yield from TRIAGE_LINES[form.removeprefix("triage ")](worst_first(servers), len(servers), asking.nova, words)
    elif form != "text":
        yield from LINES[form](every, asking.nova)
    elif not every:
        yield words["no_servers"]
    elif not asking.question.servers:
        yield from printer_of(asking.nova).lines(every)
    else:
        for number, group in enumerate(groups):
            if number:
                yield ""
            yield from server_lines(group, asking.nova, words)


def server_lines(answers: Answers, nova: Nova, words: Mapping[str, str]) -> Iterator[str]:
    """A server in full, what needs a word around it, and a line of what was found to be fine."""
    told = [one for one in answers if one.report.record == _SERVER or not (_is_fine(one) or one.is_beside)]
    yield from printer_of(nova).lines(told)
    fine = [one for one in answers if one.report.record != _SERVER and _is_fine(one)]
    if fine:
        yield ""
        yield words["fine_too"]
        yield from (f"  {_telling(one, nova)}" for one in fine)


def _is_fine(answer: ExplainedReport) -> bool:
    return bool(answer.states["verdict"] == STABLE)


def _telling(answer: ExplainedReport, nova: Nova) -> str:
    kind = nova.tables["texts"]["words"][f"record_{answer.report.record}"]
    told = (answer.own.get(name) for name in TELLING[answer.report.record] if name != _SERVER)
    return " ".join([kind, *(str(value) for value in told if value is not None)])


def status_of(groups: Iterable[Answers]) -> int:
    """The exit status: 1 where anything needs an operator, or it cannot be told."""
    return int(any(answer.states["verdict"] in NEED_AN_OPERATOR for group in groups for answer in group))

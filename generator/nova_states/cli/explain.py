"""`nova-states explain`: what a server's states mean, what may be done, what happens by itself.

It has no time to load facts: everything comes from the compiled tables.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from nova_states.cli import output
from nova_states.cli.answering import LINES, Nova, explain_reports, own_nova, present, release_nova
from nova_states.errors import InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.lookup.paste_reader import Problem, read_flags, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables, uncollected
from nova_states.lookup.verdict import NEED_AN_OPERATOR

_LARGEST: Final = 512 * 1024 * 1024


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "explain",
        help="explain a server: what its states mean, what may be done, what happens by itself",
        description=(
            "Explain one server or many. Reads what people have: `openstack server show` and `server list --long` as "
            "JSON, table, YAML, shell, CSV or value, an answer of the API, migrations, events, services, `virsh list`, "
            "a fault, a refusal, lines of a log, or a word such as SHUTOFF or 0x04; whole or cut, quoted or not. With "
            "--os-cloud it asks a cloud itself, and changes nothing there: only GET goes to the compute API."
        ),
        epilog=(
            "examples: openstack server show web1 -f json | nova-states explain; "
            "openstack server list --all-projects --long -f json | nova-states explain --release 2026.1; "
            "nova-states explain --vm-state active --task-state deleting; "
            "nova-states explain --tree ./our-nova show.json; "
            "nova-states explain --os-cloud prod web1; "
            "nova-states explain --os-cloud prod --watch web1; "
            "nova-states explain --os-cloud prod --all-projects --triage. "
            "Exit status 1: a server needs an operator."
        ),
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="*",
        help="what to read; - or nothing: standard input; with --os-cloud servers by name or id, none: all of them",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--release", metavar="R", help="13.1.4, mitaka, 2026.1, 33 (default: latest; of a cloud its own)"
    )
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
    cloud = parser.add_argument_group("asking a cloud", "needs openstacksdk: pip install 'nova-states[cloud]'")
    cloud.add_argument("--os-cloud", metavar="NAME", help="a cloud of clouds.yaml, or `envvars` for OS_* variables")
    add_cloud_options(cloud)
    parser.set_defaults(run=run)


def add_cloud_options(parser: argparse._ArgumentGroup) -> None:
    """Describe the options of asking a cloud that `openstack server explain` has as well."""
    parser.add_argument("--all-projects", action="store_true", help="look in all projects (administrators)")
    parser.add_argument(
        "--triage",
        action="store_true",
        help="only servers that need somebody, the worst first, a row a server, with the runbook",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="one server until its task ends: each change as it is seen, what comes next, and how it ended",
    )
    parser.add_argument(
        "--interval", metavar="SECONDS", type=float, help="with --watch: from look to look (default: 3; at least 1)"
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, help="with --watch: when to give up (default: never)"
    )


def run(options: argparse.Namespace) -> int:
    """Explain, and say by the exit status whether anything needs an operator."""
    if options.os_cloud is not None:
        # What asks a cloud is an extra, and takes longer to load than an answer takes.
        from nova_states.cli.live import run_for_cloud  # noqa: PLC0415

        return run_for_cloud(options)
    _refuse_without_cloud(options)
    stored, now, given = load_tables(options.lang), present(options.now), _given(options)
    nova = own_nova(options.tree, stored) if options.tree else release_nova(options.release, stored)
    with uncollected():
        answers = explain_reports(_reports(options, given, nova), nova, now)
        output.write_lines(f"{line}\n" for line in LINES[options.format](answers, nova))
    return int(any(answer.states["verdict"] in NEED_AN_OPERATOR for answer in answers))


def _refuse_without_cloud(options: argparse.Namespace) -> None:
    """What only a cloud can answer is asked of no paste."""
    given = [name for name in ("all_projects", "triage", "watch", "interval", "timeout") if getattr(options, name)]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise InputError(f"{option}: only a cloud can be asked for that; name one by --os-cloud")
    if len(options.file) > 1:
        raise InputError(f"{options.file[1]}: one file at a time; to ask a cloud for servers, name it by --os-cloud")


def _given(options: argparse.Namespace) -> Report | str:
    """What is to be explained: states that were named one by one, or a text; read before anything that takes long."""
    states = {"vm_state": options.vm_state, "task_state": options.task_state, "power_state": options.power_state}
    if any(value is not None for value in states.values()):
        if options.file:
            raise InputError(f"{options.file[0]}: give either states or a file, not both")
        return read_flags(**states)
    return _text(_file_of(options))


def _file_of(options: argparse.Namespace) -> str | None:
    return options.file[0] if options.file else None


def _reports(options: argparse.Namespace, given: Report | str, nova: Nova) -> list[Report]:
    if isinstance(given, Report):
        return [given]
    found = read_reports(given, nova.vocabulary)
    if isinstance(found, Problem):
        raise InputError(f"{_file_of(options) or '-'}: {found.describe(nova.tables['texts']['words'])}")
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

"""Whether `openstack` or `nova-manage` takes a command: it is parsed as the program itself does, and not run.

Run by a Python that has the program's wheels, with its name. Each line of standard input is a command as JSON, its
arguments and whether nothing may be missing from their end; each line of standard output is what the parser says
against it as JSON, null where it takes it. It ends when its standard input does.
"""

import contextlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any

Parse = Callable[[list[str]], None]
"""Ends the process, as parsers do, where the arguments are wrong."""


def openstack_parser() -> Parse:
    """The client's, with the commands of all plugins."""
    from openstackclient import shell  # noqa: PLC0415 - the other program's Python has none
    from openstackclient.common import clientmanager  # noqa: PLC0415

    # Some commands ask the cloud which service they are for before they know their own options.
    clientmanager.ClientManager.is_network_endpoint_enabled = lambda _: True
    client = shell.OpenStackShell()
    client.options, _ = client.parser.parse_known_args([])
    client.configure_logging()
    client.initialize_app([])

    def parse(arguments: list[str]) -> None:
        _, words = client.parser.parse_known_args(arguments)
        try:
            factory, name, rest = client.command_manager.find_command(words)
        except ValueError as unknown:
            begun = " ".join([*words, ""])
            is_begun = any(name.startswith(begun) for name, _ in client.command_manager)
            sys.exit("expected at least one argument: a command" if is_begun else str(unknown))
        command: Any = factory(client, client.options, cmd_name=name)
        command.get_parser(f"openstack {name}").parse_args(rest)

    return parse


def nova_manage_parser() -> Parse:
    """Nova's own."""
    from nova.cmd import manage  # noqa: PLC0415

    manage.CONF.register_cli_opt(manage.category_opt)
    return lambda arguments: manage.CONF(arguments, project="nova", default_config_files=[])


MISSING = "the following arguments are required"
CUT_SHORT = ("expected one argument", "expected at least one argument", "one of the arguments")
MOST_MISSING = 5
PARSERS = {"openstack": openstack_parser, "nova-manage": nova_manage_parser}


def complaint(parse: Parse, arguments: list[str]) -> str | None:
    """What a parser says against arguments, its usage left out."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            parse(arguments)
    except SystemExit as end:
        if not end.code:
            return None
        said = end.code if isinstance(end.code, str) else printed.getvalue()
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return next((line.partition("error: ")[2] for line in lines if "error: " in line), " ".join(lines))
    return None


def complaint_of_part(parse: Parse, arguments: list[str]) -> str | None:
    """What a parser says against arguments that may lack their end; parsers tell of what is missing first."""
    said = None
    for number in range(MOST_MISSING):
        said = complaint(parse, arguments + ["1"] * number)
        if said is None or MISSING not in said:
            break
    return None if said is not None and any(part in said for part in (MISSING, *CUT_SHORT)) else said


def main() -> None:
    """Answer lines until there are no more."""
    parse = PARSERS[sys.argv[1]]()
    for line in sys.stdin:
        arguments, is_whole = json.loads(line)
        said = complaint(parse, arguments) if is_whole else complaint_of_part(parse, arguments)
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()

"""The command line: says what each command is for, and turns errors into exit statuses."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from nova_states.errors import CheckError, NovaStatesError

_FINE, _WRONG, _UNUSABLE = 0, 1, 2

_COMMANDS = ("explain", "facts", "diff", "extract", "check")
"""Names of commands, each a module beside this one."""

_DESCRIPTION = "What Nova's source says about the states of a server, for every release from Mitaka on."
_EPILOG = """exit status: 0 fine; 1 something is wrong or needs an operator; 2 bad usage or unreadable input

A release is a version (13.1.4), a series by name (mitaka, 2026.1, 13: its newest version) or `latest`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; errors go to standard error, one line each."""
    parser = argparse.ArgumentParser(
        prog="nova-states",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    given = sys.argv[1:] if arguments is None else list(arguments)
    # A command that is named needs no other's imports, which take longer than an answer.
    for name in given[:1] if given[:1] and given[0] in _COMMANDS else _COMMANDS:
        importlib.import_module(f"{__name__}.{name}").add_parser(commands)
    options = parser.parse_args(given)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CheckError as error:
        sys.stderr.write(f"{error}\n")
        return _WRONG
    except NovaStatesError as error:
        sys.stderr.write(f"nova-states: {error}\n")
        return _UNUSABLE
    except BrokenPipeError:
        # A reader such as `head` has seen enough; what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.stderr.write("nova-states: interrupted; nothing was written\n")
        return _UNUSABLE
    else:
        return status
    return _FINE

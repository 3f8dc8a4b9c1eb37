"""The command line: says what each command is for, and turns errors into exit statuses."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NoReturn

from nova_states import __version__
from nova_states.cli import output
from nova_states.errors import CheckError, NovaStatesError
from nova_states.locations import PACKAGE

_FINE, _WRONG, _UNUSABLE, _INTERNAL = 0, 1, 2, 70
"""The last is EX_SOFTWARE of sysexits.h: a crash must not look like a server that needs an operator."""

_COMMANDS: Final = ("explain", "facts", "diff", "export", "extract", "check", "completion")
"""Names of commands, each a module beside this one."""
_TRACEBACK: Final = "NOVA_STATES_TRACEBACK"
"""Environment variable: where it is set, an internal error shows the whole traceback."""

_DESCRIPTION = "What Nova's source says about the states of a server, for every release from Mitaka on."
_EPILOG = f"""exit status: 0 fine; 1 something is wrong or needs an operator; 2 bad usage or unreadable input;
70 an internal error, of which {_TRACEBACK}=1 shows all

A release is a version (13.1.4), a series by name (mitaka, 2026.1, 13: its newest version) or `latest`."""


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong; the usage is in the help."""

    def error(self, message: str) -> NoReturn:
        output.complain(f"nova-states: {message}; see {self.prog} --help")
        sys.exit(_UNUSABLE)

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help and version; argparse itself would not say that it could not."""
        if file is sys.stdout:
            output.write(message)
        else:
            output.complain(message.rstrip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; errors go to standard error, one line each."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        output.prepare()
        try:
            # A command that is named needs no other's imports, which take longer than an answer.
            named = given[:1] if given[:1] and given[0] in _COMMANDS else _COMMANDS
            options = build_parser(named).parse_args(given)
            status: int = options.run(options)
        finally:
            output.finish()
    except CheckError as error:
        output.complain(str(error))
        return _WRONG
    except NovaStatesError as error:
        output.complain(f"nova-states: {error}")
        return _UNUSABLE
    except KeyboardInterrupt:
        output.complain("nova-states: interrupted; what is stored is whole")
        return _UNUSABLE
    except Exception as error:  # noqa: BLE001 - whatever it is, it must neither be a traceback nor look like an answer
        return _tell_failure(error)
    return status


def build_parser(commands: Iterable[str] = _COMMANDS) -> argparse.ArgumentParser:
    """The parser of the command line, with some commands or all."""
    parser = _Parser(
        prog="nova-states",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"nova-states {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in commands:
        importlib.import_module(f"{__name__}.{name}").add_parser(subparsers)
    return parser


def _tell_failure(error: Exception) -> int:
    """Say in one line what failed: the machine, or this program and where in it."""
    import platform  # noqa: PLC0415 - hardly ever
    import traceback  # noqa: PLC0415 - as above

    if os.environ.get(_TRACEBACK):
        output.complain("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        output.complain(f"nova-states: {place}{error.strerror or error}")
        return _UNUSABLE
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if PACKAGE in Path(frame.filename).parents]
    place = f" at {Path(frames[-1].filename).relative_to(PACKAGE).as_posix()}:{frames[-1].lineno}" if frames else ""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    output.complain(
        f"nova-states: internal error{place}: {said}; please report this line with the command and its input "
        f"(nova-states {__version__}, Python {platform.python_version()}, {platform.system()}; "
        f"{_TRACEBACK}=1 shows more)"
    )
    return _INTERNAL

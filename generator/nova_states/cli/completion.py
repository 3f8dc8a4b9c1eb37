"""`nova-states completion`: a script with which a shell completes commands, options and releases.

shtab rather than argcomplete: it writes a script that stands alone, where argcomplete starts Python at every press of
TAB, and asks for its own program on the path, which an installation by pipx or uv does not put there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Final

import shtab

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.export import EXPORTS
from nova_states.cli import build_parser, output

_SHELLS: Final = ("bash", "zsh", "fish")
_HOW: Final = "complete"
"""The attribute of an option in which shtab looks for what completes it."""
_RELEASES: Final = ("release", "before", "after")
"""Options and arguments that name a release."""
_FILES: Final = {"file": shtab.FILE, "tree": shtab.DIRECTORY, "git": shtab.DIRECTORY}
"""Options and arguments that name files or folders."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "completion",
        help="print a script that makes a shell complete this command line",
        description="Print a script with which a shell completes commands, options, releases and files.",
        epilog=(
            "examples: nova-states completion bash > ~/.local/share/bash-completion/completions/nova-states; "
            "nova-states completion zsh > DIR/_nova-states, with a DIR of your $fpath; "
            "nova-states completion fish > ~/.config/fish/completions/nova-states.fish"
        ),
    )
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help=", ".join(_SHELLS))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the script; the releases in it are those that are stored now."""
    parser = build_parser()
    words = tuple(_release_words())
    for action in _actions(parser):
        if action.dest in _RELEASES:
            action.choices = words
        elif action.dest == "kind":
            action.choices = tuple(EXPORTS)
        elif action.dest in _FILES:
            setattr(action, _HOW, _FILES[action.dest])
    output.write(f"{shtab.complete(parser, options.shell)}\n")
    return 0


def _release_words() -> Iterator[str]:
    """What may be said after `--release`: the series by their names, then versions, newest first."""
    catalog = load_catalog()
    yield "latest"
    for series in reversed(catalog.series):
        yield from dict.fromkeys((series.name, series.codename))
    yield from reversed(catalog.versions)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Options and arguments of all commands, each command described by the one line of the help."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to its own parts, and shtab goes it too
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            commands: Mapping[str, argparse.ArgumentParser] = action.choices
            for described in action._choices_actions:  # noqa: SLF001 - as above
                commands[described.dest].description = described.help
            for command in commands.values():
                yield from _actions(command)

"""`nova-states export`: documents made of a release's facts, for projects that keep such a document by hand."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from nova_states.catalog.release import Release
from nova_states.cli import output
from nova_states.cli.gaps import gaps_of
from nova_states.cli.trees import read_folder, stored_release
from nova_states.documents.vm_states import Names, write_vm_states
from nova_states.lookup.table_cache import load_tables

_DOCUMENTS: Final[Mapping[str, Callable[[Release, Names], str]]] = {"vm-states": write_vm_states}
"""Name of a document → what writes it."""
_LANGUAGE: Final = "en"
"""Nova's documents are English."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "export",
        help="print a document of Nova's as its code has it, as reStructuredText",
        description=(
            "Print a document made of the facts of a release, or of a folder that holds a Nova tree. vm-states is "
            "Nova's page of the states of a server: states, what is allowed in each, and what each command changes."
        ),
        epilog="examples: nova-states export vm-states --release 2026.1; "
        "nova-states export vm-states --tree . > doc/source/reference/vm-states.rst",
    )
    parser.add_argument("document", metavar="DOCUMENT", choices=tuple(_DOCUMENTS), help=", ".join(_DOCUMENTS))
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--release", metavar="R", help="13.1.4, mitaka, 2026.1, 33 or latest")
    source.add_argument("--tree", metavar="DIR", type=Path, help="a folder with a Nova tree, read now (never run)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the document; exit status 1, and a line on standard error, where places could not be read."""
    release = read_folder(options.tree) if options.tree else stored_release(options.release)
    names = Names.of(load_tables(_LANGUAGE)["texts"])
    output.write(_DOCUMENTS[options.document](release, names))
    gaps = gaps_of(release)
    unread = sum(gap["listed"] is None for found in gaps.values() for gap in found)
    if not unread:
        return 0
    how = f"--tree {options.tree}" if options.tree else f"--release {release.version}"
    output.complain(
        f"nova-states: {unread} places of it could not be read, and the document lacks what they "
        f"say; see `nova-states facts {how} --kind gaps`"
    )
    return 1

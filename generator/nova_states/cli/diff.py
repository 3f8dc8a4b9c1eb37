"""`nova-states diff`: what changed between two releases, in a fork, or in the stored facts since a revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nova_states.catalog.comparison import Difference, compare
from nova_states.cli import output
from nova_states.cli.facts import as_text
from nova_states.cli.gaps import gap_lines, gaps_of, has_unlisted, is_unread_in
from nova_states.cli.stored_changes import print_stored_changes
from nova_states.cli.trees import release_or_folder
from nova_states.errors import InputError
from nova_states.facts.codec import to_json
from nova_states.facts.json_value import Json


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "diff",
        help="print what differs between two releases, or a folder and a release",
        description=(
            "Print each fact that differs. A and B are releases, or folders that hold a Nova tree. With --facts, print "
            "what the stored facts say otherwise than they did at a revision of this checkout."
        ),
        epilog="examples: nova-states diff 25.0.0 25.1.0; nova-states diff 2024.1 ./our-nova; "
        "nova-states diff --facts HEAD",
    )
    parser.add_argument("before", metavar="A", nargs="?")
    parser.add_argument("after", metavar="B", nargs="?")
    parser.add_argument("--facts", metavar="REV", help="a branch, tag or commit of this checkout; in place of A and B")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the differences.

    Raises:
        InputError: neither two releases nor a revision are named, or one of them is not to be had.
    """
    if options.facts is not None:
        if options.before is not None:
            raise InputError("diff: name two releases, or --facts REV, not both")
        return print_stored_changes(options.facts, as_json=options.format == "json")
    if options.after is None:
        raise InputError("diff: name two releases or folders, or --facts REV; see `nova-states diff --help`")
    before, after = release_or_folder(options.before), release_or_folder(options.after)
    differences = compare(before, after, is_unread_in=is_unread_in)
    sides = ((before, gaps_of(before)), (after, gaps_of(after)))
    if options.format == "json":
        found = {
            "before": before.version,
            "after": after.version,
            "differences": to_json(differences),
            "gaps": dict(zip(("before", "after"), (gaps for _, gaps in sides), strict=True)),
        }
        output.write(output.as_json(found, indent=1) + "\n")
    else:
        output.write(f"Nova {before.version} → {after.version}: {len(differences)} differences\n")
        output.write_lines(f"{line}\n" for line in _lines(differences))
        for release, gaps in sides:
            output.write_lines(f"Nova {release.version}: {line}\n" for line in gap_lines(gaps, brief=True))
    return int(any(has_unlisted(gaps) for _, gaps in sides))


def _lines(differences: tuple[Difference, ...]) -> Iterator[str]:
    for difference in differences:
        mark = "  ? may only not have been read: see NOT READ below" if difference.is_unread else ""
        yield f"{difference.kind} {difference.name}{mark}"
        for sign, side, other in (
            ("-", difference.before, difference.after),
            ("+", difference.after, difference.before),
        ):
            kept = _rows(other)
            yield from (f"  {sign} {as_text(row)}" for row in _rows(side) if row not in kept)


def _rows(side: Json) -> list[Json]:
    if side is None:
        return []
    return side if isinstance(side, list) and side and isinstance(side[0], dict) else [side]

"""`nova-states diff`: what changed between two releases, in a fork, or in the stored facts since a revision."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.change_wording import markdown_lines, said, text_lines, words_in
from nova_states.catalog.comparison import compare
from nova_states.catalog.noticed_changes import changes_between, later_point_releases
from nova_states.catalog.release import Release
from nova_states.cli import output
from nova_states.cli.gaps import gap_lines, gaps_of, has_unlisted, is_unread_in
from nova_states.cli.stored_changes import print_stored_changes
from nova_states.cli.trees import release_or_folder
from nova_states.errors import InputError
from nova_states.explanations.clauses import own_clauses
from nova_states.explanations.languages import LANGUAGES
from nova_states.facts.codec import to_json


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "diff",
        help="print what differs between two releases, or a folder and a release",
        description=(
            "Print what an operator notices of a change, by area: what is allowed or refused first, then API "
            "statuses, defaults of options, restart and power sync, refusals and errors, and the rest. What changed "
            "alike for several is one line, and conditions are told in words; --format json has all of it in full, "
            "and --format markdown is for a change ticket. What later point releases of A's series have as well is "
            "marked as backported. A and B are "
            "releases, or folders that hold a Nova tree. With --facts, print "
            "what the stored facts say otherwise than they did at a revision of this checkout."
        ),
        epilog="examples: nova-states diff 25.0.0 25.1.0; nova-states diff 2024.1 ./our-nova; "
        "nova-states diff --format markdown zed 2023.1; "
        "nova-states diff --facts HEAD",
    )
    parser.add_argument("before", metavar="A", nargs="?")
    parser.add_argument("after", metavar="B", nargs="?")
    parser.add_argument("--facts", metavar="REV", help="a branch, tag or commit of this checkout; in place of A and B")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the words (default: en)")
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
    changes = changes_between(
        before,
        after,
        is_unread_in,
        later_point_releases(load_catalog(), before, after),
        say=own_clauses(),
    )
    gaps = [gaps_of(release) for release in (before, after)]
    names = [_name(word, release) for word, release in ((options.before, before), (options.after, after))]
    if options.format == "json":
        printed = {
            "before": before.version,
            "after": after.version,
            "changes": [{**asdict(change), "says": said(change, options.lang)} for change in changes],
            "differences": to_json(compare(before, after, is_unread_in=is_unread_in)),
            "gaps": dict(zip(("before", "after"), gaps, strict=True)),
        }
        output.write(output.as_json(printed, indent=1) + "\n")
    else:
        lines = markdown_lines if options.format == "markdown" else text_lines
        told = lines(changes, names[0], names[1], options.lang)
        output.write_lines(f"{line}\n" for line in told)
        counted = words_in(options.lang)["line"]["not_read"]
        for name, found in zip(names, gaps, strict=True):
            output.write_lines(f"Nova {name}: {line}\n" for line in gap_lines(found, counted))
    return int(any(map(has_unlisted, gaps)))


def _name(word: str, release: Release) -> str:
    """A release by its version; a folder by its path as well, as it may hold another Nova of the same version."""
    return f"{release.version} ({word})" if Path(word).is_dir() else release.version

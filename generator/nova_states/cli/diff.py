"""`nova-states diff`: what changed between two releases, in a fork, or in the stored facts since a revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from nova_states.catalog.comparison import Difference, compare
from nova_states.cli import output
from nova_states.cli.facts import as_text
from nova_states.cli.gaps import gap_lines, gaps_of, has_unlisted, is_unread_in
from nova_states.cli.stored_changes import print_stored_changes
from nova_states.cli.trees import release_or_folder
from nova_states.errors import InputError
from nova_states.facts.codec import canonical, to_json
from nova_states.facts.json_value import Json

_CONDITIONS = ("condition", "condition_tree", "certainty", "expected_task_states", "when", "when_tree")
"""Fields that say under which conditions a row holds."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "diff",
        help="print what differs between two releases, or a folder and a release",
        description=(
            "Print each fact that differs; a change that only its conditions tell apart is one line (~), which "
            "--format json has in full. A and B are releases, or folders that hold a Nova tree. With --facts, print "
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
        only_before, only_after = (
            _apart(difference.before, difference.after),
            _apart(difference.after, difference.before),
        )
        match only_before, only_after:
            case [dict(before)], [dict(after)]:
                yield from _changes(before, after)
            case _:
                yield from _folded(difference)


def _folded(difference: Difference) -> Iterator[str]:
    """The rows of one side; of a change that both sides have, under other conditions, one line."""
    left, right = _by_change(_rows(difference.before)), _by_change(_rows(difference.after))
    for change in dict.fromkeys((*left, *right)):
        gone, come = (
            _apart(left.get(change, []), right.get(change, [])),
            _apart(right.get(change, []), left.get(change, [])),
        )
        if change in left and change in right:
            yield from (f"  ~ {change}: its conditions" for _ in (gone or come)[:1])
        else:
            yield from (f"  - {as_text(row)}" for row in gone)
            yield from (f"  + {as_text(row)}" for row in come)


def _by_change(rows: list[Json]) -> dict[str, list[Json]]:
    """The rows by what they say beside their conditions."""
    found: dict[str, list[Json]] = {}
    for row in rows:
        plain = {key: value for key, value in row.items() if key not in _CONDITIONS} if isinstance(row, dict) else row
        found.setdefault(as_text(plain), []).append(row)
    return found


def _apart(side: Json, other: Json) -> list[Json]:
    """The rows that the other side does not have."""
    kept = _rows(other)
    return [row for row in _rows(side) if row not in kept]


def _changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[str]:
    """What differs in one row, by field; of a list what went and what came."""
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if isinstance(one, list | None) and isinstance(other, list | None):
            gone, come = one or [], other or []
            yield from (f"  - {key}: {as_text(item)}" for item in gone if item not in come)
            yield from (f"  + {key}: {as_text(item)}" for item in come if item not in gone)
            if sorted(map(canonical, gone)) == sorted(map(canonical, come)):
                yield f"  ~ {key}: the same in another order"
        else:
            yield from (f"  - {key}={as_text(one)}" for _ in (one,) if key in before)
            yield from (f"  + {key}={as_text(other)}" for _ in (other,) if key in after)


def _rows(side: Json) -> list[Json]:
    if side is None:
        return []
    return side if isinstance(side, list) and side and isinstance(side[0], dict) else [side]

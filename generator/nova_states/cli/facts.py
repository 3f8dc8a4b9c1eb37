"""`nova-states facts`: everything known of a release, or of a patched tree."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nova_states.catalog.export import export_release
from nova_states.catalog.serialisation import ANY
from nova_states.cli import output
from nova_states.cli.gaps import gap_lines, gaps_of, has_unlisted
from nova_states.cli.trees import read_folder, stored_release
from nova_states.errors import InputError
from nova_states.facts.json_value import Json

_NOT_KINDS = ("version",)
_NOT_SHOWN = ("evidence", "condition_tree", "when_tree")
"""What stands elsewhere in a line: the place at its end, a condition as text."""
_OF_ALL_KINDS = (None, "gaps", "counts")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "facts",
        help="print what is known of a release or of a folder that holds a Nova tree",
        description="Print the states, guards, statuses and all other facts of a release, each with its source line.",
        epilog="examples: nova-states facts --release mitaka --kind guards; nova-states facts --tree ./nova",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--release", metavar="R", help="13.1.4, mitaka, 2026.1, 33 or latest")
    source.add_argument("--tree", metavar="DIR", type=Path, help="a folder with a Nova tree, read now (never run)")
    parser.add_argument("--kind", metavar="K", help="only this part: states, groups, guards, statuses, ...")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the facts."""
    release = read_folder(options.tree) if options.tree else stored_release(options.release)
    facts = export_release(release)
    facts["gaps"] = gaps = gaps_of(release, () if options.kind in _OF_ALL_KINDS else (options.kind,))
    if options.kind:
        kinds = [kind for kind in facts if kind not in _NOT_KINDS]
        if options.kind not in kinds:
            raise InputError(f"kind {options.kind!r} is unknown; choose one of {', '.join(kinds)}")
        facts = {"version": facts["version"], options.kind: facts[options.kind], "gaps": gaps}
    if options.format == "json":
        output.write(output.as_json(facts, indent=1) + "\n")
    else:
        output.write_lines(f"{line}\n" for line in _lines(facts))
    return int(has_unlisted(gaps))


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield f"Nova {facts['version']}"
    for kind, value in facts.items():
        if kind in _NOT_KINDS or not value:
            continue
        yield ""
        yield f"{kind}:"
        if kind == "gaps":
            yield from (f"  {line}" for line in gap_lines(value))
            continue
        if isinstance(value, dict):
            yield from (f"  {name}: {as_text(item)}" for name, item in value.items())
        elif isinstance(value, list):
            yield from (f"  {as_text(row)}" for row in value)
        else:
            yield f"  {as_text(value)}"


def as_text(value: Json) -> str:
    """A fact on one line for people: evidence as file:line, states as words, what is not checked left out."""
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    if isinstance(value, dict):
        parts = [
            as_text(item) if name in ("action", "id") else f"{name}={as_text(item)}"
            for name, item in value.items()
            if name != "evidence"
            and not name.endswith("_tree")
            and item not in (ANY, None, [], ())
            and item is not False
        ]
        place = value.get("evidence")
        if isinstance(place, dict):
            function = f" {place['function']}" if place.get("function") else ""
            parts.append(f"({place['file']}:{place['line']}{function})")
        return " ".join(parts)
    return "none" if value is None else str(value)

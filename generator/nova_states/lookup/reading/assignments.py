"""Takes the prefix off the names that `-f shell --prefix` prints, so that they are the fields that they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nova_states.lookup.reading.grammar import Grammar

_SERVER: Final = "server"


def without_prefixes(lines: Sequence[str], commands: Iterable[str], grammar: Grammar) -> list[str]:
    """Lines, in which names of variables have lost the prefix that makes others of the names of a server's fields.

    Args:
        lines: Of a paste.
        commands: What was asked: only beside `server show` a status alone tells of a server.
        grammar: The grammar.
    """
    assigned = grammar.shape("assigned")
    found = {place: match for place, line in enumerate(lines) if "=" in line and (match := assigned.search(line))}
    counts = Counter(prefix for match in found.values() for prefix in _prefixes(match["name"], grammar))
    names: dict[str, list[str]] = {}
    prefixes: dict[int, str] = {}
    last = ""
    for place, match in found.items():
        name = match["name"]
        prefix = _chosen(name, counts, grammar)
        # A name that is no field has the prefix of the one above.
        last = prefix if prefix is not None else last if name.startswith(last) else ""
        prefixes[place] = last
        names.setdefault(last, []).append(name.removeprefix(last))
    is_asked = any(grammar.shape("shown").search(command) for command in commands)
    known = {prefix for prefix, own in names.items() if is_asked or grammar.layout(tuple(own)).kind == _SERVER}
    told = list(lines)
    for place, prefix in prefixes.items():
        if prefix in known:
            told[place] = lines[place][found[place].start("name") + len(prefix) :]
    return told


def _prefixes(name: str, grammar: Grammar) -> Iterator[str]:
    """The beginnings of a name behind which it is one of a field."""
    if grammar.field_of(name) is not None:
        yield ""
    for place, char in enumerate(name, 1):
        if char == "_" and grammar.field_of(name[place:]) is not None:
            yield name[:place]


def _chosen(name: str, counts: Counter[str], grammar: Grammar) -> str | None:
    """The prefix of a name that most names share, the shortest of them; None where it is the name of no field."""
    return min(_prefixes(name, grammar), key=lambda prefix: (-counts[prefix], len(prefix)), default=None)

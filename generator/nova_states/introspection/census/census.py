"""Takes the census of one tree: how many mentions there are for each kind of fact, and which nobody accounts for."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nova_states.facts.model import KINDS, Count, Evidence, Section, UnreadMention
from nova_states.introspection.census.accounts import Accounts
from nova_states.introspection.census.conditions import judge_options
from nova_states.introspection.census.context import FileContext, find_context, refusals
from nova_states.introspection.census.judgement import Judged, judge
from nova_states.introspection.census.mentions import Mention, find_mentions
from nova_states.introspection.census.places import load_places
from nova_states.introspection.claims import Claims
from nova_states.source.tree import SourceTree, blob_id, listing_id

_OPTIONS = Path(__file__).parent.parent / "option_definitions.toml"
LISTED = "listed: "
"""Begins the name of the count of mentions that an entry of census.toml covers."""
FOLDER = "nova"
_APART = ("nova/tests/", "nova/locale/")
"""What belongs to Nova's tests and texts."""

_CONTEXTS: dict[tuple[str, str], FileContext] = {}
_MENTIONS: dict[tuple[str, str, frozenset[str]], tuple[Mention, ...]] = {}
"""What the files that were looked at have, by path and content: versions share most files."""


@cache
def option_names() -> frozenset[str]:
    """Names of the options that act on states."""
    groups = tomllib.loads(_OPTIONS.read_text(encoding="utf-8"))
    return frozenset(name for group in groups.values() for name in group)


def digest_of(tree: SourceTree) -> str:
    """Digest of all that a census depends on but the readers: the paths and contents of Nova's files."""
    return listing_id(f"{path} {tree.blob(path)}" for path in _files(tree))


def take_census(
    tree: SourceTree, sections: Mapping[str, Section[Any]], claims: Mapping[str, Claims]
) -> Section[UnreadMention]:
    """Ask after every mention.

    Args:
        tree: The tree that was read.
        sections: Kind → what was read of it.
        claims: Kind → what its extractor followed.

    Returns:
        The mentions that nobody accounts for, those of a function together; for each kind how many mentions there are
        and how many are accounted for; and how many each entry of census.toml covers.
    """
    judged = [*judge(*_mentions(tree), Accounts(sections=sections, claims=claims)), *judge_options(sections)]
    found: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    left: list[Judged] = []
    for one in judged:
        if one.is_claimed:
            found[one.kind] += 1
            claimed[one.kind] += 1
            continue
        place = next((place for place in load_places() if place.covers(one)), None)
        if place is not None:
            listed[place.identity] += 1
        else:
            found[one.kind] += 1
            left.append(one)
    counts = [Count(name=kind, read=claimed[kind], found=found[kind]) for kind in KINDS if found[kind]]
    counts += [Count(name=f"{LISTED}{name}", read=number, found=number) for name, number in sorted(listed.items())]
    return Section(facts=tuple(_together(left)), gaps=(), counts=tuple(counts))


def _mentions(tree: SourceTree) -> tuple[dict[str, tuple[Mention, ...]], frozenset[str]]:
    """The mentions of each file that has some, and the names of the guard decorators."""
    contexts: list[FileContext] = []
    contents: dict[str, tuple[str, bytes]] = {}
    for path in _files(tree):
        content = tree.read(path)
        blob = blob_id(content)
        contents[path] = blob, content
        if (path, blob) not in _CONTEXTS:
            _CONTEXTS[path, blob] = find_context(path, content)
        contexts.append(_CONTEXTS[path, blob])
    refusing = refusals(contexts)
    found: dict[str, tuple[Mention, ...]] = {}
    for path, (blob, content) in contents.items():
        key = (path, blob, refusing)
        if key not in _MENTIONS:
            _MENTIONS[key] = find_mentions(path, content, option_names(), refusing)
        if _MENTIONS[key]:
            found[path] = _MENTIONS[key]
    return found, frozenset(name for one in contexts for name in one.guards)


def _files(tree: SourceTree) -> Iterator[str]:
    yield from (path for path in tree.files(FOLDER) if path.endswith(".py") and not path.startswith(_APART))


def _together(left: list[Judged]) -> Iterator[UnreadMention]:
    """One row for each function, or place outside of them, and kind."""
    groups: dict[tuple[str, str, str | None, int], list[Judged]] = {}
    for one in left:
        scope = one.mention.scope
        place = 0 if scope and scope.is_function and not one.mention.decorator else one.mention.first
        groups.setdefault((one.kind, one.path, scope.name if scope else None, place), []).append(one)
    for (kind, path, function, _), group in groups.items():
        names = dict.fromkeys(one.mention.name.partition(" ")[2] or one.mention.name for one in group)
        yield UnreadMention(
            kind=kind,
            names=tuple(names),
            evidence=Evidence(file=path, line=min(one.mention.line for one in group), function=function),
        )

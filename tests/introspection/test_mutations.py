"""Each recipe below `mutations/` changes a real Nova as a release or a fork might: what it changes is told or reported.

A recipe is a few words to find in a file and what to put in their place. It says which facts come (+) and go (-), or in
which section a new gap stands; that nothing at all happens fails, and so does a crash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.facts.model import DriverState, HostCheck, Option, Section
from nova_states.introspection.extraction import EXTRACTORS
from nova_states.introspection.modules import Modules
from nova_states.locations import cache_folder
from nova_states.source.pypi import PyPI
from nova_states.source.tree import Origin, SourceTree, blob_id
from tests.introspection import test_cases

MUTATIONS = Path(__file__).parent / "mutations"
VERSION = "34.0.0"


def driver(fact: DriverState) -> Iterator[str]:
    yield f"{fact.driver} {fact.state}: {fact.power_state}"


def option(fact: Option) -> Iterator[str]:
    yield f"{fact.group or 'DEFAULT'}.{fact.name} = {fact.default!r}"


def host_check(fact: HostCheck) -> Iterator[str]:
    when = f" when {fact.when}" if fact.when else ""
    yield f"{fact.action}: {fact.host} {fact.must_be} or {fact.exception}{when}"


def constant(fact: Any) -> Iterator[str]:  # noqa: ANN401 - lines move, so they are left out
    yield f"{fact.kind} {fact.name} = {fact.value!r}"


def group(fact: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    yield f"{fact.kind} {fact.name}: {fact.condition or test_cases.joined(fact.values)}"


WRITERS: dict[str, Callable[[Any], Iterator[str]]] = {
    **{kind: write for kind, (_, write) in test_cases.KINDS.items()},
    "drivers": driver,
    "groups": group,
    "host_checks": host_check,
    "options": option,
    "states": constant,
}


@dataclass(frozen=True, kw_only=True)
class ChangedTree:
    """A tree with some files changed."""

    original: SourceTree
    changed: Mapping[str, bytes]
    version: str | None = None
    removed: frozenset[str] = field(default_factory=frozenset)

    @property
    def origin(self) -> Origin:
        return self.original.origin

    def blob(self, path: str) -> str | None:
        if path in self.removed:
            return None
        return blob_id(self.changed[path]) if path in self.changed else self.original.blob(path)

    def read(self, path: str) -> bytes:
        return self.changed[path] if path in self.changed else self.original.read(path)

    def files(self, folder: str) -> Sequence[str]:
        own = (path for path in self.changed if path.startswith(f"{folder}/"))
        return sorted({*self.original.files(folder), *own} - self.removed)


@cache
def original() -> Modules:
    return Modules(tree=PyPI(cache_folder()).tree(VERSION))


@cache
def read_original(kind: str) -> Section[Any]:
    return EXTRACTORS[kind](original().recording())


def recipes() -> list[Any]:
    found = []
    for path in sorted(MUTATIONS.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(recipe, id=f"{path.stem}-{recipe['name']}") for recipe in content]
    return found


def changed_tree(recipe: Mapping[str, Any]) -> ChangedTree:
    texts: dict[str, str] = dict(recipe.get("files", {}))
    tree = original().tree
    for path, changes in recipe.get("changes", {}).items():
        text = texts.get(path) or tree.read(path).decode()
        for find, put in changes:
            assert find in text, f"{path} has no {find!r}"
            text = text.replace(find, put, 1) if recipe.get("once", True) else text.replace(find, put)
        texts[path] = text
    for path, more in recipe.get("append", {}).items():
        texts[path] = (texts.get(path) or tree.read(path).decode()) + more
    removed = frozenset(recipe.get("removed", ()))
    return ChangedTree(original=tree, changed={p: t.encode() for p, t in texts.items()}, removed=removed)


@pytest.mark.network
@pytest.mark.parametrize("recipe", recipes())
def test_a_change_is_told_or_reported(recipe: Mapping[str, Any]) -> None:
    kind = recipe["kind"]
    tree = changed_tree(recipe)
    untouched = {path: m for path, m in original()._loaded.items() if path not in {*tree.changed, *tree.removed}}  # noqa: SLF001 - parsing again what did not change would take most of the time
    before, after = read_original(kind), EXTRACTORS[kind](Modules(tree=tree, _loaded=untouched))
    write = WRITERS[kind]
    old, new = (Counter(line for fact in s.facts for line in write(fact)) for s in (before, after))
    told = sorted([f"- {line}" for line in old - new] + [f"+ {line}" for line in new - old])
    reported = sorted({gap.reason for gap in after.gaps} - {gap.reason for gap in before.gaps})
    assert told or reported, "lost in silence"
    assert told == recipe.get("told", [])
    assert [any(words in reason for reason in reported) for words in recipe.get("reported", [])] == [True] * len(
        recipe.get("reported", [])
    ), reported
    assert bool(reported) == bool(recipe.get("reported")), reported

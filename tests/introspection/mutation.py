"""Changes of a Nova as a release or a fork might make them, and what becomes of its facts.

A recipe names files and, for each, fragments to find and what to put in their place; "re: " begins a regular
expression. Only what was changed is parsed anew, and only the extractors that read it run again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nova_states.facts.codec import plain_section
from nova_states.facts.model import DriverState, Option, Reaction, Section, Transition
from nova_states.introspection.census.census import take_census
from nova_states.introspection.claims import Claims
from nova_states.introspection.extraction import EXTRACTORS
from nova_states.introspection.modules import Modules
from nova_states.source.tree import Origin, SourceTree, blob_id, listing_id
from tests.introspection import reaction_tables, test_cases

_REGULAR = "re: "
_UNDECIDED = "+ undecided"
"""Begins a line of a reaction of which only the states are known."""


def driver(fact: DriverState) -> Iterator[str]:
    yield f"{fact.driver} {fact.state}: {fact.power_state}"


def option(fact: Option) -> Iterator[str]:
    more = [word for word in (", ".join(fact.choices), "mutable" if fact.mutable else "") if word]
    limits = f" {fact.minimum}..{fact.maximum}" if fact.minimum is not None or fact.maximum is not None else ""
    yield f"{fact.group or 'DEFAULT'}.{fact.name} = {fact.default!r}{limits}{''.join(f' ({word})' for word in more)}"


def constant(fact: Any) -> Iterator[str]:  # noqa: ANN401 - lines move, so they are left out
    yield f"{fact.kind} {fact.name} = {fact.value!r}"


def group(fact: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    yield f"{fact.kind} {fact.name}: {fact.condition or test_cases.joined(fact.values)}"


def reaction(fact: Reaction) -> Iterator[str]:
    yield f"{reaction_tables.line(fact)} ({fact.certainty})"


def transition(fact: Transition) -> Iterator[str]:
    start = fact.start
    states = (start.vm_states, start.task_states) if start is not None else ((), ())
    begin = " / ".join("=" if part is None else " ".join(map(str, part)) for part in states)
    yield f"{fact.action} {fact.actor}: {begin} -> {fact.end.vm_state}/{fact.end.task_state} {fact.outcome}"


WRITERS: dict[str, Callable[[Any], Iterator[str]]] = {
    **{kind: write for kind, (_, write) in test_cases.KINDS.items()},
    "drivers": driver,
    "groups": group,
    "options": option,
    "power_sync": reaction,
    "startup": reaction,
    "states": constant,
    "transitions": transition,
}
"""Kind of fact → its facts as lines that do not say where they stand."""


@dataclass(frozen=True, kw_only=True)
class ChangedTree:
    """A tree with some files changed."""

    original: SourceTree
    changed: Mapping[str, bytes]
    removed: frozenset[str] = frozenset()
    version: str | None = None

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


def changed_tree(recipe: Mapping[str, Any], tree: SourceTree) -> ChangedTree:
    """The tree with a recipe's changes; a fragment that is not there fails."""
    texts: dict[str, str] = dict(recipe.get("files", {}))
    for path, changes in recipe.get("changes", {}).items():
        text = texts.get(path) or tree.read(path).decode()
        for find, put in changes:
            text = _replaced(text, find, put, path, 1 if recipe.get("once", True) else 0)
        texts[path] = text
    for path, more in recipe.get("append", {}).items():
        texts[path] = (texts.get(path) or tree.read(path).decode()) + more
    removed = frozenset(recipe.get("removed", ()))
    return ChangedTree(original=tree, changed={p: t.encode() for p, t in texts.items()}, removed=removed)


def _replaced(text: str, find: str, put: str, path: str, count: int) -> str:
    if find.startswith(_REGULAR):
        text, number = re.subn(find.removeprefix(_REGULAR), put, text, count=count, flags=re.DOTALL)
    else:
        number = text.count(find)
        text = text.replace(find, put, count or -1)
    assert number, f"{path} has no {find!r}"
    return text


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one kind of fact."""

    differences: list[str]
    """Lines that went ("- ...") and came ("+ ...")."""
    reported: list[str]
    """Reasons of gaps that are new in the kind's section."""
    counted: list[str]
    """Mentions of the kind that nobody accounts for any more; looked for where the rest tells nothing."""

    @property
    def is_reported(self) -> bool:
        """Whether something says that not all is known."""
        return bool(self.reported or self.counted) or any(line.startswith(_UNDECIDED) for line in self.differences)


@dataclass(kw_only=True)
class Original:
    """An unchanged tree, read once."""

    modules: Modules
    _read: dict[str, tuple[Section[Any], Claims, dict[str, str | None]]] = field(default_factory=dict)
    _unread: frozenset[tuple[str, str, str]] | None = None

    def read(self, kind: str) -> tuple[Section[Any], Claims, dict[str, str | None]]:
        """The section, what it claims, and what it asked for."""
        if kind not in self._read:
            self._read[kind] = read(kind, self.modules)
        return self._read[kind]

    def outcome(self, recipe: Mapping[str, Any]) -> Outcome:
        """Read a kind of fact of the changed tree, and compare."""
        kind = recipe["kind"]
        tree = changed_tree(recipe, self.modules.tree)
        before = self.read(kind)[0]
        modules = self._modules(tree)
        after = read(kind, modules)[0]
        differences = differing(kind, before, after)
        reported = sorted({gap.reason for gap in after.gaps} - {gap.reason for gap in before.gaps})
        counted = [] if differences or reported else sorted(self._counted(kind, tree, modules))
        return Outcome(differences=differences, reported=reported, counted=counted)

    def _modules(self, tree: ChangedTree) -> Modules:
        untouched = {p: m for p, m in self.modules._loaded.items() if p not in {*tree.changed, *tree.removed}}  # noqa: SLF001 - parsing again what did not change would take most of the time
        return Modules(tree=tree, _loaded=untouched)

    def _counted(self, kind: str, tree: ChangedTree, modules: Modules) -> Iterator[str]:
        """Mentions of a kind that are unread in the changed tree and were read before."""
        if self._unread is None:
            self._unread = frozenset(_unread(self.modules.tree, {one: self.read(one) for one in EXTRACTORS}))
        readings = {one: self.read(one) if self._is_as_before(one, tree) else read(one, modules) for one in EXTRACTORS}
        for one, path, name in set(_unread(tree, readings)) - self._unread:
            if one == kind:
                yield f"{path}: {name}"

    def _is_as_before(self, kind: str, tree: ChangedTree) -> bool:
        """Whether nothing that an extractor asked for has changed."""
        return all(
            (listing_id(tree.files(path[:-1])) if path.endswith("/") else tree.blob(path)) == blob
            for path, blob in self.read(kind)[2].items()
        )


def read(kind: str, modules: Modules) -> tuple[Section[Any], Claims, dict[str, str | None]]:
    """Run the extractor of a kind; facts that are no plain values fail."""
    own = modules.recording()
    section = plain_section(EXTRACTORS[kind](own))
    own.claims.names.update(own.values)
    return section, own.claims, own.reads


def differing(kind: str, before: Section[Any], after: Section[Any]) -> list[str]:
    """Lines that two sections do not share."""
    old, new = (Counter(_lines(WRITERS[kind], section.facts)) for section in (before, after))
    return sorted([f"- {line}" for line in old - new] + [f"+ {line}" for line in new - old])


def _lines(write: Callable[[Any], Iterator[str]], facts: Iterable[Any]) -> Iterator[str]:
    for fact in facts:
        yield " ".join(line.strip() for line in write(fact))


def _unread(
    tree: SourceTree, readings: Mapping[str, tuple[Section[Any], Claims, dict[str, str | None]]]
) -> Iterator[tuple[str, str, str]]:
    sections = {kind: section for kind, (section, _, _) in readings.items()}
    claims = {kind: claimed for kind, (_, claimed, _) in readings.items()}
    for row in take_census(tree, sections, claims).facts:
        for name in row.names:
            yield row.kind, row.evidence.file, f"{row.evidence.function or 'module'} {name}"

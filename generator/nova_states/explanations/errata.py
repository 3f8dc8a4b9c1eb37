"""Statements of Nova's own documents that Nova's code contradicts: loaded, and held to the facts as our claims are.

Nova's documents are no facts: which releases state something was looked up in the tags of its repository
(`benchmarks/errata_documents.py` does so again), and is kept beside the statement. What the code does instead is a list
of claims as prose makes them (`nova_states.explanations.claims`). So a statement that becomes true stops the build.

docs/errata/<document>.yml, one file a document:

    title: {ko: …, en: …}
    paths: [{path: doc/source/vmstates.rst, until: 15.1.5}, {path: doc/source/reference/vm-states.rst}]
    errata:
      - id: pause
        section: Requirements for Commands
        about: [action:pause]
        stated: [[13.0.0, null]]       # first and last release; null: no release without it is known
        found_by: "pause Active, Shutoff"   # a pattern for the document's text, all white space in it one blank
        says: {ko: …, en: …}
        truth: {ko: …, en: …}
        claims: [{guard: pause, vm_state: stopped, is: refused}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from packaging.version import Version

from nova_states.catalog.catalog import Catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.claims import Claim, ask, find_false_claims
from nova_states.explanations.completeness import needed_names
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.yaml_text import compose_yaml, read_yaml
from nova_states.facts.codec import from_plain

FOLDER: Final = "errata"
"""Below docs/; its files are data, not pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPath:
    """Where a document lies in Nova's tree."""

    path: str
    until: str | None = None
    """The last release that has it there; None: it still lies there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Erratum:
    """One statement that the code contradicts."""

    id: str
    section: str
    """The document's own heading above it; empty where there is none."""
    about: tuple[str, ...]
    """Ids that it speaks of, "action:pause"."""
    stated: tuple[tuple[str, str | None], ...]
    """First and last release of each stretch whose document has it; None: no later one without it is known."""
    found_by: str
    """A regular expression that finds it in the document, whose white space is made one blank each."""
    says: Text
    """What the document says, in our words."""
    truth: Text
    """What the code does instead."""
    claims: tuple[dict[str, Any], ...]
    """What of the latter a fact can check; at least one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultyDocument:
    """A document of Nova's with all its errata, as one file has them."""

    title: Text
    paths: tuple[DocumentPath, ...]
    """Oldest first."""
    errata: tuple[Erratum, ...]

    def path_at(self, version: str) -> str:
        """Where a release has it."""
        here = Version(version)
        return next(at.path for at in self.paths if at.until is None or here <= Version(at.until))


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrataFile:
    """A file of docs/errata, with the lines that problems are told at."""

    name: str
    """"vm-states": the file's name without its ending."""
    document: FaultyDocument
    lines: Mapping[str, tuple[int, ...]]
    """Id of an erratum → its own line, and that of each of its claims."""

    def place(self, erratum: Erratum, claim: int = 0) -> str:
        """What a problem of an erratum begins with; `claim` counts from one."""
        line = self.lines[erratum.id][claim]
        return f"docs/{FOLDER}/{self.name}.yml:{line}: {erratum.id}" + (f": claim {claim}" if claim else "")


def load_errata(docs: Path) -> tuple[ErrataFile, ...]:
    """All errata below `docs`, in the order of their files.

    Raises:
        CheckError: files do not fit, each with its place.
    """
    found: list[ErrataFile] = []
    problems: list[str] = []
    for path in sorted((docs / FOLDER).glob("*.yml")):
        try:
            found.append(_load(path, f"docs/{FOLDER}/{path.name}"))
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise CheckError(tuple(problems))
    return tuple(found)


def find_untrue_errata(catalog: Catalog, files: Sequence[ErrataFile]) -> Iterator[str]:
    """Each erratum that the facts do not bear out, or that says something of what is not there; with file and line."""
    known = needed_names(catalog)
    for file in files:
        for erratum in file.document.errata:
            problems = list(_false_claims(catalog, file, erratum))
            yield from problems
            try:
                stated = stated_in(catalog, erratum)
            except InputError as error:
                yield f"{file.place(erratum)}: {error}"
                continue
            if not problems:
                yield from _idle_claims(catalog, file, erratum, stated)
            for identity in erratum.about:
                kind, _, name = identity.partition(":")
                if name.lower() not in known.get(kind, ()):
                    yield f"{file.place(erratum)}: {identity}: no release has it"


def stated_in(catalog: Catalog, erratum: Erratum) -> frozenset[str]:
    """The releases whose document has the statement.

    Raises:
        InputError: one that it names is none that the reference speaks of.
    """
    versions = catalog.versions
    found: set[str] = set()
    for first, last in erratum.stated:
        for version in (first, last or first):
            if version not in versions:
                raise InputError(f"{version!r} is no release that the reference speaks of")
        found.update(versions[versions.index(first) : versions.index(last or catalog.latest) + 1])
    return frozenset(found)


def contradicted_in(catalog: Catalog, erratum: Erratum) -> frozenset[str]:
    """The releases that state it and whose code does something else: those in which any of its claims holds."""
    holding = {version for says in erratum.claims for version, holds in ask(catalog, says).items() if holds}
    return stated_in(catalog, erratum) & holding


def _false_claims(catalog: Catalog, file: ErrataFile, erratum: Erratum) -> Iterator[str]:
    if not erratum.claims:
        yield f"{file.place(erratum)}: claims nothing; without a claim that a fact checks it is an opinion"
    claims = (Claim(place=file.place(erratum, number), says=says) for number, says in enumerate(erratum.claims, 1))
    yield from find_false_claims(catalog, claims)


def _idle_claims(catalog: Catalog, file: ErrataFile, erratum: Erratum, stated: frozenset[str]) -> Iterator[str]:
    """Claims that contradict the document in no release: it was mended, or the code was."""
    for number, says in enumerate(erratum.claims, 1):
        if not any(holds and version in stated for version, holds in ask(catalog, says).items()):
            yield f"{file.place(erratum, number)}: holds in no release whose document states it; mend or remove it"


def _load(path: Path, where: str) -> ErrataFile:
    document = from_plain(read_yaml(path, where), FaultyDocument, where)
    if not document.paths or any(at.until is None for at in document.paths[:-1]) or document.paths[-1].until:
        raise InputError(f"{where}: $.paths: needs an `until` in all but the last")
    names = [erratum.id for erratum in document.errata]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: {name}: is there twice")
    for erratum in document.errata:
        for field in ("says", "truth"):
            for language in LANGUAGES:
                if not getattr(erratum, field)[language].strip():
                    raise InputError(f"{where}: {erratum.id}: $.{field}.{language}: empty")
    return ErrataFile(name=path.stem, document=document, lines=_lines(path, where, names))


def _lines(path: Path, where: str, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    errata = _value(compose_yaml(path, where), "errata")
    nodes = errata.value if isinstance(errata, yaml.SequenceNode) else []
    found: dict[str, tuple[int, ...]] = {}
    for name, node in zip(names, nodes, strict=True):
        claims = _value(node, "claims")
        inside = claims.value if isinstance(claims, yaml.SequenceNode) else []
        found[name] = tuple(at.start_mark.line + 1 for at in (node, *inside))
    return found


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """What a mapping has under a key."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)

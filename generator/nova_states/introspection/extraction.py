"""Runs every extractor on a tree, and on many trees at once, reusing what the same files gave before."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nova_states.errors import InputError
from nova_states.facts.codec import plain_section
from nova_states.facts.ids import UNRELEASED
from nova_states.facts.model import CENSUS, KINDS, Count, Section
from nova_states.facts.snapshots import Snapshots, Source, Version
from nova_states.introspection.census.census import digest_of, take_census
from nova_states.introspection.claims import Claims
from nova_states.introspection.compute_api import COMPUTE_API
from nova_states.introspection.conflict_messages import read_messages
from nova_states.introspection.constants import STATE_FILES, read_groups, read_states
from nova_states.introspection.driver_power_states import read_drivers
from nova_states.introspection.empty_sections import with_what_is_missing
from nova_states.introspection.error_classes import read_errors, read_raise_sites
from nova_states.introspection.events import read_events
from nova_states.introspection.fault_causes import read_fault_causes
from nova_states.introspection.guards import read_guards
from nova_states.introspection.host_checks import read_host_checks
from nova_states.introspection.host_statuses import read_host_statuses, read_microversions
from nova_states.introspection.interpreter import read_transitions
from nova_states.introspection.log_messages import read_log_messages
from nova_states.introspection.migration_statuses import read_migration_statuses
from nova_states.introspection.modules import Modules
from nova_states.introspection.option_definitions import read_options
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.power_sync import read_power_sync
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.rest_refusals import read_refusals
from nova_states.introspection.startup import read_startup
from nova_states.introspection.status_map import read_statuses
from nova_states.introspection.translations import read_translations
from nova_states.introspection.whole_tree import WHOLE, whole_digest
from nova_states.locations import cache_folder
from nova_states.source.git import GitRepository
from nova_states.source.pypi import PyPI
from nova_states.source.tree import SourceTree, listing_id

EXTRACTORS: dict[str, Callable[[Modules], Section[Any]]] = {
    "states": read_states,
    "groups": read_groups,
    "actions": read_actions,
    "guards": read_guards,
    "host_checks": read_host_checks,
    "statuses": read_statuses,
    "messages": read_messages,
    "drivers": read_drivers,
    "options": read_options,
    "power_sync": read_power_sync,
    "startup": read_startup,
    "transitions": read_transitions,
    "errors": read_errors,
    "raise_sites": read_raise_sites,
    "fault_causes": read_fault_causes,
    "refusals": read_refusals,
    "translations": read_translations,
    "log_messages": read_log_messages,
    "migration_statuses": read_migration_statuses,
    "events": read_events,
    "host_statuses": read_host_statuses,
    "microversions": read_microversions,
}
"""Kind of fact → what reads it from a tree's modules."""


_WHOLE = "nova/*"
"""Stands for all of Nova's files among the paths that a reading depends on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one extractor read from one tree."""

    kind: str
    reads: dict[str, str | None]
    """Path → git blob id of all the extractor asked for."""
    section: Section[Any]
    claims: Claims = field(default_factory=Claims)
    """What the extractor accounts for, beside the evidence of its facts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A release to extract, and where it is found."""

    version: str
    repository: Path | None
    """Git repository that has it as a tag; None: the package index."""


def check_tree(tree: SourceTree) -> None:
    """Refuse what is no Nova tree.

    Raises:
        InputError: a file is missing that every Nova since Diablo has.
    """
    missing = [
        path
        for path in (*STATE_FILES.values(), COMPUTE_API)
        if tree.blob(path) is None and tree.blob(f"{path.removesuffix('.py')}/__init__.py") is None
    ]
    if missing:
        raise InputError(f"{missing[0]}: not found; this is no Nova source tree, name the folder that holds nova/")


def read_tree(tree: SourceTree, kinds: Sequence[str] = tuple(EXTRACTORS)) -> Iterator[Reading]:
    """Run the extractors of `kinds` on a tree, parsing each file once.

    Raises:
        InputError: it is no Nova tree.
    """
    check_tree(tree)
    modules = Modules(tree=tree)
    readings: dict[str, Reading] = {}
    # Syntax trees and paths through them are many objects and no garbage; looking for some takes a sixth of the time.
    gc.disable()
    try:
        for kind in kinds:
            own = modules.recording()
            section = with_what_is_missing(kind, plain_section(_read(kind, own)), own)
            own.claims.names.update(own.values)
            readings[kind] = Reading(kind=kind, reads=own.reads, section=section, claims=own.claims)
            yield readings[kind]
        if readings.keys() == EXTRACTORS.keys():
            sections = {kind: reading.section for kind, reading in readings.items()}
            yield _census(tree, sections, {kind: reading.claims for kind, reading in readings.items()})
    finally:
        gc.enable()


def _read(kind: str, modules: Modules) -> Section[Any]:
    """What an extractor reads; where a file that it cannot do without cannot be parsed, that as its gap."""
    try:
        return EXTRACTORS[kind](modules)
    except SourceError as error:
        return Section(facts=(), gaps=(error.as_gap(),), counts=(Count(name=kind, read=0, found=1),))


def _census(tree: SourceTree, sections: Mapping[str, Section[Any]], claims: Mapping[str, Claims]) -> Reading:
    return Reading(kind=CENSUS, reads={_WHOLE: digest_of(tree)}, section=take_census(tree, sections, claims))


def add_tree(tree: SourceTree, snapshots: Snapshots) -> list[Reading]:
    """Store all facts of a tree under its version; returns what had to be read anew."""
    check_tree(tree)

    @cache
    def blob(path: str) -> str | None:
        if path == _WHOLE:
            return digest_of(tree)
        if path == WHOLE:
            return whole_digest(tree)
        return listing_id(tree.files(path[:-1])) if path.endswith("/") else tree.blob(path)

    documents: dict[str, str] = {}
    missing: list[str] = []
    for kind in EXTRACTORS:
        known = snapshots.find(kind, blob)
        if known is None:
            missing.append(kind)
        else:
            documents[kind] = known.key
    counted = snapshots.find(CENSUS, blob)
    fresh: list[Reading] = []
    if counted is None or missing:
        fresh = _read_anew(tree, snapshots, missing, documents)
    documents.setdefault(CENSUS, counted.key if counted else "")
    version = tree.version or UNRELEASED
    origin = tree.origin
    source = Source(kind=origin.kind, reference=origin.reference, digest=origin.digest, date=origin.date)
    ordered = {kind: documents[kind] for kind in KINDS if kind in documents}
    snapshots.versions[version] = Version(version=version, source=source, documents=ordered)
    return fresh


_claims: dict[tuple[str, str], Claims] = {}
"""What was claimed with each document of each kind that this process read: the census of the next tree asks for it."""


def _read_anew(
    tree: SourceTree, snapshots: Snapshots, missing: Sequence[str], documents: dict[str, str]
) -> list[Reading]:
    """Read what is `missing` and take the census, adding to `documents`; returns what is new."""
    unclaimed = [kind for kind in EXTRACTORS if kind not in missing and (kind, documents[kind]) not in _claims]
    fresh: list[Reading] = []
    # All kinds at once would take a census of their own, in the order of kinds as here.
    for reading in read_tree(tree, [kind for kind in EXTRACTORS if kind in (*missing, *unclaimed)]):
        if reading.kind == CENSUS:
            continue
        document = snapshots.add(reading.kind, reading.reads, reading.section)
        documents[reading.kind] = document.key
        _claims[reading.kind, document.key] = reading.claims
        if reading.kind in missing:
            fresh.append(reading)
    sections = {kind: snapshots.section_of(kind, documents[kind]) for kind in EXTRACTORS}
    counted = _census(tree, sections, {kind: _claims[kind, documents[kind]] for kind in EXTRACTORS})
    documents[CENSUS] = snapshots.add(CENSUS, counted.reads, counted.section).key
    return [*fresh, counted]


def extract_all(targets: Sequence[Target], snapshots: Snapshots, workers: int) -> Iterator[str]:
    """Store the facts of all targets, in parallel; yields each version when it is done.

    A series is read by one worker, as its versions share most files; the longest series go first.
    """
    series: dict[str, list[Target]] = {}
    for target in targets:
        series.setdefault(target.version.partition(".")[0], []).append(target)
    groups = sorted(series.values(), key=len, reverse=True)
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(snapshots,)) as pool:
        for future in as_completed([pool.submit(_extract_series, group) for group in groups]):
            for version, readings in future.result():
                for reading in readings:
                    snapshots.add(reading.kind, reading.reads, reading.section)
                snapshots.versions[version.version] = version
                yield version.version


_worker: Snapshots = Snapshots()
"""A worker process's own store: what it read once it reuses for its later targets."""
_repositories: dict[Path, GitRepository] = {}
_open = ExitStack()


def _start_worker(snapshots: Snapshots) -> None:
    global _worker  # noqa: PLW0603 - a worker process has one store for its life
    _worker = snapshots


def _extract_series(targets: Sequence[Target]) -> list[tuple[Version, list[Reading]]]:
    return [_extract(target) for target in targets]


def _extract(target: Target) -> tuple[Version, list[Reading]]:
    if target.repository is None:
        tree: SourceTree = PyPI(cache_folder()).tree(target.version)
    else:
        if target.repository not in _repositories:
            _repositories[target.repository] = _open.enter_context(GitRepository(target.repository))
        tree = _repositories[target.repository].tree(target.version)
    try:
        fresh = add_tree(tree, _worker)
    except InputError as error:
        raise InputError(f"{target.version}: {error}") from error
    return _worker.versions[target.version], fresh


def extractor_digest() -> str:
    """Digest of the code and the lists that decide what is read: a change of them makes all stored facts stale.

    Comments, docstrings and layout do not count, nor does the list of known gaps, which explains and decides nothing.
    """
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    shapes = [folder.parent / "facts" / name for name in ("condition.py", "condition_codec.py", "model.py")]
    for path in sorted([*folder.rglob("*.py"), *shapes]):
        shape = _shape(ast.parse(path.read_text(encoding="utf-8")))
        digest.update(f"{path.relative_to(folder.parent).as_posix()}\n{shape}\n".encode())
    for path in sorted(set(folder.rglob("*.toml")) - {folder / "gaps.toml"}):
        listed = json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), sort_keys=True)
        digest.update(f"{path.relative_to(folder.parent).as_posix()}\n{listed}\n".encode())
    return digest.hexdigest()[:16]


def _shape(node: object) -> str:
    """A syntax tree as text, docstrings left out; unlike that of `ast.dump`, the same in every version of Python."""
    match node:
        case ast.AST():
            fields = ((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
            return f"{type(node).__name__}({', '.join(f'{name}={_shape(value)}' for name, value in fields)})"
        case list():
            return f"[{', '.join(_shape(item) for item in node if not _is_text(item))}]"
    return repr(node)


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

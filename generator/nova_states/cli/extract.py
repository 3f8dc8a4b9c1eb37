"""`nova-states extract`: reads Nova trees and rewrites the committed facts."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nova_states.catalog.catalog import FIRST_VERSION, Catalog
from nova_states.catalog.losses import LOSS_KINDS, losses
from nova_states.cli import output
from nova_states.cli.gaps import unacknowledged
from nova_states.cli.progress import track
from nova_states.errors import InputError
from nova_states.facts.acknowledged import load_acknowledged
from nova_states.facts.model import CENSUS, KINDS, Section, UnreadMention
from nova_states.facts.releases import load_releases, sort_versions
from nova_states.facts.snapshots import Snapshots, empty_snapshots, load_snapshots
from nova_states.introspection.extraction import (
    Reading,
    Target,
    add_tree,
    extract_all,
    extractor_digest,
    read_tree,
)
from nova_states.locations import cache_folder, find_checkout
from nova_states.source.git import GitRepository
from nova_states.source.open import open_tree
from nova_states.source.pypi import PyPI
from nova_states.source.tree import SourceTree

_REPOSITORY = "NOVA_REPOSITORY"
_NEW = "new"
_MOST_WORKERS = 61
"""Windows cannot wait for more processes at once."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "extract",
        help="read Nova trees and rewrite the stored facts",
        description=(
            "Read Nova's source and store its facts; nothing of it is run. Without a single tree, all final releases: "
            "those a git repository of Nova has as tags, and newer ones from PyPI. What did not change is reused. "
            "Outside a checkout a single tree is read and its counts are printed; nothing is stored."
        ),
        epilog=(
            "examples: nova-states extract --git ~/nova (all releases); nova-states extract --pypi 34.0.1 (one more); "
            "nova-states extract --tree ./our-nova (prints the counts, stores nothing)"
        ),
    )
    parser.add_argument("--tree", metavar="DIR", type=Path, help="a folder with a Nova tree")
    parser.add_argument(
        "--git", metavar="REPO", type=Path, help=f"a git repository of Nova (or the environment's {_REPOSITORY})"
    )
    parser.add_argument("--tag", metavar="T", help="only this tag of the repository")
    parser.add_argument(
        "--pypi", metavar="VERSION", help="only this release, as a wheel from PyPI; `new`: all that are not stored yet"
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_workers,
        default=_workers(str(os.cpu_count() or 1)),
        help="processes (default: as many as processors)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Extract what the options name."""
    repository = options.git or (Path(os.environ[_REPOSITORY]) if _REPOSITORY in os.environ else None)
    is_new = options.pypi == _NEW and not (options.tree or options.tag)
    if (options.tree or options.pypi or options.tag) and not is_new:
        with open_tree(
            tree=options.tree, git=repository if options.tag else None, tag=options.tag, pypi=options.pypi
        ) as tree:
            return _print_tree(tree) if options.tree or find_checkout() is None else _store_one(tree)
    if find_checkout() is None:
        raise InputError("facts are stored in a checkout only; name one tree (--tree, --tag or --pypi) to read it")
    return _store_new() if is_new else _store_all(repository, options)


def _workers(word: str) -> int:
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no number of processes; give 1 or more")
    return min(int(word), _MOST_WORKERS)


def _print_tree(tree: SourceTree) -> int:
    """Read a tree, and print the counts and what could not be read."""
    _report(list(read_tree(tree)))
    return 0


def _store_new() -> int:
    """Store every release of the index that is not stored yet; tells each with the one it comes after."""
    index = PyPI(cache_folder())
    stored = load_snapshots().versions
    every = sort_versions({*stored, *index.versions()})
    start = every.index(FIRST_VERSION) if FIRST_VERSION in every else 0
    new = [version for version in every[start:] if version not in stored]
    for version in new:
        _store_one(index.tree(version))
    output.write_lines(f"{version}: new, after {_before(version, every)}\n" for version in new)
    if not new:
        output.write("nothing new\n")
    return 0


def _before(version: str, every: tuple[str, ...]) -> str:
    return every[every.index(version) - 1] if version != every[0] else "none"


def _store_one(tree: SourceTree) -> int:
    snapshots = load_snapshots()
    if snapshots.extractor not in (None, extractor_digest()):
        raise InputError("the extractors changed since the facts were stored; run `nova-states extract --git REPO`")
    if tree.version is None:
        raise InputError(f"{tree.origin.reference}: does not tell its version; print its facts with --tree instead")
    snapshots.extractor = extractor_digest()
    before = Catalog(snapshots=replace(snapshots, versions=dict(snapshots.versions)))
    fresh = add_tree(tree, snapshots)
    if not fresh:
        output.write(f"{tree.version}: nothing to read: what is stored was read from files equal to these\n")
    _report(fresh)
    snapshots.save()
    _tell_losses(before, Catalog(snapshots=snapshots), [tree.version])
    return 0


def _store_all(repository: Path | None, options: argparse.Namespace) -> int:
    stored = load_snapshots()
    before = Catalog(snapshots=replace(stored, versions=dict(stored.versions)))
    snapshots = stored if stored.extractor == extractor_digest() else empty_snapshots(stored.folder)
    snapshots.extractor = extractor_digest()
    targets = _targets(repository)
    versions = {target.version for target in targets}
    left = [v for v in before.all_versions if v not in snapshots.versions and v not in versions]
    if left:
        raise InputError(f"no source for {', '.join(left[:3])} …: give a repository of Nova with --git REPO")
    done = extract_all(targets, snapshots, options.workers)
    for _ in track(done, "Reading Nova", len(targets)):
        pass
    for kind in KINDS:
        before.snapshots.rows(kind)  # loaded while the old files are there
    snapshots.save()
    output.write_lines(f"{line}\n" for line in _totals(snapshots))
    _tell_losses(before, Catalog(snapshots=snapshots), sort_versions(snapshots.versions))
    return 0


def _tell_losses(before: Catalog, after: Catalog, versions: Sequence[str]) -> None:
    """Print what versions no longer tell, as `nova-states check` will: what was stored of them, or is told beside."""
    told = [line for version in versions for line in (*_forgotten(before, after, version), *_fallen(after, version))]
    output.write_lines(f"{line}\n" for line in dict.fromkeys(told))


def _forgotten(before: Catalog, after: Catalog, version: str) -> Iterator[str]:
    if version in before.snapshots.versions:
        for loss in losses(before.release(version), after.release(version)):
            yield f"{version}: {loss.kind}: {loss.name}: was stored of it and is read no more"


def _fallen(catalog: Catalog, version: str) -> Iterator[str]:
    if not any(series.has(version) for series in load_releases()):
        yield f"{version}: belongs to no series; add it to generator/nova_states/facts/releases.toml"
    entries = load_acknowledged(LOSS_KINDS)
    for older, newer in catalog.beside(version):
        for loss in losses(catalog.release(older), catalog.release(newer)):
            if not any(entry.covers(newer, loss.kind, loss.name) for entry in entries):
                yield unacknowledged(older, newer, loss)


def _targets(repository: Path | None) -> list[Target]:
    """Every final release since Mitaka and the last of each earlier series, with the best source of each."""
    found: dict[str, Target] = {}
    if repository is not None:
        with GitRepository(repository) as git:
            found = {tag: Target(version=tag, repository=repository.resolve()) for tag in git.tags()}
    for version in PyPI(cache_folder()).versions():
        found.setdefault(version, Target(version=version, repository=None))
    ordered = sort_versions(version for version in found if any(series.has(version) for series in load_releases()))
    start = ordered.index(FIRST_VERSION) if FIRST_VERSION in ordered else 0
    last = {series.name: version for version in ordered[:start] for series in load_releases() if series.has(version)}
    return [found[version] for version in (*last.values(), *ordered[start:])]


def _report(readings: list[Reading]) -> None:
    """The counts of what was read anew, and what was not read."""
    for reading in readings:
        if reading.kind == CENSUS:
            _report_census(reading.section)
            continue
        for count in reading.section.counts:
            output.write(f"{reading.kind}: {count.read} of {count.found} {count.name} read\n")
        output.write_lines(f"  {gap.file}:{gap.line}: {gap.reason}\n" for gap in reading.section.gaps)


def _report_census(section: Section[UnreadMention]) -> None:
    for count in section.counts:
        if count.name in KINDS:
            output.write(f"{count.name}: {count.read} of {count.found} mentions in the source accounted for\n")
    for unread in section.facts:
        gap = unread.as_gap()
        output.write(f"  {unread.kind}: {gap.file}:{gap.line}: {gap.reason}\n")


def _totals(snapshots: Snapshots) -> Iterator[str]:
    """What all stored versions together hold."""
    yield f"{len(snapshots.versions)} versions"
    kinds = {kind for version in snapshots.versions.values() for kind in version.documents}
    for kind in sorted(kinds):
        documents = {v.documents[kind]: name for name, v in snapshots.versions.items() if kind in v.documents}
        sections = [snapshots.document(kind, name) for name in documents.values()]
        gaps = sum(len(section.gaps) for section in sections)
        yield f"{kind}: {len(snapshots.rows(kind))} facts in {len(documents)} distinct readings, {gaps} not read"

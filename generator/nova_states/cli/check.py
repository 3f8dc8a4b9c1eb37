"""`nova-states check`: whether the stored facts and the explanations are whole."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.losses import LOSS_KINDS
from nova_states.cli import output
from nova_states.cli.gaps import unacknowledged
from nova_states.errors import CheckError
from nova_states.facts.acknowledged import Acknowledgement, load_acknowledged
from nova_states.facts.model import CENSUS, Gap
from nova_states.facts.releases import load_releases
from nova_states.introspection.census.census import LISTED
from nova_states.introspection.census.places import ListedPlace, load_places
from nova_states.introspection.extraction import extractor_digest
from nova_states.introspection.gaps import KnownGap, load_known_gaps, unlisted
from nova_states.locations import find_checkout

if TYPE_CHECKING:
    # It brings PyYAML, which comes with a checkout only.
    from nova_states.explanations.loading import Explanations


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What people have looked at and listed with its reason."""

    gaps: tuple[KnownGap, ...] = ()
    """gaps.toml."""
    places: tuple[ListedPlace, ...] = ()
    """census.toml."""
    losses: tuple[Acknowledgement, ...] = ()
    """acknowledged.toml."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check",
        help="check that facts and explanations are whole",
        description=(
            "Check that the facts were read by the present code, that nothing unread is unlisted, that each version "
            "tells what the one before it told but for what acknowledged.toml names, and, in a checkout, that every "
            "name is explained in both languages."
        ),
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Check what is committed."""
    known = Known(gaps=load_known_gaps(), places=load_places(), losses=load_acknowledged(LOSS_KINDS))
    return check(load_catalog(), known, _explanations())


def check(catalog: Catalog, known: Known, explanations: Explanations | None) -> int:
    """Check everything and name all problems at once.

    Args:
        catalog: the facts.
        known: what is listed with its reason.
        explanations: None where there are none to check, as in a wheel, which is only built of whole ones.

    Raises:
        CheckError: something is wrong, with a line for each problem.
    """
    problems = (
        *_of_code(catalog),
        *unlisted(_gaps(catalog), known.gaps),
        *_of_census(catalog, known.places),
        *_of_losses(catalog, known.losses),
        *_of_series(catalog),
        *_of_explanations(catalog, explanations),
    )
    if problems:
        raise CheckError(problems)
    output.write(f"{len(catalog.all_versions)} versions, {len(catalog.series)} series: no problems\n")
    if explanations is None:
        output.write("checked the facts alone; the explanations are checked in a checkout\n")
    return 0


def _explanations() -> Explanations | None:
    if find_checkout() is None:
        return None
    # Imported here because PyYAML comes with a checkout only.
    from nova_states.explanations.loading import load_explanations  # noqa: PLC0415

    return load_explanations()


def _of_explanations(catalog: Catalog, explanations: Explanations | None) -> tuple[str, ...]:
    if explanations is None:
        return ()
    from nova_states.explanations.completeness import find_problems  # noqa: PLC0415 - as above
    from nova_states.stories.coverage import find_story_problems  # noqa: PLC0415 - as above

    return (*find_problems(catalog, explanations), *find_story_problems(catalog, explanations))


def _of_code(catalog: Catalog) -> Iterator[str]:
    if catalog.snapshots.extractor != extractor_digest():
        yield "generator/nova_states/facts/data: read by other code than this; run `make facts`"


def _gaps(catalog: Catalog) -> Iterator[tuple[str, str, Gap]]:
    """Gaps of the releases the reference speaks of; of older ones only what `since` marks need is read."""
    for version in catalog.versions:
        for kind, gaps in catalog.release(version).gaps.items():
            yield from ((version, kind, gap) for gap in gaps)


def _of_census(catalog: Catalog, places: tuple[ListedPlace, ...]) -> Iterator[str]:
    """Entries of census.toml that cover nothing any more."""
    counts = {count.name for version in catalog.all_versions for count in catalog.release(version).counts(CENSUS)}
    for place in places:
        if f"{LISTED}{place.identity}" not in counts:
            yield f"census.toml: {place.identity}: covers nothing in any release any more; remove it"


def _of_losses(catalog: Catalog, entries: tuple[Acknowledgement, ...]) -> Iterator[str]:
    """What a version no longer tells and nobody acknowledged, and acknowledgements of what is not lost."""
    used: set[tuple[int, object]] = set()
    for older, version, lost in catalog.losses():
        for loss in lost:
            covered = [(n, by) for n, one in enumerate(entries) if (by := one.covers(version, loss.kind, loss.name))]
            if not covered:
                yield unacknowledged(older, version, loss)
            used.update((n, part) for n, by in covered for part in by)
    for number, entry in enumerate(entries):
        for part in (*entry.versions, *entry.names):
            if (number, part) not in used:
                named = part if isinstance(part, str) else ": ".join(part)
                yield f"acknowledged.toml: entry {number + 1}: {named}: acknowledges no loss; remove it"


def _of_series(catalog: Catalog) -> Iterator[str]:
    for version in catalog.all_versions:
        if not any(series.has(version) for series in load_releases()):
            yield f"{version}: belongs to no series; add it to generator/nova_states/facts/releases.toml"

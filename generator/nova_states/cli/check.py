"""`nova-states check`: whether the stored facts and the explanations are whole."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.cli import output
from nova_states.errors import CheckError
from nova_states.facts.model import Gap
from nova_states.facts.releases import load_releases
from nova_states.introspection.extraction import extractor_digest
from nova_states.introspection.gaps import load_known_gaps, unlisted
from nova_states.locations import find_checkout


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check",
        help="check that facts and explanations are whole",
        description=(
            "Check that the facts were read by the present code, that nothing unread is unlisted, that no count fell, "
            "and, in a checkout, that every name is explained in both languages."
        ),
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Check everything and name all problems at once."""
    catalog = load_catalog()
    problems = (
        *_of_code(catalog),
        *unlisted(_gaps(catalog), load_known_gaps()),
        *_of_counts(catalog),
        *_of_series(catalog),
        *_of_explanations(catalog),
    )
    if problems:
        raise CheckError(problems)
    output.write(f"{len(catalog.all_versions)} versions, {len(catalog.series)} series: no problems\n")
    if find_checkout() is None:
        output.write("checked the facts alone; the explanations are checked in a checkout\n")
    return 0


def _of_explanations(catalog: Catalog) -> tuple[str, ...]:
    """None outside a checkout: a wheel is only built of whole ones, and brings them compiled."""
    if find_checkout() is None:
        return ()
    # Imported here because PyYAML comes with a checkout only.
    from nova_states.explanations.completeness import find_problems  # noqa: PLC0415 - see above
    from nova_states.explanations.loading import load_explanations  # noqa: PLC0415 - see above

    return tuple(find_problems(catalog, load_explanations()))


def _of_code(catalog: Catalog) -> Iterator[str]:
    if catalog.snapshots.extractor != extractor_digest():
        yield "generator/nova_states/facts/data: read by other code than this; run `make facts`"


def _gaps(catalog: Catalog) -> Iterator[tuple[str, str, Gap]]:
    """Gaps of the releases the reference speaks of; of older ones only what `since` marks need is read."""
    for version in catalog.versions:
        for kind in catalog.snapshots.versions[version].documents:
            for gap in catalog.snapshots.document(kind, version).gaps:
                yield version, kind, gap


def _of_counts(catalog: Catalog) -> Iterator[str]:
    for version, stored in catalog.snapshots.versions.items():
        for name, most in stored.most_read.items():
            kind, _, counted = name.partition(": ")
            counts = {count.name: count.read for count in catalog.snapshots.document(kind, version).counts}
            if counts.get(counted, 0) < most:
                read = counts.get(counted, 0)
                yield f"{version}: {name}: {read} read, {most} before; mend the extractor or `extract --accept-fewer`"


def _of_series(catalog: Catalog) -> Iterator[str]:
    for version in catalog.all_versions:
        if not any(series.has(version) for series in load_releases()):
            yield f"{version}: belongs to no series; add it to generator/nova_states/facts/releases.toml"

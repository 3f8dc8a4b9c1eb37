"""`nova-states check`: whether the stored facts and the explanations are whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from generator.catalog.catalog import Catalog, load_catalog
from generator.errors import CheckError
from generator.facts.releases import load_releases
from generator.introspection.extraction import extractor_digest


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check",
        help="check that facts and explanations are whole",
        description=(
            "Check that the facts were read by the present code, that nothing unread is unlisted, that no count fell, "
            "and that every name is explained in both languages."
        ),
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Check everything and name all problems at once."""
    catalog = load_catalog()
    problems = (*_of_facts(catalog), *_of_series(catalog))
    if problems:
        raise CheckError(problems)
    sys.stdout.write(f"{len(catalog.all_versions)} versions, {len(catalog.series)} series: no problems\n")
    return 0


def _of_facts(catalog: Catalog) -> Iterator[str]:
    if catalog.snapshots.extractor != extractor_digest():
        yield "generator/facts/data: read by other code than this; run `make facts`"


def _of_series(catalog: Catalog) -> Iterator[str]:
    for version in catalog.all_versions:
        if not any(series.has(version) for series in load_releases()):
            yield f"{version}: belongs to no series; add it to generator/facts/releases.toml"

"""A Nova in miniature, changed at random, gives facts and gaps; `benchmarks/random_changes.py` asks it of Nova."""

from __future__ import annotations

import json
import random

import pytest

from nova_states.catalog.export import export_release
from nova_states.catalog.release import Release
from nova_states.cli.gaps import gaps_of
from nova_states.introspection.extraction import read_tree
from tests.introspection.census.test_census import BASE
from tests.introspection.hostile_tree import BytesTree
from tests.introspection.random_changes import change


@pytest.mark.parametrize("seed", range(120))
def test_a_changed_nova_gives_facts_and_gaps(seed: int) -> None:
    chance = random.Random(seed)
    sources = dict(BASE)
    for _ in range(chance.randrange(1, 12)):
        path = chance.choice(sorted(sources))
        sources[path] = change(sources[path], chance)
    tree = BytesTree({path: text.encode("utf-8", errors="replace") for path, text in sources.items()})
    release = Release(version="0", sections={reading.kind: reading.section for reading in read_tree(tree)})
    assert json.dumps([export_release(release), gaps_of(release)])

"""Each recipe below `mutations/` changes a real Nova as a release or a fork might: what it does is told or reported.

A recipe is a few words to find in a file and what to put in their place, with a verdict. `right`: exactly these lines
of facts go (-) and come (+), none if nothing about states changed; of many, some and their number (`differences`).
`reported`: a gap that the original does not have stands in the section of the kind, or mentions of the kind stand
unread in the census. `either`: one of both. Lost in silence, told wrongly without a word and a crash all fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.introspection.modules import Modules
from nova_states.locations import cache_folder
from nova_states.source.pypi import PyPI
from tests.introspection.mutation import Original, Outcome

MUTATIONS = Path(__file__).parent / "mutations"
VERSION = "34.0.0"
VERDICTS = {"right", "reported", "either"}


@cache
def original() -> Original:
    return Original(modules=Modules(tree=PyPI(cache_folder()).tree(VERSION)))


def recipes() -> list[tuple[str, dict[str, Any]]]:
    files = sorted(MUTATIONS.glob("*.yml"))
    return [(path.stem, recipe) for path in files for recipe in yaml.safe_load(path.read_text(encoding="utf-8"))]


def is_right(recipe: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether what changed is exactly what the recipe says."""
    lines = recipe.get("right", [])
    number = recipe.get("differences", len(lines))
    are_there = all(any(line in difference for difference in outcome.differences) for line in lines)
    return are_there and (number == "some" or number == len(outcome.differences)) and not outcome.is_reported


def is_reported(recipe: Mapping[str, Any], outcome: Outcome) -> bool:
    words = recipe.get("reported", [])
    found = [*outcome.reported, *outcome.counted]
    return outcome.is_reported and all(any(word in reason for reason in found) for word in words)


def test_recipes_are_whole() -> None:
    names = [(file, recipe["name"]) for file, recipe in recipes()]
    assert len(names) == len(set(names))
    assert {recipe["verdict"] for _, recipe in recipes()} <= VERDICTS
    assert all("right" in recipe for _, recipe in recipes() if recipe["verdict"] == "right")


@pytest.mark.network
@pytest.mark.parametrize("recipe", [pytest.param(recipe, id=f"{file}-{recipe['name']}") for file, recipe in recipes()])
def test_a_change_is_told_or_reported(recipe: Mapping[str, Any]) -> None:
    outcome = original().outcome(recipe)
    verdict = recipe["verdict"]
    if verdict == "either":
        assert is_right(recipe, outcome) or outcome.is_reported, outcome
    else:
        assert is_right(recipe, outcome) if verdict == "right" else is_reported(recipe, outcome), outcome

"""Every refusal that Nova's own tests assert of a request for an action is among the facts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nova_states.facts.model import Action, Refusal
from nova_states.introspection.modules import Modules
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.reach.escapes import analyse
from nova_states.introspection.reach.hierarchy import Hierarchy
from nova_states.introspection.rest_refusals import read_refusals
from nova_states.source.git import GitRepository, GitTree
from tests.introspection.rest_refusals.asserted import (
    FUNCTIONAL,
    UNIT,
    Asserted,
    asserted_by_functional_tests,
    asserted_by_unit_tests,
)

REPOSITORY = os.environ.get("NOVA_REPOSITORY")
LEAST = {"13.0.0": 190, "18.0.0": 300, "25.0.0": 330, "33.0.2": 400}
"""Version → how many assertions are about requests for actions: fewer mean that this test no longer finds them."""


@pytest.mark.clone
@pytest.mark.parametrize("version", LEAST)
def test_none_is_missing(version: str) -> None:
    if REPOSITORY is None:
        pytest.skip("Nova's tests are in its repository only: set NOVA_REPOSITORY to a clone of Nova")
    with GitRepository(Path(REPOSITORY)) as repository:
        tree = repository.tree(version)
        modules = Modules(tree=tree)
        actions, refusals = read_actions(modules).facts, read_refusals(modules).facts
        hierarchy = analyse(modules.whole(), follows_messages=False).hierarchy
        asserted = [(one, ids) for one in assertions(tree) if (ids := asked(one, actions))]
    missing = [
        f"{one.place}: {one.request} {one.code} {one.error} of {' '.join(sorted(ids))}"
        for one, ids in asserted
        if not any(answers(refusal, one, hierarchy) for refusal in refusals if refusal.action in ids)
    ]
    assert not missing, "\n".join(missing)
    assert len(asserted) >= LEAST[version]


def assertions(tree: GitTree) -> Iterator[Asserted]:
    for path in tree.files("nova/tests"):
        if path.endswith(".py") and path.startswith(UNIT):
            yield from asserted_by_unit_tests(tree.read(path), path)
        elif path.endswith(".py") and path.startswith(FUNCTIONAL):
            yield from asserted_by_functional_tests(tree.read(path), path)


def asked(one: Asserted, actions: tuple[Action, ...]) -> frozenset[str]:
    """Ids of the actions that the request is for; none where it is about something else."""
    return frozenset(action.id for action in actions if is_asked(one, action))


def is_asked(one: Asserted, action: Action) -> bool:
    if not one.modules:
        return action.id == one.request or one.request in {endpoint.body_key for endpoint in action.endpoints}
    for endpoint in action.endpoints:
        controller, _, method = (endpoint.evidence.function or "").partition(".")
        if endpoint.evidence.file in one.modules and method == one.request:
            return not one.controllers or controller in one.controllers
    return False


def answers(refusal: Refusal, one: Asserted, hierarchy: Hierarchy) -> bool:
    """Whether a refusal is the one asserted: its status, and its exception, or one that is caught with it."""
    if one.code not in (None, refusal.code):
        return False
    return one.error is None or any(is_kin(one.error, error, hierarchy) for error in refusal.errors)


def is_kin(one: str, other: str, hierarchy: Hierarchy) -> bool:
    names = [f"nova.exception.{name}" for name in (one, other)]
    return names[0] in hierarchy.ancestors(names[1]) or names[1] in hierarchy.ancestors(names[0])

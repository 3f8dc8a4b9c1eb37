"""Each file below `cases/` is Nova in miniature with the facts that must be read from it, a line a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.facts.model import Action, Constant, Gap, Group, Guard, Message, States, Status
from generator.introspection.actions import read_actions
from generator.introspection.constants import read_groups, read_states
from generator.introspection.evaluation import lookup
from generator.introspection.guards import read_guards
from generator.introspection.messages import read_messages
from generator.introspection.modules import Modules
from generator.introspection.statuses import read_statuses
from tests.introspection.synthetic import cases, load_case

CASES = Path(__file__).parent / "cases"


def states_of(states: States) -> str:
    return "*" if states is None else " ".join(str(state) for state in states)


def read_evaluation(modules: Modules) -> Iterator[str | Gap]:
    """The values of all names of one file."""
    module = modules.at("nova/names.py")
    for name in module.bindings:
        try:
            yield f"{name} = {lookup(module, name, modules)!r}"
        except InputError as error:
            yield f"{name}: {error}"


def constant(fact: Constant) -> Iterator[str]:
    operations = f" during {' '.join(fact.operations)}" if fact.operations else ""
    label = f" ({fact.label})" if fact.label else ""
    yield f"{fact.evidence.line}: {fact.kind} {fact.name} = {fact.value!r}{label}{operations}"


def group(fact: Group) -> Iterator[str]:
    yield f"{fact.evidence.line}: {fact.kind} {fact.name}: {fact.condition or states_of(fact.values)}"


def status(fact: Status) -> Iterator[str]:
    yield f"{fact.vm_state}/{fact.task_state}: {fact.status}"


def message(fact: Message) -> Iterator[str]:
    yield f"{fact.id} {fact.language}: {fact.text}"


def action(fact: Action) -> Iterator[str]:
    shared = f" guarded by {fact.guarded_by}" if fact.guarded_by != fact.id else ""
    parent = f" part of {fact.parent}" if fact.parent else ""
    conditions = f" [{' '.join(fact.conditions)}]" if fact.conditions else ""
    yield f"{fact.id}: {fact.method or 'REST only'}{parent}{shared}{conditions}"
    for way in fact.endpoints:
        words = [way.verb, way.path, way.body_key, way.conflict_name and f"'{way.conflict_name}'"]
        since = f"{way.min_microversion or ''}..{way.max_microversion or ''}"
        yield "  " + " ".join(word for word in (*words, since if since != ".." else None) if word)


def guard(fact: Guard) -> Iterator[str]:
    launched = " launched" if fact.must_have_launched else ""
    when = f" when {fact.when}" if fact.when else ""
    conditions = f" [{' '.join(fact.conditions)}]" if fact.conditions else ""
    states = f"{states_of(fact.vm_states)} / {states_of(fact.task_states)}"
    yield f"{fact.action}: {fact.mode} {states}{launched}{when}{conditions} in {fact.evidence.function}"


def facts_and_gaps(kind: str, modules: Modules) -> tuple[list[str], list[str]]:
    if kind == "evaluation":
        return list(map(str, read_evaluation(modules))), []
    read: Callable[..., object]
    read, write = READERS[kind]
    section = read(modules)
    for count in section.counts:
        assert count.read <= count.found
        assert section.gaps or count.read == count.found
    lines = [line for fact in section.facts for line in write(fact)]
    return lines, [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps]


READERS = {
    "states": (read_states, constant),
    "groups": (read_groups, group),
    "statuses": (read_statuses, status),
    "messages": (read_messages, message),
    "actions": (read_actions, action),
    "guards": (read_guards, guard),
    "checks": (read_guards, guard),
}


@pytest.mark.parametrize("kind", sorted(READERS) + ["evaluation"])
def test_every_kind_has_cases(kind: str) -> None:
    assert cases(CASES / kind)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        pytest.param(kind, *case.values, id=f"{kind}-{case.id}")
        for kind in [*READERS, "evaluation"]
        for case in cases(CASES / kind)
    ],
)
def test_case(kind: str, path: Path) -> None:
    case = load_case(path)
    facts, gaps = facts_and_gaps(kind, case.modules)
    assert facts == case.expected
    assert gaps == case.gaps

"""Each file below `cases/` is Nova in miniature with the facts that must be read from it, a line a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from nova_states.errors import InputError
from nova_states.facts.condition import to_text
from nova_states.facts.model import (
    Action,
    Constant,
    ErrorClass,
    Event,
    FaultCause,
    Group,
    Guard,
    HostCheck,
    HostStatus,
    LogMessage,
    Message,
    Microversion,
    MigrationStatus,
    RaiseSite,
    Refusal,
    Section,
    States,
    Status,
    Translation,
)
from nova_states.introspection.conflict_messages import read_messages
from nova_states.introspection.constant_evaluator import lookup
from nova_states.introspection.constants import read_groups, read_states
from nova_states.introspection.error_classes import read_errors, read_raise_sites
from nova_states.introspection.events import read_events
from nova_states.introspection.fault_causes import read_fault_causes
from nova_states.introspection.guards import read_guards
from nova_states.introspection.host_checks import read_host_checks
from nova_states.introspection.host_statuses import read_host_statuses, read_microversions
from nova_states.introspection.log_messages import read_log_messages
from nova_states.introspection.migration_statuses import read_migration_statuses
from nova_states.introspection.modules import Modules
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.rest_refusals import read_refusals
from nova_states.introspection.status_map import read_statuses
from nova_states.introspection.translations import read_translations
from tests.introspection.synthetic import cases, load_case

CASES = Path(__file__).parent / "cases"
Reader: TypeAlias = Callable[[Modules], Section[Any]]


def constant(fact: Constant) -> Iterator[str]:
    operations = f" during {' '.join(fact.operations)}" if fact.operations else ""
    label = f" ({fact.label})" if fact.label else ""
    yield f"{fact.evidence.line}: {fact.kind} {fact.name} = {fact.value!r}{label}{operations}"


def group(fact: Group) -> Iterator[str]:
    yield f"{fact.evidence.line}: {fact.kind} {fact.name}: {fact.condition or joined(fact.values)}"


def status(fact: Status) -> Iterator[str]:
    yield f"{fact.vm_state}/{fact.task_state}: {fact.status}"


def message(fact: Message) -> Iterator[str]:
    yield f"{fact.id} {fact.language}: {fact.text}"


def action(fact: Action) -> Iterator[str]:
    shared = f" guarded by {fact.guarded_by}" if fact.guarded_by != fact.id else ""
    parent = f" part of {fact.parent}" if fact.parent else ""
    yield f"{fact.id}: {fact.method or 'REST only'}{parent}{shared}{bracketed(fact.conditions)}"
    for way in fact.endpoints:
        word = f"'{way.conflict_name}'" if way.conflict_name else None
        versions = f"{way.min_microversion or ''}..{way.max_microversion or ''}"
        parts = (way.verb, way.path, way.body_key, word, versions if versions != ".." else None)
        yield "  " + " ".join(part for part in parts if part)


def guard(fact: Guard) -> Iterator[str]:
    launched = " launched" if fact.must_have_launched else ""
    when = f" when {fact.when}" if fact.when else ""
    refusal = f"{fact.mode} {joined(fact.vm_states)} / {joined(fact.task_states)}{launched}{when}"
    yield f"{fact.action}: {refusal}{bracketed(fact.conditions)} in {fact.evidence.function}"


def host_check(fact: HostCheck) -> Iterator[str]:
    when = f" when {fact.when}" if fact.when else ""
    yield f"{fact.action}: {fact.host} {fact.must_be} or {fact.exception}{when} in {fact.evidence.function}"


def error(fact: ErrorClass) -> Iterator[str]:
    safe = ", safe" if fact.is_safe else ""
    above = "" if fact.has_own_text or fact.pattern is None else ", as above"
    yield f"{fact.name} ({' '.join(fact.bases)}) {fact.code}{safe}{above}: {fact.pattern}"


def raise_site(fact: RaiseSite) -> Iterator[str]:
    yield f"{fact.evidence.file}:{fact.evidence.line} {fact.evidence.function}: {fact.error}"


def fault_cause(fact: FaultCause) -> Iterator[str]:
    yield f"{fact.error}: {' '.join(fact.actions)}"


def refusal(fact: Refusal) -> Iterator[str]:
    errors = f" of {' '.join(fact.errors)}" if fact.errors else ""
    text = f" '{fact.text}'" if fact.text else ""
    when = f" when {to_text(fact.when)}" if fact.when else ""
    yield f"{fact.action}: {fact.code}{errors}{text}{when} in {fact.evidence.function}:{fact.evidence.line}"


def translation(fact: Translation) -> Iterator[str]:
    yield f"{fact.language} {fact.pattern} -> {fact.text}"


def log_message(fact: LogMessage) -> Iterator[str]:
    yield f"{fact.evidence.line} {fact.level}: {fact.pattern} -> {fact.effect} [{fact.slug}]"


def migration_status(fact: MigrationStatus) -> Iterator[str]:
    counted = " in progress" if fact.in_progress else ""
    wanted = f" wanted by {' '.join(fact.wanted_by)}" if fact.wanted_by else ""
    places = " ".join(str(place.function) for place in fact.written)
    yield f"{fact.value} [{' '.join(fact.types)}]{counted}: {places}{wanted}"


def event(fact: Event) -> Iterator[str]:
    function = f" of {fact.function}" if fact.function else ""
    yield f"{fact.kind} {fact.name}{function}: {' '.join(fact.actions)}".rstrip()


def host_status(fact: HostStatus) -> Iterator[str]:
    yield f"{fact.evidence.line} {fact.value!r}: {to_text(fact.condition)}"


def microversion(fact: Microversion) -> Iterator[str]:
    yield f"{fact.evidence.line}: {fact.value}"


def joined(states: States) -> str:
    return "*" if states is None else " ".join(map(str, states))


def bracketed(names: tuple[str, ...]) -> str:
    return f" [{' '.join(names)}]" if names else ""


KINDS: dict[str, tuple[Reader, Callable[[Any], Iterator[str]]]] = {
    "states": (read_states, constant),
    "groups": (read_groups, group),
    "statuses": (read_statuses, status),
    "messages": (read_messages, message),
    "actions": (read_actions, action),
    "guards": (read_guards, guard),
    "checks": (read_guards, guard),
    "host_checks": (read_host_checks, host_check),
    "errors": (read_errors, error),
    "raise_sites": (read_raise_sites, raise_site),
    "fault_causes": (read_fault_causes, fault_cause),
    "refusals": (read_refusals, refusal),
    "translations": (read_translations, translation),
    "log_messages": (read_log_messages, log_message),
    "migration_statuses": (read_migration_statuses, migration_status),
    "events": (read_events, event),
    "host_statuses": (read_host_statuses, host_status),
    "microversions": (read_microversions, microversion),
}


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(kind, *case.values, id=f"{kind}-{case.id}") for case in cases(CASES / kind)]


def test_every_kind_has_cases_and_every_folder_a_kind() -> None:
    assert {folder.name for folder in CASES.iterdir()} == {*KINDS, "evaluation", "parsing"}
    assert all(of_kind(folder.name) for folder in CASES.iterdir())


@pytest.mark.parametrize(("kind", "path"), [case for kind in KINDS for case in of_kind(kind)])
def test_facts(kind: str, path: Path) -> None:
    case = load_case(path)
    read, write = KINDS[kind]
    section = read(case.modules)
    assert [line for fact in section.facts for line in write(fact)] == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps
    assert sum(count.found - count.read for count in section.counts) == len(case.gaps)


@pytest.mark.parametrize(("_kind", "path"), of_kind("evaluation"))
def test_evaluation(_kind: str, path: Path) -> None:
    case = load_case(path)
    module = case.modules.at("nova/names.py")
    found = []
    for name in module.bindings:
        try:
            found.append(f"{name} = {lookup(module, name, case.modules)!r}")
        except InputError as error:
            found.append(f"{name}: {error}")
    assert found == case.expected

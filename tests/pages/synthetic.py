"""Small releases put together by hand, and a writer for pages about them."""

from __future__ import annotations

from typing import Any

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.catalog.release import Release
from nova_states.explanations.loading import load_explanations
from nova_states.facts.condition import Condition
from nova_states.facts.model import (
    Action,
    Constant,
    Evidence,
    FromState,
    Reaction,
    Section,
    StateKind,
    States,
    ToState,
    Transition,
)
from nova_states.facts.snapshots import Snapshots, Source, Version
from nova_states.pages.urls import Urls
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering.pages import load_words

HERE = Evidence(file="nova/compute/manager.py", line=7, function="ComputeManager._init_instance")


def constant(kind: StateKind, name: str, value: str | int) -> Constant:
    return Constant(kind=kind, name=name, value=value, operations=(), label=None, evidence=HERE)


STATES = (
    constant("power_state", "NOSTATE", 0),
    constant("power_state", "RUNNING", 1),
    constant("power_state", "SHUTDOWN", 4),
    constant("vm_state", "ACTIVE", "active"),
    constant("vm_state", "STOPPED", "stopped"),
    constant("vm_state", "ERROR", "error"),
    constant("task_state", "POWERING_OFF", "powering-off"),
    constant("task_state", "DELETING", "deleting"),
)


def start(vm: States = None, task: States = None, power: tuple[str, ...] | None = None) -> FromState:
    return FromState(vm_states=vm, task_states=task, power_states=power)


def reaction(  # noqa: PLR0913 - a row is all of these
    effect: str,
    vm: States = None,
    task: States = None,
    power: tuple[str, ...] | None = None,
    *,
    to: tuple[str, str | None] = ("=", "="),
    when: Condition | None = None,
) -> Reaction:
    return Reaction(
        start=start(vm, task, power),
        end=ToState(vm_state=to[0], task_state=to[1]),
        effect=effect,
        condition=when,
        certainty="conditional" if when else "exact",
        evidence=HERE,
    )


def transition(  # noqa: PLR0913 - a row is all of these
    action: str,
    actor: str,
    before: tuple[States, States] | None,
    after: tuple[str, str | None],
    *,
    fails: bool = False,
    when: Condition | None = None,
    expected: States = None,
) -> Transition:
    return Transition(
        action=action,
        actor=actor,
        start=start(*before) if before else None,
        end=ToState(vm_state=after[0], task_state=after[1]),
        outcome="failure" if fails else "progress" if after[1] not in (None, "=") else "success",
        condition=when,
        certainty="conditional" if when else "exact",
        expected_task_states=expected,
        evidence=HERE,
    )


def action(identity: str) -> Action:
    return Action(
        id=identity,
        method=f"compute.api.API.{identity}",
        parent=None,
        guarded_by=identity,
        conditions=(),
        endpoints=(),
        evidence=HERE,
    )


def catalog(**releases: dict[str, tuple[Any, ...]]) -> Catalog:
    """Releases by their version ("v13_0_0") with their facts by kind; all have the same states."""
    source = Source(kind="git", reference=None, digest=None, date=None)
    found = {name[1:].replace("_", "."): facts for name, facts in releases.items()}
    snapshots = Snapshots(
        versions={version: Version(version=version, source=source, documents={}) for version in found}
    )
    made = Catalog(snapshots=snapshots)
    for version, facts in found.items():
        sections = {kind: Section(facts=rows, gaps=(), counts=()) for kind, rows in {"states": STATES, **facts}.items()}
        made._releases[version] = Release(version=version, sections=sections)  # noqa: SLF001 - nothing is stored
    return made


def writer(of: Catalog, language: str = "en") -> Writer:
    return Writer(
        queries=CatalogQueries(catalog=of),
        explanations=load_explanations(),
        words=PageWords(language=language, table=load_words()),
        urls=Urls(page="vm_state/active/"),
    )

"""Pages of actions: from which states each is allowed, how it is asked for, and how it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nova_states.catalog.permissions import certain_guards
from nova_states.catalog.release import Release
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Action, Endpoint, Guard
from nova_states.pages.action_order import purpose_label
from nova_states.pages.action_rules import action_rule
from nova_states.pages.belongings import action_belongings
from nova_states.pages.components import Change, Head, Matrix, MatrixRow
from nova_states.pages.models import ActionPage, ActionRule, GuardRow, RequestRow
from nova_states.pages.permission_cells import permission_cell
from nova_states.pages.refusals import CONFLICT, refusal_rows
from nova_states.pages.sections import action_sections
from nova_states.pages.seen_words import guards_note
from nova_states.pages.stories import story_view
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_action(writer: Writer, name: str) -> ActionPage:
    """The page of one action, as the newest release that has it."""
    page = writer.on(address("action", name))
    explanation = page.explain("action", name)
    release = page.queries.newest_with(name)
    fact = release.actions[name]
    parts: dict[str, Any] = {}
    for fields in (story_fields, rule_fields, request_fields, refusal_fields, condition_fields, around_fields):
        parts |= fields(page, release, name)
    return ActionPage(
        head=Head(**page.head_texts("action", name, explanation), group=purpose_label(page, name)),
        name=name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        command=explanation.command or "",
        history=tuple(_history(page, name)),
        evidence=(page.place(release.version, fact.evidence),),
        aliases=explanation.aliases[page.language],
        leads=page.leads_from("action", name),
        release=release.version,
        exists=release.version == page.latest.version,
        **parts,
    )


def story_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """What happens once it is accepted."""
    return {"story": story_view(page, release, name)}


def rule_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """From which states it is allowed."""
    fact = release.actions[name]
    parts = release.parts.get(name, ())
    guards = release.guards_of(name)
    rows = [_guard(page, release, guard) for guard in guards]
    return {
        "parent": page.link("action", fact.parent) if fact.parent else None,
        "parts_of": tuple(page.link("action", part) for part in parts),
        "rules": tuple(_rules(page, release, name, parts)) if guards or parts else (),
        "guards": tuple(row for row in rows if not row.when),
        "seen": guards_note(page, release, fact.guarded_by) if guards else "",
        "conditional": tuple(row for row in rows if row.when),
        "sections": action_sections(page, release, name),
    }


def request_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """How it is asked for."""
    return {"requests": tuple(_requests(page, release, release.actions[name]))}


def refusal_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """How it is refused."""
    refusals = refusal_rows(page, release, name)
    looks_at_states = release.guards_of(name) or release.parts.get(name, ())
    return {
        "refusals": tuple(_refusals(release, release.actions[name])) if looks_at_states else (),
        "conflicts": tuple(row for row in refusals if row.code == CONFLICT),
        "other_refusals": tuple(row for row in refusals if row.code != CONFLICT),
    }


def condition_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """What else narrows it."""
    names = release.actions[name].conditions
    return {
        "condition_texts": tuple(
            (name, page.label("decorator", name), page.summary("decorator", name)) for name in names
        )
    }


def around_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """Errors that it can end in, and what it leaves behind."""
    return {"around": tuple(action_belongings(page, release, name))}


def _rules(page: Writer, release: Release, name: str, parts: tuple[str, ...]) -> Iterator[ActionRule]:
    """The rule of an action; one that only stands above its parts has theirs."""
    if parts and name not in release.guards:
        for part in parts:
            yield replace(
                action_rule(page, release, part, _matrix(page, release, part)), part=page.link("action", part)
            )
        return
    yield action_rule(page, release, name, _matrix(page, release, name))


def _guard(page: Writer, release: Release, guard: Guard) -> GuardRow:
    return GuardRow(
        mode=guard.mode,
        vm_states=page.states("vm_state", guard.vm_states),
        task_states=page.states("task_state", guard.task_states),
        checks_vm_state=guard.vm_states is not None,
        checks_task_state=guard.task_states is not None,
        must_have_launched=guard.must_have_launched,
        when=(page.said(guard.when, guard.action), page.exact(guard.when)) if guard.when else (),
        place=page.place(release.version, guard.evidence),
    )


def _requests(page: Writer, release: Release, fact: Action) -> Iterator[RequestRow]:
    for endpoint in fact.endpoints:
        yield RequestRow(
            verb=endpoint.verb,
            path=endpoint.path,
            body_key=endpoint.body_key or "",
            microversions=_microversions(endpoint),
            place=page.place(release.version, endpoint.evidence),
        )


def _refusals(release: Release, fact: Action) -> Iterator[str]:
    """The 409 of each word the REST layer uses for the action, as Nova prints it."""
    wording = next((m.text for m in release.facts("messages") if m.id == "state" and m.language == "en"), "")
    for word in dict.fromkeys(endpoint.conflict_name for endpoint in fact.endpoints):
        if word is not None:
            given = {"action": word, "server_id": "{server}", "attr": "vm_state", "state": "{vm_state}"}
            text = wording
            for key, value in given.items():
                text = text.replace(f"%({key})s", value)
            yield text


def _microversions(endpoint: Endpoint) -> str:
    lowest, highest = endpoint.min_microversion, endpoint.max_microversion
    return "" if lowest is None else f"{lowest}–{highest or ''}"


def _matrix(page: Writer, release: Release, name: str) -> Matrix:
    """vm_state × task_state: where the action is allowed."""
    columns = (None, *release.task_states)
    return Matrix(
        id="allowed",
        corner="vm_state × task_state",
        columns=tuple(page.task(task) for task in columns),
        rows=tuple(
            MatrixRow(
                head=page.link("vm_state", vm_state),
                cells=tuple(
                    permission_cell(
                        page, release, name, ServerStates(vm_state=vm_state, task_state=task), href="#guards"
                    )
                    for task in columns
                ),
            )
            for vm_state in release.vm_states
        ),
    )


def _history(page: Writer, name: str) -> Iterator[Change]:
    yield from page.changes(f"`{name}`", page.queries.runs_of_name("action", name))
    found = page.queries.eras_of(name)
    if len(found) > 1:
        for era in found:
            guards = certain_guards(era.release, name)
            what = "; ".join(guard_text(page, guard) for guard in guards) or page.words("guards_none")
            yield from page.changes(what, page.catalog.runs_of(set(era.versions)))


def guard_text(page: Writer, guard: Guard) -> str:
    """A guard on one line, identifiers in backticks."""
    parts: list[str] = []
    for kind, states in (("vm_state", guard.vm_states), ("task_state", guard.task_states)):
        if states is not None:
            names = " ".join(f"`{state}`" if state else page.words("no_task") for state in states)
            parts.append(f"{kind}: {names}")
        elif guard.mode == "allow":
            parts.append(f"{kind}: {page.words('any')}")
    text = ", ".join(parts)
    if guard.mode == "reject":
        text = f"{page.words('rejects')}: {text}"
    return text if guard.must_have_launched or guard.mode == "reject" else f"{text}, {page.words('launched_any')}"

"""Pages of power_states, vm_states and task_states: what each means, what may be asked, what it is shown as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nova_states.catalog.equivalence import Permission
from nova_states.catalog.permissions import looks_at_states, named_states, usual_server
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Run
from nova_states.facts.guard_check import Refusal, ServerStates
from nova_states.facts.model import Constant, StateKind
from nova_states.facts.state_set import ordered
from nova_states.pages.belongings import state_belongings
from nova_states.pages.components import Change, Head, Link, Property
from nova_states.pages.models import AllowedAction, RefusedAction, ShownAs, StatePage
from nova_states.pages.sections import state_sections
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_state(writer: Writer, kind: StateKind, constant: Constant) -> StatePage:
    """The page of one state."""
    name = constant.name if kind == "power_state" else str(constant.value)
    page = writer.on(address(kind, name))
    explanation = page.explain(kind, name)
    allowed, always, refused = _permissions(page, kind, name)
    return StatePage(
        head=_head(page, kind, name, constant),
        kind=kind,
        name=name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        stuck=explanation.stuck[page.language] if explanation.stuck else "",
        facts=tuple(_facts(page, kind, name, constant)),
        allowed=allowed,
        always=always,
        refused=refused,
        is_checked=kind != "power_state",
        shown=tuple(_shown(page, kind, name)),
        sections=state_sections(page, kind, name),
        around=tuple(state_belongings(page, kind, name)),
        history=tuple(_history(page, kind, name)),
        evidence=(page.place(page.latest.version, constant.evidence),),
        aliases=explanation.aliases[page.language],
        leads=page.leads_from(kind, name),
        release=page.latest.version,
    )


def _head(page: Writer, kind: StateKind, name: str, constant: Constant) -> Head:
    texts = page.head_texts(kind, name, page.explain(kind, name))
    if isinstance(constant.value, int):
        # Users meet a power_state as a number, in hex in Nova's source, or as its word in STATE_MAP.
        texts["title"] = f"{texts['title'].removesuffix(')')} {constant.value})"
        texts["aliases"] = (*texts["aliases"], f"0x{constant.value:02x}", f"{constant.label} power state")
    return Head(**texts, group=", ".join(constant.operations))


def _facts(page: Writer, kind: StateKind, name: str, constant: Constant) -> Iterator[Property]:
    yield Property(name=page.words("constant"), value=constant.name, is_code=True)
    if isinstance(constant.value, int):
        yield Property(name=page.words("value"), value=f"{constant.value} · 0x{constant.value:02x}", is_code=True)
    else:
        yield Property(name=page.words("value"), value=constant.value, is_code=True)
    if constant.label:
        yield Property(name="STATE_MAP", value=constant.label, is_code=True)
    if constant.operations:
        known = page.latest.actions
        links = tuple(page.link("action", o) for o in constant.operations if o in known)
        others = ", ".join(o for o in constant.operations if o not in known)
        yield Property(name=page.words("operation"), value=others, links=links, is_code=True)
    value = name if kind != "power_state" else None
    groups = [g.name for g in page.latest.groups.values() if g.kind == kind and g.values and value in g.values]
    if groups:
        links = tuple(Link(text=g, href=page.urls.name("group", g), kind="") for g in groups)
        yield Property(name=page.words("groups"), value="", links=links)


def _permissions(
    page: Writer, kind: StateKind, name: str
) -> tuple[tuple[AllowedAction, ...], tuple[Link, ...], tuple[RefusedAction, ...]]:
    allowed: list[AllowedAction] = []
    always: list[Link] = []
    refused: list[RefusedAction] = []
    for action, fact in page.latest.actions.items():
        if kind == "power_state" or fact.guarded_by != action or action == "create":
            continue
        found = page.queries.permission(action, _server_in(page.latest, kind, name, action))
        if found.refusal is None and not looks_at_states(page.latest, action):
            always.append(page.link("action", action))
        elif found.refusal is None:
            allowed.append(_allowed(page, kind, action, found))
        else:
            refused.append(_refused(page, kind, action, found.refusal, found))
    return tuple(allowed), tuple(always), tuple(refused)


def _server_in(release: Release, kind: StateKind, name: str, action: str) -> ServerStates:
    """The server that an action is meant for, but in the state that the page is about."""
    usual = usual_server(release, action)
    return replace(usual, vm_state=name) if kind == "vm_state" else replace(usual, task_state=name)


def _allowed(page: Writer, kind: StateKind, action: str, found: Permission) -> AllowedAction:
    fact = page.latest.actions[action]
    return AllowedAction(
        action=page.link("action", action),
        label=page.label("action", action),
        command=page.explain("action", action).command or "",
        states=_other_states(page, kind, action),
        since=page.since(found.allowed),
        conditions=tuple(
            Link(text=name, href=page.urls.name("action", action, "conditions"), title=page.label("decorator", name))
            for name in fact.conditions
        ),
    )


def _other_states(page: Writer, kind: StateKind, action: str) -> tuple[Link, ...]:
    """The states on the other side that an action asks for too; none where it does not look at them."""
    other: StateKind = "task_state" if kind == "vm_state" else "vm_state"
    return _named(page, other, action)


def _named(page: Writer, kind: StateKind, action: str) -> tuple[Link, ...]:
    """The states of a kind that an action asks for by name."""
    states = named_states(page.latest, action).of(kind)
    return () if states is None else page.states(kind, ordered(states))


def _refused(page: Writer, kind: StateKind, action: str, reason: Refusal, found: Permission) -> RefusedAction:
    gone = [run.until for run in found.allowed if run.until is not None]
    return RefusedAction(
        action=page.link("action", action),
        label=page.label("action", action),
        reason=page.words("reason_value", attribute=reason.attribute, value=reason.value),
        nearest=_named(page, kind, action),
        until=page.words("allowed_before", version=page.mark(gone[-1])) if gone else "",
    )


def _shown(page: Writer, kind: StateKind, name: str) -> Iterator[ShownAs]:
    latest = page.latest
    if kind == "vm_state":
        yield ShownAs(
            status=page.link("status", latest.status(name, None)),
            states=(),
            hides=page.words("hides_task") if latest.task_states else "",
        )
        words: dict[str, list[str]] = {}
        for task in latest.status_map.get(name, ()):
            if latest.status_tells(name, task):
                words.setdefault(latest.status(name, task), []).append(task)
        for status, tasks in words.items():
            hides = page.words("hides_vm", state=name) if name != "active" else ""
            yield ShownAs(
                status=page.link("status", status), states=page.states("task_state", tuple(tasks)), hides=hides
            )
    if kind == "task_state":
        by_status: dict[tuple[str, bool], list[str]] = {}
        for vm_state in latest.vm_states:
            key = (latest.status(vm_state, name), latest.status_tells(vm_state, name))
            by_status.setdefault(key, []).append(vm_state)
        for (status, own), vm_states in by_status.items():
            yield ShownAs(
                status=page.link("status", status),
                states=page.states("vm_state", tuple(vm_states)),
                hides="" if own else page.words("hides_task"),
            )


def _history(page: Writer, kind: StateKind, name: str) -> Iterator[Change]:
    yield from page.changes(f"`{name}`", page.queries.runs_of_name(kind, name))
    if kind == "power_state":
        return
    for action in page.queries.actions:
        own = page.queries.runs_of_name("action", action)
        runs = tuple(run for run in _all_runs(page, kind, name, action) if not _is_over(page, run))
        if runs and runs != own:
            yield from page.changes(page.words("allowed"), runs, page.link("action", action))


def _is_over(page: Writer, run: Run) -> bool:
    """Whether a run ended before the releases the reference speaks of."""
    return run.until is not None and page.queries.is_before_reference(run.until)


def _all_runs(page: Writer, kind: StateKind, name: str, action: str) -> tuple[Run, ...]:
    """Releases in which an action is allowed in a state, where any of its guards looks at such states."""
    release = page.queries.newest_with(action)
    if release.actions[action].guarded_by != action or action == "create":
        return ()
    return page.queries.permission(action, _server_in(release, kind, name, action)).allowed

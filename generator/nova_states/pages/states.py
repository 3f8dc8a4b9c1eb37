"""Pages of power_states, vm_states and task_states: what each means, what may be asked, what it is shown as."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.equivalence import Permission
from nova_states.catalog.permissions import ServerStates
from nova_states.catalog.version_spans import Run
from nova_states.facts.model import Constant, Guard, StateKind
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
        history=tuple(_history(page, kind, name)),
        evidence=(page.place(page.latest.version, constant.evidence),),
        aliases=explanation.aliases[page.language],
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
        guards = [guard for guard in page.latest.guards_of(action) if guard.when is None]
        server = ServerStates(
            vm_state=name if kind == "vm_state" else _fitting(guards), task_state=_task(kind, name, guards)
        )
        found = page.queries.permission(action, server)
        if found.refusal is None and not _looks_at_states(guards):
            always.append(page.link("action", action))
        elif found.refusal is None:
            allowed.append(_allowed(page, kind, action, found))
        else:
            refused.append(_refused(page, kind, action, found))
    return tuple(allowed), tuple(always), tuple(refused)


def _looks_at_states(guards: list[Guard]) -> bool:
    return any(guard.vm_states is not None or guard.task_states is not None for guard in guards)


def _fitting(guards: list[Guard]) -> str:
    """A vm_state that the guards take, so that only the task_state decides."""
    for guard in guards:
        if guard.mode == "allow" and guard.vm_states:
            return str(guard.vm_states[0])
    return "active"


def _task(kind: StateKind, name: str, guards: list[Guard]) -> str | None:
    """On a task_state's page that task; on a vm_state's page none, or the task an action asks for."""
    if kind == "task_state":
        return name
    for guard in guards:
        if guard.mode == "allow" and guard.task_states and None not in guard.task_states:
            return guard.task_states[0]
    return None


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
    for guard in page.latest.guards_of(action):
        listed = guard.task_states if other == "task_state" else guard.vm_states
        if guard.when is None and guard.mode == "allow" and listed is not None:
            return page.states(other, listed)
    return ()


def _refused(page: Writer, kind: StateKind, action: str, found: Permission) -> RefusedAction:
    assert found.refusal is not None  # noqa: S101 - the caller asked
    nearest: tuple[Link, ...] = ()
    for guard in page.latest.guards_of(action):
        listed = guard.vm_states if kind == "vm_state" else guard.task_states
        if guard.when is None and guard.mode == "allow" and listed is not None:
            nearest = page.states(kind, listed)
    gone = [run.until for run in found.allowed if run.until is not None]
    return RefusedAction(
        action=page.link("action", action),
        label=page.label("action", action),
        reason=page.words("reason_value", attribute=found.refusal.attribute, value=found.refusal.value),
        nearest=nearest,
        until=page.words("until", version=page.mark(gone[-1])) if gone else "",
    )


def _shown(page: Writer, kind: StateKind, name: str) -> Iterator[ShownAs]:
    latest = page.latest
    if kind == "vm_state":
        entries = latest.status_map.get(name, {})
        default = entries["default"].status if entries else latest.fallback_status
        yield ShownAs(
            status=page.link("status", default),
            states=(),
            hides=page.words("hides_task") if latest.task_states else "",
        )
        words: dict[str, list[str]] = {}
        for task, entry in entries.items():
            if task != "default":
                words.setdefault(entry.status, []).append(task)
        for status, tasks in words.items():
            hides = page.words("hides_vm", state=name) if name != "active" else ""
            yield ShownAs(
                status=page.link("status", status), states=page.states("task_state", tuple(tasks)), hides=hides
            )
    if kind == "task_state":
        by_status: dict[tuple[str, bool], list[str]] = {}
        for vm_state in latest.vm_states:
            own = name in latest.status_map.get(vm_state, {})
            by_status.setdefault((latest.status(vm_state, name), own), []).append(vm_state)
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
    guards = [guard for guard in release.guards_of(action) if guard.when is None]
    if release.actions[action].guarded_by != action or action == "create":
        return ()
    server = ServerStates(
        vm_state=name if kind == "vm_state" else _fitting(guards), task_state=_task(kind, name, guards)
    )
    return page.queries.permission(action, server).allowed

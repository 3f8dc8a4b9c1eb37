"""Pages of power_states, vm_states and task_states: what each means, what may be asked, what it is shown as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from nova_states.catalog.version_spans import Run
from nova_states.facts.model import Constant, StateKind
from nova_states.pages.action_order import in_order
from nova_states.pages.belongings import state_belongings
from nova_states.pages.components import Change, Head, Link, Property
from nova_states.pages.machine_map import build_machine_map
from nova_states.pages.models import ShownAs, StatePage
from nova_states.pages.sections import state_sections
from nova_states.pages.state_actions import leaves_of, losses_of, permissions_of, server_in
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_state(writer: Writer, kind: StateKind, constant: Constant) -> StatePage:
    """The page of one state."""
    name = constant.name if kind == "power_state" else str(constant.value)
    page = writer.on(address(kind, name))
    explanation = page.explain(kind, name)
    parts: dict[str, Any] = {}
    for fields in STATE_PARTS.values():
        parts |= fields(page, kind, name)
    return StatePage(
        head=_head(page, kind, name, constant),
        name=name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        stuck=explanation.stuck[page.language] if explanation.stuck else "",
        history=tuple(_history(page, kind, name)),
        evidence=(page.place(page.release.version, constant.evidence),),
        aliases=explanation.aliases[page.language],
        leads=page.leads_from(kind, name),
        **parts,
    )


def _leaves(page: Writer, kind: StateKind, name: str) -> dict[str, Any]:
    leaves = leaves_of(page, kind, name)
    return {"kind": kind, "leaves": leaves, "losses": losses_of(page, leaves) if kind == "vm_state" else ()}


def _picture(page: Writer, kind: StateKind, name: str) -> dict[str, Any]:
    return {"picture": build_machine_map(page, name) if kind == "vm_state" else None}


def _permissions(page: Writer, kind: StateKind, name: str) -> dict[str, Any]:
    allowed, refused = permissions_of(page, kind, name)
    is_checked = kind != "power_state"
    return {
        "kind": kind,
        "allowed": allowed,
        "refused": refused,
        "is_checked": is_checked,
        "release": "" if page.lens else page.latest.version,
    }


def _what_it_is(page: Writer, kind: StateKind, name: str) -> dict[str, Any]:
    return {"glance": tuple(_glance(page, kind, name, _constant(page, kind, name)))}


def _named(page: Writer, kind: StateKind, name: str) -> dict[str, Any]:
    return {"facts": tuple(_facts(page, kind, name, _constant(page, kind, name)))}


def _constant(page: Writer, kind: StateKind, name: str) -> Constant:
    constants = page.release.constants[kind]
    if kind == "power_state":
        return constants[name]
    return next(constant for constant in constants.values() if str(constant.value) == name)


STATE_PARTS: Final[dict[str, Callable[[Writer, StateKind, str], dict[str, Any]]]] = {
    "leaves": _leaves,
    "glance": _what_it_is,
    "picture": _picture,
    "allowed": _permissions,
    "next": lambda page, kind, name: {"sections": state_sections(page, kind, name)},
    "shown": lambda page, kind, name: {"shown": tuple(_shown(page, kind, name))},
    "around": lambda page, kind, name: {"around": tuple(state_belongings(page, kind, name))},
    "named": _named,
}
"""The parts of a page that are others in other releases, with the variables of each."""


def _head(page: Writer, kind: StateKind, name: str, constant: Constant) -> Head:
    texts = page.head_texts(kind, name, page.explain(kind, name))
    if isinstance(constant.value, int):
        # Users meet a power_state as a number, in hex in Nova's source, or as its word in STATE_MAP.
        texts["title"] = f"{texts['title'].removesuffix(')')} {constant.value})"
        texts["aliases"] = (*texts["aliases"], f"0x{constant.value:02x}", f"{constant.label} power state")
    return Head(**texts, group=", ".join(constant.operations))


def _glance(page: Writer, kind: StateKind, name: str, constant: Constant) -> Iterator[Property]:
    """What is seen first: what the API shows, the number, the action that a task belongs to."""
    if isinstance(constant.value, int):
        yield Property(name=page.words("value"), value=f"{constant.value} · 0x{constant.value:02x}", is_code=True)
    if constant.label:
        yield Property(name="STATE_MAP", value=constant.label, is_code=True)
    if kind == "vm_state":
        status = page.link("status", page.release.status(name, None))
        yield Property(name=page.words("shown_word"), value="", links=(status,))
    if constant.operations:
        known = page.release.actions
        links = tuple(page.link("action", o) for o in constant.operations if o in known)
        others = ", ".join(o for o in constant.operations if o not in known)
        yield Property(name=page.words("operation"), value=others, links=links, is_code=True)


def _facts(page: Writer, kind: StateKind, name: str, constant: Constant) -> Iterator[Property]:
    """How Nova's source names it."""
    yield Property(name=page.words("constant"), value=constant.name, is_code=True)
    if not isinstance(constant.value, int):
        yield Property(name=page.words("value"), value=constant.value, is_code=True)
    value = name if kind != "power_state" else None
    groups = [g.name for g in page.release.groups.values() if g.kind == kind and g.values and value in g.values]
    if groups:
        links = tuple(Link(text=g, href=page.urls.name("group", g), kind="") for g in groups)
        yield Property(name=page.words("groups"), value="", links=links)


def _shown(page: Writer, kind: StateKind, name: str) -> Iterator[ShownAs]:
    latest = page.release
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
    for action in in_order(page.queries.actions):
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
    return page.queries.permission(action, server_in(release, kind, name, action)).allowed

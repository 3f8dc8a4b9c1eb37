"""What Nova does by itself, as sections of state pages: the power sync and the restart of nova-compute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from nova_states.catalog.reactions import ReactionKind, combinations_of, is_failure, is_usual
from nova_states.facts.model import Reaction, StateKind, ToState
from nova_states.facts.state_set import StateSet, choose, minimise, ordered
from nova_states.facts.stored_states import start_of, states_of
from nova_states.pages.components import CellContent, Link, PageSection, Table
from nova_states.pages.writer import Writer

POWER_SYNC, STARTUP = "matrix/power-sync/", "matrix/startup/"

_IDLE = StateSet(task_state=frozenset({None}))
"""Servers without a task: the only ones the power sync acts on."""
_MANY = 12
"""States in a cell beyond which they are counted rather than named."""
_FEW = 4
"""States that are named as exceptions from all others."""

_Signature: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Effects with the power_states they happen at, those of fewest first."""


def reaction_sections(page: Writer, kind: StateKind, name: str) -> tuple[PageSection, ...]:
    """What happens by itself to a server in a state."""
    makers: dict[StateKind, Sequence[Callable[[Writer, str], PageSection | None]]] = {
        "vm_state": (_sync_of_vm_state, _restart_of_vm_state),
        "task_state": (_restart_of_task_state, _sync_of_task_state),
        "power_state": (_sync_of_power_state, _restart_of_power_state),
    }
    return tuple(section for make in makers[kind] if (section := make(page, name)) is not None)


def _sync_of_vm_state(page: Writer, name: str) -> PageSection | None:
    rows = _narrowed(page, page.queries.power_sync.specific(page.release), _IDLE.having("vm_state", frozenset({name})))
    texts = [page.words("power_sync_intro")] if rows else []
    return _section(page, "power_sync", rows, ("power_state",), texts)


def _sync_of_power_state(page: Writer, name: str) -> PageSection | None:
    at_power = _IDLE.having("power_state", frozenset({name}))
    rows = _narrowed(page, page.queries.power_sync.specific(page.release), at_power)
    texts = [page.words("power_sync_intro")] if rows else []
    return _section(page, "power_sync", rows, ("vm_state",), texts)


def _sync_of_task_state(page: Writer, name: str) -> PageSection | None:
    rows = _narrowed(page, page.queries.power_sync.specific(page.release), StateSet(task_state=frozenset({name})))
    if any(row.effect != "none" for row in rows):
        return _section(page, "power_sync", rows, ("vm_state", "power_state"), [])
    text = page.words("power_sync_skipped")
    return PageSection(id="power-sync", title=page.words("power_sync"), texts=(text,)) if rows else None


def _restart_of_vm_state(page: Writer, name: str) -> PageSection | None:
    rows = _narrowed(page, page.queries.startup.specific(page.release), StateSet(vm_state=frozenset({name})))
    acting = [row for row in rows if row.effect != "none"]
    untouched = _untouched(page, name)
    texts = [page.words("restart_intro")] if rows else []
    if untouched and not acting:
        texts.append(page.words("restart_vm_none", state=name))
    section = _section(page, "startup", acting, ("task_state", "power_state"), texts)
    if section is None or not (untouched and acting):
        return section
    links = page.states("task_state", untouched)
    rest = Table(
        head=("task_state", page.words("effect")),
        rows=((links, (page.words("restart_untouched"),)),),
        fold=page.words("restart_untouched_count", count=len(untouched)),
    )
    return replace(section, tables=(*section.tables[:1], rest, *section.tables[1:]))


def _untouched(page: Writer, vm_state: str) -> tuple[str | None, ...]:
    """Tasks that a restart leaves as they are."""
    tasks = (None, *page.release.task_states)
    return tuple(t for t in tasks if {effect for effect, _ in signature(page, "startup", vm_state, t)} == {"none"})


def _restart_of_task_state(page: Writer, name: str) -> PageSection | None:
    rows = _narrowed(page, page.queries.startup.specific(page.release), StateSet(task_state=frozenset({name})))
    acting = [row for row in rows if row.effect != "none" and row.start.task_states is not None]
    return _section(page, "startup", acting, ("vm_state", "power_state"), restart_answer(page, name) if rows else [])


def _restart_of_power_state(page: Writer, name: str) -> PageSection | None:
    reactions = page.queries.startup
    telling = [
        row
        for row in reactions.specific(page.release)
        if row.start.power_states is not None
        and row.effect != "none"
        and not (is_failure(row) or reactions.is_widespread(page.release, row))
    ]
    rows = _narrowed(page, telling, StateSet(power_state=frozenset({name})))
    return _section(page, "startup", rows, ("task_state", "vm_state"), [page.words("restart_intro")]) if rows else None


def restart_answer(page: Writer, task_state: str) -> list[str]:
    """Whether a restart frees a server stuck in a task: the answer first, then for which vm_state it differs."""
    groups: dict[_Signature, list[str]] = {}
    for vm_state in page.release.vm_states:
        found = signature(page, "startup", vm_state, task_state)
        if found and _looks_at_task(page, vm_state, task_state):
            groups.setdefault(found, []).append(vm_state)
    if not groups:
        return [page.words("restart_unknown")]
    ordered = sorted(groups.items(), key=lambda group: (_is_idle(group[0]), -len(group[1])))
    verdicts = {_verdict(found) for found, vm_states in ordered if vm_states != ["error"]}
    if len(verdicts) > 1:
        return [page.words("restart_depends"), *(_with_vm_states(page, *group) for group in ordered)]
    first, *others = sorted(ordered, key=lambda group: -len(group[1]))
    lead = f"{page.words(_verdict(first[0]))} {_sentence(page, first[0])}"
    return [lead, *(_with_vm_states(page, *group) for group in others)]


def _with_vm_states(page: Writer, found: _Signature, vm_states: list[str]) -> str:
    names = ", ".join(f"`{name}`" for name in vm_states)
    return page.words("restart_with_vm", states=names, sentence=_sentence(page, found))


def _looks_at_task(page: Writer, vm_state: str, task_state: str) -> bool:
    """Whether the task decides; a server that is still building is treated alike with any."""
    powers = page.release.constants["power_state"]
    rows = [page.queries.startup.usual_at(page.release, (vm_state, task_state, power)) for power in powers]
    return any(row is not None and row.start.task_states is not None for row in rows)


def _is_idle(found: _Signature) -> bool:
    return all(effect == "none" for effect, _ in found)


def _verdict(found: _Signature) -> str:
    if _is_idle(found):
        return "restart_no"
    return "restart_partly" if any(effect == "none" for effect, _ in found) else "restart_yes"


def _sentence(page: Writer, found: _Signature) -> str:
    *some, (other, _) = found
    parts = [
        page.words(
            "restart_at_power",
            powers=", ".join(f"`{power}`" for power in powers),
            sentence=page.words(f"restart_does_{effect}"),
        )
        for effect, powers in some
    ]
    last = page.words(f"restart_does_{other}")
    return " ".join([*parts, page.words("restart_otherwise", sentence=last) if some else last])


def signature(page: Writer, kind: ReactionKind, vm_state: str, task_state: str | None) -> _Signature:
    """What usually happens to a server in the newest release, by power_state.

    Returns:
        Effects with the power_states they happen at, those of fewest first; empty where no row speaks of the server.
    """
    found: dict[str, list[str]] = {}
    for power in page.release.constants["power_state"]:
        row = page.queries.reactions(kind).usual_at(page.release, (vm_state, task_state, power))
        if row is not None:
            found.setdefault(row.effect, []).append(power)
    return tuple(sorted(((effect, tuple(at)) for effect, at in found.items()), key=lambda one: len(one[1])))


def _narrowed(page: Writer, rows: Iterable[Reaction], states: StateSet) -> list[Reaction]:
    """The rows that speak of some of the states, narrowed to them; one that looks at no task still says so."""
    powers = tuple(page.release.constants["power_state"])
    narrowed = []
    for row in rows:
        start = states_of(row.start)
        wanted = states if start.task_state is not None else states.having("task_state", None)
        both = start.narrow(wanted)
        if not both.is_empty:
            narrowed.append(replace(row, start=start_of(both, powers)))
    return list(_joined(narrowed))


def _joined(rows: Iterable[Reaction]) -> Iterator[Reaction]:
    """Rows as one that now differ only in one kind of state."""
    groups: dict[Reaction, list[Reaction]] = {}
    for row in rows:
        key = replace(row, start=replace(row.start, vm_states=None, task_states=None))
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        first, *others = group
        fewer = minimise((states_of(row.start) for row in group), ("vm_state", "task_state"))
        if others and len(fewer) == 1:
            both = start_of(fewer[0].having("power_state", None))
            yield replace(first, start=replace(both, power_states=first.start.power_states))
        else:
            yield from group


def _section(
    page: Writer, kind: ReactionKind, rows: list[Reaction], columns: tuple[StateKind, ...], texts: list[str]
) -> PageSection | None:
    """The rows as a table, what usually happens first; failures and a setting for nearly all servers folded below."""
    if not rows and not texts:
        return None
    reactions = page.queries.reactions(kind)
    folded = [row for row in rows if is_failure(row) or reactions.is_widespread(page.release, row)]
    shown = sorted((row for row in rows if row not in folded), key=lambda row: not is_usual(row))
    tables = (
        reaction_table(page, kind, shown, columns),
        reaction_table(page, kind, folded, columns, page.words("otherwise_count", count=len(folded))),
    )
    target = POWER_SYNC if kind == "power_sync" else STARTUP
    return PageSection(
        id="power-sync" if kind == "power_sync" else "restart",
        title=page.words("power_sync" if kind == "power_sync" else "restart"),
        texts=tuple(texts),
        tables=tuple(table for table in tables if table.rows),
        more=(Link(text=page.words(f"matrix_{kind}"), href=page.urls.to(target)),),
    )


def reaction_table(
    page: Writer, kind: ReactionKind, rows: Iterable[Reaction], columns: tuple[StateKind, ...], fold: str = ""
) -> Table:
    """Rows with the states they start from, what is done, since when, and where it stands.

    Args:
        page: Writes its texts and links.
        kind: Which of the two things that Nova does by itself.
        rows: One a line, in order.
        columns: Fields of the states to show.
        fold: What stands on the table while it is folded; empty: it is open.
    """
    rows = tuple(rows)
    has_condition = any(row.condition for row in rows)
    head = [*columns, page.words("effect"), page.words("then")]
    head += [page.words("condition")] if has_condition else []
    return Table(
        head=(*head, page.words("place")),
        rows=tuple(
            (
                *(_states(page, column, row) for column in columns),
                effect_items(page, kind, row),
                then_items(page, row.end),
                *((condition_items(page, kind, row),) if has_condition else ()),
                (page.place(page.release.version, row.evidence),),
            )
            for row in rows
        ),
        fold=fold,
    )


def effect_items(page: Writer, kind: ReactionKind, row: Reaction) -> CellContent:
    """What is done, and since when where that is not always."""
    word = page.words(f"effect_{row.effect}")
    if page.lens is not None:
        return (word,)
    since = page.since(page.queries.reactions(kind).runs(row, combinations_of(page.release, row)))
    return (word, f"· {page.words('since', version=since)}") if since else (word,)


def _states(page: Writer, kind: StateKind, row: Reaction) -> CellContent:
    found = states_of(row.start).of(kind)
    everything: tuple[str | None, ...] = {
        "vm_state": page.release.vm_states,
        "task_state": (None, *page.release.task_states),
        "power_state": tuple(page.release.constants["power_state"]),
    }[kind]
    if found is None or found.issuperset(everything):
        return (page.words("any"),)
    names = choose(everything, found) if kind == "power_state" else ordered(found)
    others = tuple(name for name in everything if name not in found)
    if len(others) <= _FEW < len(names):
        return (page.words("any_but"), *page.states(kind, others))
    if len(names) > _MANY:
        return (*page.states(kind, names[:2]), page.words("and_more", count=len(names) - 2))
    return page.states(kind, names)


def then_items(page: Writer, end: ToState) -> CellContent:
    """The states something leads to."""
    found: list[Link | str] = []
    if end.vm_state != "=":
        found.append(page.link("vm_state", end.vm_state))
    if end.task_state != "=" and end.vm_state != "deleted":
        found.append(page.task(end.task_state))
    return tuple(found) or (page.words("unchanged"),)


def condition_items(page: Writer, kind: ReactionKind, row: Reaction) -> CellContent:
    """A condition in words; its code is one click away."""
    return (page.said(row.condition, kind), page.exact(row.condition)) if row.condition else ()

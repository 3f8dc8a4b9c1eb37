"""Matrices of what Nova does by itself: the power sync and the restart of nova-compute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_states.catalog.reactions import ReactionKind, is_failure
from nova_states.catalog.seen import seen_of
from nova_states.facts.condition import Condition
from nova_states.facts.model import Reaction
from nova_states.pages.automatic_changes import POWER_SYNC, STARTUP, condition_items, effect_items, then_items
from nova_states.pages.components import CellContent, Head, Link, Matrix, MatrixCell, MatrixRow, PageSection, Table
from nova_states.pages.models import MatrixPage
from nova_states.pages.seen_words import reactions_note
from nova_states.pages.writer import Writer

_GRAVE = ("delete", "destroy", "error", "stop", "force_stop")
"""Effects that a user would call a loss."""
_MARK = "*"


def build_power_sync(writer: Writer) -> MatrixPage:
    """vm_state × power_state → what the periodic power sync does."""
    page = writer.on(POWER_SYNC)
    powers = tuple(page.release.constants["power_state"])
    rows = tuple(
        MatrixRow(
            head=page.link("vm_state", vm_state),
            cells=tuple(
                _cell(
                    page, "power_sync", (vm_state, None, (power,)), page.urls.name("vm_state", vm_state, "power-sync")
                )
                for power in powers
            ),
        )
        for vm_state in page.release.vm_states
    )
    matrix = Matrix(
        id="power-sync",
        corner="vm_state × power_state",
        columns=page.states("power_state", powers),
        rows=rows,
        has_words=True,
    )
    return _page(page, "power_sync", matrix)


def build_startup(writer: Writer) -> MatrixPage:
    """task_state × vm_state → what a start of nova-compute does."""
    page = writer.on(STARTUP)
    latest = page.release
    powers = tuple(latest.constants["power_state"])
    rows = []
    for task in (None, *latest.task_states):
        cells = []
        for vm_state in latest.vm_states:
            names = ("vm_state", vm_state) if task is None else ("task_state", task)
            cells.append(_cell(page, "startup", (vm_state, task, powers), page.urls.name(*names, "restart")))
        rows.append(MatrixRow(head=page.task(task), cells=tuple(cells)))
    matrix = Matrix(
        id="restart",
        corner="task_state × vm_state",
        columns=page.states("vm_state", latest.vm_states),
        rows=tuple(rows),
        has_words=True,
    )
    return _page(page, "startup", matrix)


def _page(page: Writer, kind: ReactionKind, matrix: Matrix) -> MatrixPage:
    title, intro = page.words(f"matrix_{kind}"), page.words(f"matrix_{kind}_intro")
    plain = intro.replace("`", "")
    return MatrixPage(
        head=Head(title=title, description=plain, kind="matrix", hide=("toc",)),
        intro=intro,
        legend=tuple(_legend(page, kind)),
        matrices=((matrix.id, title, matrix),),
        release=page.release.version,
        notes=(reactions_note(page, page.release, kind),),
        sections=tuple(_sections(page, kind)),
        history=tuple(_history(page, kind)) if page.lens is None else (),
    )


def _cell(page: Writer, kind: ReactionKind, states: tuple[str, str | None, tuple[str, ...]], href: str) -> MatrixCell:
    """What usually happens in one cell, with a mark where a condition makes it otherwise."""
    reactions = page.queries.reactions(kind)
    vm_state, task_state, powers = states
    effects: dict[str, list[str]] = {}
    others: dict[tuple[str, Condition | None], None] = {}
    for power in powers:
        combination = (vm_state, task_state, power)
        row = reactions.usual_at(page.release, combination)
        if row is not None:
            effects.setdefault(row.effect, []).append(power)
            marked = reactions.marked_at(page.release, combination)
            others.update(dict.fromkeys((other.effect, other.condition) for other in marked))
    sign = " / ".join(_sign(page, effect) for effect in effects) + (_MARK if others else "")
    texts = [_effect_text(page, effect, tuple(at), powers) for effect, at in effects.items()]
    for effect, condition in others:
        texts.append(f"{page.words(f'effect_{effect}')} ({page.said(condition, kind).replace('`', '')})")
    names = [vm_state, task_state or page.words("no_task"), *(powers if len(powers) == 1 else ())]
    return MatrixCell(sign=sign, css=_css(effects), href=href, title=f"{' · '.join(names)}: {'; '.join(texts)}")


def _effect_text(page: Writer, effect: str, at: tuple[str, ...], powers: tuple[str, ...]) -> str:
    word = page.words(f"effect_{effect}")
    return word if at == powers else f"{word} ({', '.join(at)})"


def _sign(page: Writer, effect: str) -> str:
    return "–" if effect == "none" else page.words(f"effect_{effect}")


def _css(effects: Iterable[str]) -> str:
    acting = [effect for effect in effects if effect != "none"]
    if not acting:
        return "no"
    return "warn" if any(effect in _GRAVE for effect in acting) else "yes"


def _legend(page: Writer, kind: ReactionKind) -> Iterator[tuple[str, str, str]]:
    yield "–", "no", page.words("legend_none")
    found = {row.effect for row in page.queries.reactions(kind).specific(page.release)} - {"none"}
    for effect in sorted(found):
        yield page.words(f"effect_{effect}"), _css((effect,)), page.words(f"restart_does_{effect}")
    yield _MARK, "", page.words("legend_condition")


def _sections(page: Writer, kind: ReactionKind) -> Iterator[PageSection]:
    reactions = page.queries.reactions(kind)
    every = reactions.everywhere(page.release)
    if every:
        yield _conditions(page, kind, "every", every, page.words("every_server"))
    rows = [row for row in reactions.specific(page.release) if row.condition and not is_failure(row)]
    if rows:
        yield _conditions(page, kind, "conditions", rows, page.words("reaction_conditions"))
    failures = [row for row in reactions.specific(page.release) if is_failure(row)]
    if failures:
        yield _conditions(page, kind, "failures", failures, page.words("reaction_failures"))


def _history(page: Writer, kind: ReactionKind) -> Iterator[PageSection]:
    changes = tuple(_changes(page, kind))
    if changes:
        head = ("task_state", "vm_state", "power_state", page.words("effect"), page.words("release"))
        yield PageSection(id="history", title=page.words("history"), tables=(Table(head=head, rows=changes),))


def _conditions(page: Writer, kind: ReactionKind, identity: str, rows: Iterable[Reaction], title: str) -> PageSection:
    """Each condition once, with what happens then."""
    first: dict[tuple[Condition | None, str, object], Reaction] = {}
    for row in rows:
        first.setdefault((row.condition, row.effect, row.end), row)
    head = (page.words("condition"), page.words("effect"), page.words("then"), page.words("place"))
    return PageSection(
        id=identity,
        title=title,
        tables=(
            Table(
                head=head,
                rows=tuple(
                    (
                        condition_items(page, kind, row),
                        effect_items(page, kind, row),
                        then_items(page, row.end),
                        _known_by(page, row),
                    )
                    for row in first.values()
                ),
            ),
        ),
    )


def _known_by(page: Writer, row: Reaction) -> CellContent:
    """Where a row stands in the source, and whether it was seen running."""
    seen = seen_of(page.release)
    place = page.place(page.release.version, row.evidence)
    return (place, page.words("seen")) if seen and seen.has(row) else (place,)


def _changes(page: Writer, kind: ReactionKind) -> Iterator[tuple[CellContent, ...]]:
    """Cells that have not always been as they are, those that changed alike in one row."""
    reactions = page.queries.reactions(kind)
    powers = tuple(page.release.constants["power_state"])
    groups: dict[tuple[str | None, str, str], dict[str, dict[str, None]]] = {}
    for task in (None, *page.release.task_states):
        for vm_state in page.release.vm_states:
            for power in powers:
                row = reactions.usual_at(page.release, (vm_state, task, power))
                since = page.since(reactions.usual_runs(page.release, (vm_state, task, power)))
                if row is not None and since:
                    groups.setdefault((task, row.effect, since), {}).setdefault(vm_state, {})[power] = None
    alike: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str | None]] = {}
    for (task, effect, since), found in groups.items():
        by_power: dict[tuple[str, ...], list[str]] = {}
        for vm_state, at in found.items():
            by_power.setdefault(tuple(at), []).append(vm_state)
        for at_powers, vm_states in by_power.items():
            alike.setdefault((effect, since, tuple(vm_states), at_powers), []).append(task)
    for (effect, since, vm_names, power_names), tasks in alike.items():
        yield (
            page.states("task_state", tuple(tasks)),
            page.states("vm_state", vm_names),
            (page.words("any"),) if power_names == powers else page.states("power_state", power_names),
            (page.words(f"effect_{effect}"),),
            (page.words("since", version=since),),
        )


def links(page: Writer) -> tuple[Link, ...]:
    """The matrices of this module for lists of matrices."""
    return (
        Link(text=page.words("matrix_power_sync"), href=page.urls.to(POWER_SYNC)),
        Link(text=page.words("matrix_startup"), href=page.urls.to(STARTUP)),
    )

"""Matrices over all names: actions by state, statuses, and guards by release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from nova_states.catalog.equivalence import Era
from nova_states.catalog.permissions import usual_server
from nova_states.catalog.release import Release
from nova_states.facts.guard_check import ServerStates
from nova_states.pages.action_order import ActionRow, in_order, row_label, rows_of
from nova_states.pages.actions import guard_text
from nova_states.pages.components import Head, Link, Matrix, MatrixCell, MatrixRow, PageSection, Table
from nova_states.pages.models import MatrixPage
from nova_states.pages.permission_cells import legend, permission_cell
from nova_states.pages.seen_words import statuses_note
from nova_states.pages.writer import Writer

SHORT, SHARED = "rule", "shared-rows"
"""Ids of the matrix of statuses without what its rows repeat, and of what tells which rows those are."""
GUARDS, STATUSES, GUARD_HISTORY = "matrix/guards/", "matrix/statuses/", "matrix/guard-history/"


def build_guards(writer: Writer) -> MatrixPage:
    """Action × vm_state and action × task_state."""
    page = writer.on(GUARDS)
    release = page.release
    return MatrixPage(
        head=_head(page, "matrix_guards"),
        intro=page.words("matrix_guards_intro"),
        legend=legend(page),
        matrices=(
            ("vm_state", page.words("by_kind", kind="vm_state"), guards_by_vm_state(page, release, "vm_state")),
            ("task_state", page.words("by_kind", kind="task_state"), _guards_by_task_state(page, release)),
        ),
        release=release.version,
        notes=(),
    )


def guards_by_vm_state(page: Writer, release: Release, identity: str) -> Matrix:
    """Where each action is allowed to a launched server with the task the action asks for, usually none."""

    def rows() -> tuple[MatrixRow, ...]:
        return tuple(_guard_rows(page, release, lambda usual: [replace(usual, vm_state=v) for v in release.vm_states]))

    return Matrix(
        id=identity,
        corner=page.words("action"),
        columns=page.states("vm_state", release.vm_states),
        rows=page.keep(("guards by vm_state", page.language, page.urls.page, release.version), rows),
    )


def _guards_by_task_state(page: Writer, release: Release) -> Matrix:
    """Which tasks an action is allowed in, for a launched server whose vm_state fits."""
    columns = (None, *release.task_states)
    return Matrix(
        id="task_state",
        corner=page.words("action"),
        columns=tuple(page.task(task) for task in columns),
        rows=tuple(_guard_rows(page, release, lambda usual: [replace(usual, task_state=task) for task in columns])),
    )


def _guard_rows(
    page: Writer, release: Release, servers_of: Callable[[ServerStates], Iterable[ServerStates]]
) -> Iterator[MatrixRow]:
    """Actions in their order; those that belong together (the consoles) are one row where they are allowed alike.

    Args:
        page: Writes the cells.
        release: Its guards decide.
        servers_of: The server of each cell, of the one that the row's action is usually meant for.
    """
    for row in rows_of(_listed(release)):
        found: dict[tuple[tuple[str, str], ...], list[MatrixRow]] = {}
        for action in row.actions:
            href = page.urls.name("action", action, "guards")
            servers = servers_of(usual_server(release, action))
            cells = tuple(permission_cell(page, release, action, server, href) for server in servers)
            alike = tuple((cell.sign, cell.title.partition(": ")[2]) for cell in cells)
            found.setdefault(alike, []).append(MatrixRow(head=page.link("action", action), cells=cells))
        for rows in found.values():
            yield rows[0] if len(rows) == 1 else _shared(page, row, rows)


def _shared(page: Writer, row: ActionRow, rows: Sequence[MatrixRow]) -> MatrixRow:
    """Equal rows as one, by the name of all, with the way to the first."""
    names = ", ".join(mine.head.text for mine in rows)
    return replace(rows[0], head=replace(rows[0].head, text=row.id, title=f"{row_label(page, row)}: {names}"))


def _listed(release: Release) -> list[str]:
    """Actions that have guards of their own."""
    return [name for name, fact in release.actions.items() if fact.guarded_by == name and release.guards_of(name)]


def build_statuses(writer: Writer) -> MatrixPage:
    """vm_state × task_state → API status."""
    page = writer.on(STATUSES)
    full = statuses_of(page, page.release, "statuses")
    short, shared = folded_rows(page, full, SHORT)
    fold = page.words("statuses_full_fold", rows=len(full.rows))
    return MatrixPage(
        head=_head(page, "matrix_statuses"),
        intro=page.words("matrix_statuses_intro"),
        legend=(),
        matrices=(
            (SHORT, page.words("shown_as"), short),
            ("statuses", page.words("statuses_full"), replace(full, fold=fold)),
        ),
        release=page.release.version,
        notes=(*_meanings(page, page.release), statuses_note(page, page.release)),
        sections=_shared_rows(page, shared),
    )


def folded_rows(page: Writer, matrix: Matrix, identity: str) -> tuple[Matrix, tuple[tuple[str, tuple[Link, ...]], ...]]:
    """A matrix whose equal rows are one, where the first of them stands; the most that are equal are "any other".

    Returns:
        The matrix, and of each row that stands for several its name with theirs.
    """
    alike: dict[tuple[tuple[str, str], ...], list[MatrixRow]] = {}
    for row in matrix.rows:
        alike.setdefault(tuple((cell.sign, cell.css) for cell in row.cells), []).append(row)
    most = max(alike.values(), key=len)
    rows: list[MatrixRow] = []
    shared: list[tuple[str, tuple[Link, ...]]] = []
    # What holds for all others comes last, as one says it.
    for found in sorted(alike.values(), key=lambda found: found is most):
        first, count = found[0], len(found)
        if count == 1:
            rows.append(first)
            continue
        if found is most:
            name = page.words("other_tasks", count=count)
        else:
            name = page.words("first_of_tasks", first=first.head.text, count=count - 1)
        names = ", ".join(row.head.text for row in found)
        head = replace(first.head, text=name, href=f"#{SHARED}", title=names)
        cells = tuple(replace(cell, title=cell.title.replace(first.head.text, name, 1)) for cell in first.cells)
        rows.append(MatrixRow(head=head, cells=cells))
        shared.append((name, tuple(row.head for row in found)))
    return replace(matrix, id=identity, rows=tuple(rows)), tuple(shared)


def _shared_rows(page: Writer, shared: Sequence[tuple[str, tuple[Link, ...]]]) -> tuple[PageSection, ...]:
    """Which tasks each row that stands for several stands for."""
    if not shared:
        return ()
    table = Table(
        head=(page.words("shared_rows_head"), "task_state"),
        rows=tuple(((name,), tasks) for name, tasks in shared),
        fold=page.words("shared_rows_fold", rows=len(shared)),
    )
    return (PageSection(id=SHARED, title=page.words("shared_rows"), tables=(table,)),)


def _meanings(page: Writer, release: Release) -> Iterator[str]:
    """What each status of the matrix means, in one line."""
    pairs = ((vm_state, task) for vm_state in release.vm_states for task in (None, *release.task_states))
    for status in dict.fromkeys(release.status(vm_state, task) for vm_state, task in pairs):
        yield f"`{status}` — {page.explain('status', status).summary[page.language]}"


def statuses_of(page: Writer, release: Release, identity: str) -> Matrix:
    """Tasks down, vm_states across; a task that the status does not tell of is marked."""
    rows = []
    for task in (None, *release.task_states):
        cells = []
        for vm_state in release.vm_states:
            status = release.status(vm_state, task)
            tells = release.status_tells(vm_state, task)
            title = f"{vm_state} · {task or page.words('no_task')}: {status}"
            title = title if tells else f"{title} ({page.words('hides_task')})"
            href = page.urls.name("status", status)
            cells.append(MatrixCell(sign=status, css="" if tells else "no", href=href, title=title))
        rows.append(MatrixRow(head=page.task(task), cells=tuple(cells)))
    columns = page.states("vm_state", release.vm_states)
    return Matrix(id=identity, corner="task_state", columns=columns, rows=tuple(rows))


def build_guard_history(writer: Writer) -> MatrixPage:
    """Releases × actions whose guards changed: the same letter is the same guard."""
    page = writer.on(GUARD_HISTORY)
    changed = [
        action for action in in_order(page.queries.actions) if len(_own_eras(page, action)) > 1 or _came(page, action)
    ]
    rows: list[MatrixRow] = []
    before: dict[str, str] = {}
    for version in page.catalog.versions:
        cells = []
        for action in changed:
            letter, title = _era(page, action, version)
            is_change = before.get(action, letter) != letter
            before[action] = letter
            href = page.urls.name("action", action, "history")
            cells.append(
                MatrixCell(sign=letter, css="warn" if is_change else "", href=href, title=f"{version}: {title}")
            )
        if any(cell.css for cell in cells) or not rows:
            head = Link(text=version, href=page.urls.to(_series_address(page, version), f"v{version}"))
            rows.append(MatrixRow(head=head, cells=tuple(cells)))
    matrix = Matrix(
        id="history",
        corner=page.words("release"),
        columns=tuple(page.link("action", action) for action in changed),
        rows=tuple(rows),
    )
    return MatrixPage(
        head=_head(page, "matrix_history"),
        intro=page.words("matrix_history_intro"),
        legend=(
            ("A", "", page.words("legend_guards_first")),
            ("B", "warn", page.words("legend_guards_changed")),
            ("–", "", page.words("legend_guards_missing")),
        ),
        matrices=(("history", page.words("guard_changes"), matrix),),
        release="",
        notes=tuple(_letters(page, action) for action in changed),
    )


def _came(page: Writer, action: str) -> bool:
    return any(action not in page.catalog.release(version).actions for version in page.catalog.versions)


def _own_eras(page: Writer, action: str) -> list[Era]:
    """The eras of an action's guards that reach into the releases the reference speaks of."""
    return [era for era in page.queries.eras_of(action) if not era.versions.isdisjoint(page.catalog.versions)]


def _era(page: Writer, action: str, version: str) -> tuple[str, str]:
    """Letter and text of the guards an action has in a version."""
    for number, era in enumerate(_own_eras(page, action)):
        if version in era.versions:
            return _letter(number), f"{action}: {_era_text(page, action, era)}".replace("`", "")
    return "–", f"{action}: {page.words('removed')}"


def _letters(page: Writer, action: str) -> str:
    """What each letter of an action stands for: tips are neither printed nor seen by touch."""
    eras = enumerate(_own_eras(page, action))
    told = " · ".join(f"`{_letter(number)}` {_era_text(page, action, era)}" for number, era in eras)
    return f"`{action}` — {told}"


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _era_text(page: Writer, action: str, era: Era) -> str:
    """The guards that an action has in releases that have the same; without them, whether it is there at all."""
    if action not in era.release.actions:
        return page.words("removed")
    guards = era.release.guards_of(action)
    return "; ".join(dict.fromkeys(guard_text(page, guard) for guard in guards)) or page.words("guards_none")


def _series_address(page: Writer, version: str) -> str:
    codename = next(series.codename for series in page.catalog.series if series.has(version))
    return f"series/{codename}/"


def _head(page: Writer, key: str) -> Head:
    title = page.words(key)
    intro = page.words(f"{key}_intro").replace("`", "")
    return Head(title=title, description=intro, kind="matrix", hide=("toc",))

"""A table of contents for each kind of name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nova_states.catalog.permissions import certain_guards
from nova_states.facts.model import StateKind
from nova_states.pages.action_order import ActionRow, groups_of, part_label, row_label
from nova_states.pages.components import Head, Link
from nova_states.pages.models import IndexPage, IndexRow
from nova_states.pages.urls import index_address
from nova_states.pages.writer import Writer


def build_index(writer: Writer, kind: str) -> IndexPage:
    """The table of a kind."""
    page = writer.on(index_address(kind))
    explanation = page.explain("kind", kind)
    columns, rows = _ROWS[kind](page)
    return IndexPage(
        head=Head(
            title=f"{explanation.label[page.language]} ({kind})",
            description=explanation.summary[page.language].replace("`", ""),
            kind=kind,
            label=page.words("all_of", kind=kind),
            aliases=explanation.aliases[page.language],
        ),
        kind=kind,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        columns=columns,
        rows=tuple(rows),
        release=page.release.version,
    )


def _row(page: Writer, kind: str, name: str, extra: str, more: tuple[Link, ...]) -> IndexRow:
    return IndexRow(
        link=page.link(kind, name),
        label=page.label(kind, name),
        summary=page.summary(kind, name),
        extra=extra,
        more=more,
        since=page.since(page.queries.runs_of_name(kind, name)),
    )


def _states(page: Writer, kind: StateKind) -> tuple[tuple[str, str], Iterator[IndexRow]]:
    def rows() -> Iterator[IndexRow]:
        for constant in page.release.constants[kind].values():
            if kind == "power_state":
                extra = f"{constant.value} · 0x{int(constant.value):02x}"
                yield _row(page, kind, constant.name, extra, ())
            elif kind == "vm_state":
                status = page.release.status(str(constant.value), None)
                yield _row(page, kind, str(constant.value), "", (page.link("status", status),))
            else:
                known = [o for o in constant.operations if o in page.release.actions]
                more = tuple(page.link("action", o) for o in known)
                yield _row(page, kind, str(constant.value), "", more)

    heads = {
        "power_state": (page.words("number"), ""),
        "vm_state": ("", page.words("shown_word")),
        "task_state": ("", page.words("operation")),
    }
    return heads[kind], rows()


def _statuses(page: Writer) -> tuple[tuple[str, str], Iterator[IndexRow]]:
    def rows() -> Iterator[IndexRow]:
        for name in page.release.statuses:
            behind = [
                vm_state
                for vm_state, entries in page.release.status_map.items()
                if any(entry.status == name for entry in entries.values())
            ]
            yield _row(page, "status", name, "", page.states("vm_state", tuple(behind)))

    return ("", "vm_state"), rows()


def _actions(page: Writer) -> tuple[tuple[str, str], Iterator[IndexRow]]:
    def rows() -> Iterator[IndexRow]:
        for group in groups_of(page, page.lens.actions if page.lens else page.queries.actions):
            for row in group.rows:
                yield replace(_action_row(page, row), group=group.label)

    return ("", page.words("with_vm")), rows()


def _action_row(page: Writer, row: ActionRow) -> IndexRow:
    """An action, or several that belong together: one row, with each as a part of it."""
    name = row.id if row.id in page.queries.actions else row.actions[0]
    release = page.lens or page.queries.newest_with(name)
    asking = (guard for part in row.actions for guard in certain_guards(release, part) if guard.mode == "allow")
    states = tuple(dict.fromkeys(state for guard in asking for state in guard.vm_states or ()))
    gone = "" if any(part in page.release.actions for part in row.actions) else page.words("removed")
    found = _row(page, "action", name, gone, page.states("vm_state", states))
    if len(row.actions) == 1:
        return found
    parts = tuple(replace(page.link("action", part), text=part_label(page, row, part)) for part in row.actions)
    return replace(found, link=replace(found.link, text=row.id), label=row_label(page, row), parts=parts, since="")


def _groups(page: Writer) -> tuple[tuple[str, str], Iterator[IndexRow]]:
    def rows() -> Iterator[IndexRow]:
        groups = page.lens.groups.values() if page.lens else (group for group, _ in page.queries.groups.values())
        for group in groups:
            yield _row(
                page, "group", group.name, page.said(group.condition, "groups"), page.states(group.kind, group.values)
            )

    return ("", page.words("values")), rows()


_ROWS = {
    "power_state": lambda page: _states(page, "power_state"),
    "vm_state": lambda page: _states(page, "vm_state"),
    "task_state": lambda page: _states(page, "task_state"),
    "status": _statuses,
    "action": _actions,
    "group": _groups,
}

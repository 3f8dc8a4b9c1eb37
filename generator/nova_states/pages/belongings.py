"""What belongs to an action or a state around it: errors that can end it, events, migrations' statuses, log lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_states.catalog.around_states import (
    causes_of,
    events_of,
    events_telling,
    functions_changing,
    functions_of,
    log_messages_of,
    migration_statuses_of,
    qualified_name,
)
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import is_aside
from nova_states.explanations.file_names import file_stem
from nova_states.facts.model import Event, LogMessage, MigrationStatus, StateKind, Transition
from nova_states.pages.components import CellContent, Link, PageSection, Table
from nova_states.pages.log_messages import effect_text
from nova_states.pages.record_links import (
    ERRORS,
    EVENTS,
    LOG,
    MIGRATION_STATUSES,
    error_link,
    event_link,
    has_page,
    log_link,
    migration_status_link,
)
from nova_states.pages.writer import Writer


def action_belongings(page: Writer, release: Release, action: str) -> Iterator[PageSection]:
    """The errors that an action can end in, and what it leaves behind."""
    errors = causes_of(release, action)
    if errors:
        yield _errors(page, errors, page.words("belongs_errors"))
    functions = functions_of(release, action)
    written = migration_statuses_of(release, functions)
    statuses = [
        status for status in release.facts("migration_statuses") if status in written or action in status.wanted_by
    ]
    tables = _tables(page, events_of(release, action), statuses, log_messages_of(release, functions))
    yield from _records(page, page.words("belongs_records_intro"), tables)


def state_belongings(page: Writer, kind: StateKind, name: str) -> Iterator[PageSection]:
    """The errors that servers can have in a state, and what is left behind by what leads to it and away."""
    release = page.release
    changes = tuple(_changes(release, kind, name))
    errors = {error: None for action in _actions(page, changes) for error in causes_of(release, action)}
    explained = [error for error in errors if has_page(page, error)]
    if explained and (kind == "task_state" or name == _ERROR):
        fold = page.words("belongs_errors_count", count=len(explained))
        yield _errors(page, explained, page.words("belongs_errors_here"), fold)
    if kind == "power_state":
        lines = log_messages_of(release, frozenset(_looking_at(release, name)))
        yield from _records(page, page.words("belongs_power_intro"), _tables(page, (), (), lines))
        return
    functions = functions_changing(changes)
    tables = _tables(
        page,
        events_telling(release, functions),
        migration_statuses_of(release, functions),
        log_messages_of(release, functions),
    )
    yield from _records(page, page.words("belongs_state_intro"), tables)


def _looking_at(release: Release, power_state: str) -> Iterator[str]:
    """Functions of the power sync that look for a power_state."""
    for reaction in release.facts("power_sync"):
        if reaction.start.power_states is not None and power_state in reaction.start.power_states:
            yield qualified_name(reaction.evidence)


_ERROR = "error"
"""The vm_state that errors end in."""


def _actions(page: Writer, changes: Iterable[Transition]) -> list[str]:
    """The actions among what makes changes."""
    return [name for name in dict.fromkeys(change.action for change in changes) if name in page.release.actions]


def _changes(release: Release, kind: StateKind, name: str) -> Iterator[Transition]:
    """What brings servers into a state: tasks by whatever sets or ends them, vm_states by what succeeds in it."""
    for change in release.facts("transitions"):
        if kind == "vm_state" and change.end.vm_state == name and (name == _ERROR or not is_aside(change)):
            yield change
        tasks = change.start.task_states if change.start is not None else None
        if kind == "task_state" and (change.end.task_state == name or (tasks is not None and name in tasks)):
            yield change


def _errors(page: Writer, errors: Iterable[str], title: str, fold: str = "") -> PageSection:
    """Errors that are explained with what they are called, perhaps folded; all others always are."""
    found = list(errors)
    explained = [error for error in found if has_page(page, error)]
    others = [error for error in found if error not in explained]
    tables = []
    if explained:
        rows = tuple(((error_link(page, error),), (page.summary("error", error),)) for error in explained)
        tables.append(Table(head=(page.words("error"), page.words("summary")), rows=rows, fold=fold))
    if others:
        links: CellContent = tuple(error_link(page, error) for error in others)
        more_errors = page.words("belongs_errors_more", count=len(others))
        tables.append(Table(head=(page.words("error"),), rows=((links,),), fold=more_errors))
    more = (Link(text=page.words("errors_all"), href=page.urls.to(ERRORS)),)
    return PageSection(id="errors", title=title, tables=tuple(tables), more=more)


def _tables(
    page: Writer, events: Iterable[Event], statuses: Iterable[MigrationStatus], lines: Iterable[LogMessage]
) -> Iterator[Table]:
    names = dict.fromkeys(event.name for event in events)
    if names:
        yield Table(
            head=(page.words("belongs_events"), page.words("summary")),
            rows=tuple(((event_link(page, name),), (page.summary("event", name),)) for name in names),
        )
    values = dict.fromkeys(status.value for status in statuses)
    if values:
        yield Table(
            head=(page.words("belongs_migrations"), page.words("summary")),
            rows=tuple(
                ((migration_status_link(page, value),), (page.summary("migration_status", file_stem(value)),))
                for value in values
            ),
        )
    found = list(lines)
    if found:
        yield Table(
            head=(page.words("log_level"), page.words("message"), page.words("effect")),
            rows=tuple(
                (
                    (f"`{line.level}`",),
                    (log_link(page, line),),
                    (effect_text(page, line.effect),) if line.effect else (),
                )
                for line in found
            ),
            fold=page.words("belongs_log", count=len(found)),
        )


def _records(page: Writer, intro: str, tables: Iterable[Table]) -> Iterator[PageSection]:
    found = tuple(tables)
    if found:
        more = (
            Link(text=page.words("events_all"), href=page.urls.to(EVENTS)),
            Link(text=page.words("migration_statuses_all"), href=page.urls.to(MIGRATION_STATUSES)),
            Link(text=page.words("log_all"), href=page.urls.to(LOG)),
        )
        yield PageSection(id="records", title=page.words("belongs_records"), texts=(intro,), tables=found, more=more)

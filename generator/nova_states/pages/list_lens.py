"""Pages of statuses, groups and exceptions, and lists of names, as any release has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from nova_states.catalog.around_states import actions_by_function
from nova_states.catalog.fact_ids import FactIds
from nova_states.catalog.release import Release
from nova_states.facts.ids import STATE_KINDS
from nova_states.pages.errors import (
    build_error_index,
    end_fields,
    error_initials,
    fact_fields,
    letter_fields,
)
from nova_states.pages.events import build_events
from nova_states.pages.groups import group_fields
from nova_states.pages.host_statuses import build_host_statuses
from nova_states.pages.indexes import build_index
from nova_states.pages.lens import LensPage, LensPages, LensPart, always
from nova_states.pages.lens_names import named
from nova_states.pages.log_messages import build_log
from nova_states.pages.migration_statuses import build_migration_statuses
from nova_states.pages.models import PageModel
from nova_states.pages.options import OPTIONS, build_options
from nova_states.pages.record_links import (
    DRIVER_LOG,
    ERRORS,
    EVENTS,
    HOST_STATUSES,
    LOG,
    MIGRATION_STATUSES,
    has_page,
    letter_address,
)
from nova_states.pages.statuses import allowed_behind, allowed_fields, meaning_fields
from nova_states.pages.urls import address, index_address
from nova_states.pages.writer import Writer

_Key = Callable[[FactIds, str], Hashable]


def _whole(*kinds: str) -> _Key:
    """All facts of some kinds."""
    return lambda ids, version: ids.whole(version, *kinds)


def _log_key(ids: FactIds, version: str) -> Hashable:
    """The lines, and the actions that functions belong to."""
    kinds = ("events", "transitions", "actions")
    functions = ids.derived(
        version, kinds, "actions by function", lambda release: tuple(actions_by_function(release).items())
    )
    return ids.whole(version, "log_messages"), functions


LISTS: tuple[tuple[str, Callable[[Writer], PageModel], str, tuple[str, ...], _Key], ...] = (
    (ERRORS, build_error_index, "error_index", ("explained", "letters"), _whole("errors")),
    (MIGRATION_STATUSES, build_migration_statuses, "migration_statuses", ("rows",), _whole("migration_statuses")),
    (EVENTS, build_events, "events", ("parts_of_page",), _whole("events", "transitions", "states")),
    (HOST_STATUSES, build_host_statuses, "host_statuses", ("rows",), _whole("host_statuses")),
    *((target, partial(build_log, target=target), "log", ("files",), _log_key) for target in (LOG, DRIVER_LOG)),
    (OPTIONS, build_options, "options", ("rows",), _whole("options")),
)
"""Address, builder, template, its variables, and what decides about it; in the order of the site."""

_INDEXES = {
    **dict.fromkeys(STATE_KINDS, ("states", "statuses", "actions")),
    "status": ("states", "statuses"),
    "action": ("actions", "guards"),
    "group": ("groups",),
}
"""Kind of name → the kinds of facts that its table reads."""


def list_pages(writer: Writer) -> LensPages:
    """Lists of names, and the pages of those that have few parts."""
    newest = writer.latest.version
    for target, build, template, variables, decides in LISTS:
        yield _list_page(target, newest, template, decides, partial(_of_model, build, variables))
    for kind, kinds in _INDEXES.items():
        fields = partial(_of_model, partial(build_index, kind=kind), ("columns", "rows"))
        yield _list_page(index_address(kind), newest, "index", _whole(*kinds), fields)
    for name in writer.latest.statuses:
        yield _status_page(name, newest)
    for key, (group, version) in writer.queries.groups.items():
        part = LensPart(
            name="values",
            template="group",
            key=partial(_rows, "groups", group.name),
            fields=partial(_of_group, group.name),
        )
        has = partial(_has, "groups", group.name)
        yield LensPage(address=address("group", key), shown=version, has=has, parts=(part,))
    yield from _error_pages(writer)


def _list_page(
    target: str,
    newest: str,
    template: str,
    key: _Key,
    fields: Callable[[Writer, Release], dict[str, Any]],
) -> LensPage:
    part = LensPart(name="list", template=template, key=key, fields=fields, is_of_all=True)
    return LensPage(address=target, shown=newest, has=always, parts=(part,))


def _of_model(
    build: Callable[[Writer], PageModel], variables: tuple[str, ...], page: Writer, _release: Release
) -> dict[str, Any]:
    model = build(page)
    return {name: getattr(model, name) for name in variables}


def _rows(kind: str, name: str, ids: FactIds, version: str) -> Hashable:
    return ids.of(version, kind, name, named)


def _has(kind: str, name: str, ids: FactIds, version: str) -> bool:
    return bool(ids.of(version, kind, name, named))


def _of_group(name: str, page: Writer, release: Release) -> dict[str, Any]:
    return group_fields(page, release, name)


def _status_page(name: str, newest: str) -> LensPage:
    meaning = LensPart(
        name="meaning",
        template="status_meaning",
        key=_whole("states", "statuses"),
        fields=lambda page, _release: meaning_fields(page, name),
    )
    allowed = LensPart(
        name="allowed",
        template="status_allowed",
        key=partial(_allowed_key, name),
        fields=lambda page, _release: allowed_fields(page, name),
    )
    has = partial(_has_status, name)
    return LensPage(address=address("status", name), shown=newest, has=has, parts=(meaning, allowed))


def _has_status(name: str, ids: FactIds, version: str) -> bool:
    return name in ids.derived(version, ("statuses",), "statuses", lambda release: release.statuses)


def _allowed_key(name: str, ids: FactIds, version: str) -> Hashable:
    kinds = ("states", "statuses", "guards", "actions")
    return ids.derived(version, kinds, ("behind", name), lambda release: allowed_behind(release, name))


def _error_pages(writer: Writer) -> LensPages:
    for name, known in writer.queries.named("errors").items():
        if has_page(writer, name):
            facts = LensPart(
                name="facts",
                template="error_facts",
                key=partial(_fact_key, name),
                fields=lambda page, _release, name=name: fact_fields(page, name),  # type: ignore[misc]
                is_of_all=True,  # the page tells all wordings that there were
            )
            ends = LensPart(
                name="ends",
                template="error_ends",
                key=partial(_end_key, name),
                fields=lambda page, _release, name=name: end_fields(page, name),  # type: ignore[misc]
            )
            yield LensPage(
                address=address("error", name),
                shown=known.release.version,
                has=partial(_has, "errors", name),
                parts=(facts, ends),
            )
    for initial, names in error_initials(writer).items():
        told = tuple(name for name in names if not has_page(writer, name))
        key = partial(_letter_key, names, told)
        yield _list_page(
            letter_address(initial),
            writer.latest.version,
            "error_letter",
            key,
            lambda page, _release, initial=initial: letter_fields(page, initial),  # type: ignore[misc]
        )


def _fact_key(name: str, ids: FactIds, version: str) -> Hashable:
    rows = ids.of(version, "errors", name, named)
    bases = tuple(base for fact in ids.facts("errors", rows) for base in fact.bases)
    known = tuple(base for base in bases if ids.of(version, "errors", base, named))
    patterns = tuple(fact.pattern for fact in ids.facts("errors", rows))
    return rows, known, tuple(ids.of(version, "translations", pattern or "", _translated) for pattern in patterns)


def _end_key(name: str, ids: FactIds, version: str) -> Hashable:
    causes = ids.facts("fault_causes", ids.of(version, "fault_causes", name, _error))
    return (
        tuple(sorted({action for cause in causes for action in cause.actions})),
        ids.of(version, "refusals", name, _errors),
        ids.of(version, "raise_sites", name, _error),
    )


def _letter_key(names: tuple[str, ...], told: tuple[str, ...], ids: FactIds, version: str) -> Hashable:
    facts = tuple(ids.of(version, "errors", name, named) for name in names)
    return facts, tuple(_end_key(name, ids, version) for name in told)


def _error(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - causes of faults and places that raise
    return (fact.error,)


def _errors(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - refusals
    found: tuple[str, ...] = fact.errors
    return found


def _translated(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - translations
    return (fact.pattern,)

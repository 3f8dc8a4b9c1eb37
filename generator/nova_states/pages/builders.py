"""All pages of the site in one language, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from nova_states.explanations.errata import ErrataFile
from nova_states.facts.ids import STATE_KINDS
from nova_states.pages.about import HOW, SOURCES, build_lookup
from nova_states.pages.action_order import in_order
from nova_states.pages.actions import build_action
from nova_states.pages.compare import build_compare
from nova_states.pages.errata import ERRATA, build_errata
from nova_states.pages.errors import build_error, build_error_letter, error_initials
from nova_states.pages.groups import build_group
from nova_states.pages.home import build_home
from nova_states.pages.indexes import build_index
from nova_states.pages.list_lens import LISTS
from nova_states.pages.matrix_lens import MATRICES
from nova_states.pages.models import PageModel
from nova_states.pages.record_links import ERRORS, has_page, letter_address
from nova_states.pages.section_indexes import plan_section_indexes
from nova_states.pages.series import build_series, build_series_index
from nova_states.pages.sources import build_how, build_sources
from nova_states.pages.states import build_state
from nova_states.pages.statuses import build_status
from nova_states.pages.urls import COMPARE, HOME, LOOKUP, address, index_address
from nova_states.pages.writer import Writer

Build = Callable[[], PageModel]


def build_pages(writer: Writer, errata: Sequence[ErrataFile]) -> Iterator[tuple[str, PageModel]]:
    """Address below the language and model of every page."""
    for target, build in plan_pages(writer, errata):
        yield target, build()


def plan_pages(writer: Writer, errata: Sequence[ErrataFile]) -> Iterator[tuple[str, Build]]:
    """The same, with what builds the model: nothing is read of a text before."""
    yield HOME, partial(build_home, writer)
    yield LOOKUP, partial(build_lookup, writer)
    yield COMPARE, partial(build_compare, writer)
    yield from plan_section_indexes(writer)
    yield ERRATA, partial(build_errata, writer, errata)
    for kind in STATE_KINDS:
        yield index_address(kind), partial(build_index, writer, kind)
        for constant in writer.latest.constants[kind].values():
            name = constant.name if kind == "power_state" else str(constant.value)
            yield address(kind, name), partial(build_state, writer, kind, constant)
    yield index_address("status"), partial(build_index, writer, "status")
    for name in writer.latest.statuses:
        yield address("status", name), partial(build_status, writer, name)
    yield index_address("action"), partial(build_index, writer, "action")
    for name in in_order(writer.queries.actions):
        yield address("action", name), partial(build_action, writer, name)
    yield index_address("group"), partial(build_index, writer, "group")
    for key in writer.queries.groups:
        yield address("group", key), partial(build_group, writer, key)
    yield from _around_states(writer)
    for target, build, _ in MATRICES:
        yield target, partial(build, writer)
    yield index_address("series"), partial(build_series_index, writer)
    for series in reversed(writer.catalog.series):
        yield address("series", series.codename), partial(build_series, writer, series)
    yield HOW, partial(build_how, writer)
    yield SOURCES, partial(build_sources, writer)


def _around_states(writer: Writer) -> Iterator[tuple[str, Build]]:
    """What stands around the states: exceptions, migrations, events, logs, options."""
    for target, build, *_ in LISTS:
        yield target, partial(build, writer)
        if target == ERRORS:
            yield from _errors(writer)


def _errors(writer: Writer) -> Iterator[tuple[str, Build]]:
    for name in writer.queries.named("errors"):
        if has_page(writer, name):
            yield address("error", name), partial(build_error, writer, name)
    for initial in error_initials(writer):
        yield letter_address(initial), partial(build_error_letter, writer, initial)

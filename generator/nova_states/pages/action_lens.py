"""The pages of actions, as any release has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any

from packaging.version import Version

from nova_states.catalog.around_states import functions_changing, outermost
from nova_states.catalog.fact_ids import FactIds, RowIds
from nova_states.facts.model import Action
from nova_states.pages import actions
from nova_states.pages.action_order import in_order
from nova_states.pages.lens import LensPage, LensPages, LensPart
from nova_states.pages.lens_names import (
    TELLINGS,
    acts_on,
    asked,
    named,
    of_actions,
    own_id,
    parent,
    values,
    wanted_by,
)
from nova_states.pages.record_links import has_page
from nova_states.pages.seen_words import seen_key
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer
from nova_states.stories.failures import named_errors

_Key = Callable[[FactIds, str, str], Hashable]


def action_pages(writer: Writer) -> LensPages:
    """The page of each action."""
    for name in in_order(writer.queries.actions):
        yield LensPage(
            address=address("action", name),
            shown=writer.queries.newest_with(name).version,
            has=partial(_has, name),
            parts=tuple(_parts(writer, name)),
        )


def _parts(writer: Writer, name: str) -> Iterable[LensPart]:
    keys: tuple[tuple[str, _Key, Callable[..., dict[str, Any]]], ...] = (
        ("story", partial(_story_key, writer), actions.story_fields),
        ("rules", _seen_rule_key, actions.rule_fields),
        ("requests", _action_key, actions.request_fields),
        ("refusal", _refusal_key, actions.refusal_fields),
        ("conditions", _action_key, actions.condition_fields),
        ("around", _around_key, actions.around_fields),
    )
    for part, key, fields in keys:
        yield LensPart(
            name=part,
            template=f"action_{part}",
            key=lambda ids, version, key=key: key(ids, version, name),  # type: ignore[misc]
            fields=lambda page, release, fields=fields: fields(page, release, name),  # type: ignore[misc]
        )


def _has(name: str, ids: FactIds, version: str) -> bool:
    return bool(ids.of(version, "actions", name, own_id))


def _action(ids: FactIds, version: str, name: str) -> Action:
    (found,) = ids.facts("actions", ids.of(version, "actions", name, own_id))
    action: Action = found
    return action


def _action_key(ids: FactIds, version: str, name: str) -> Hashable:
    return ids.of(version, "actions", name, own_id)


def transition_ids(ids: FactIds, version: str, name: str) -> RowIds:
    """The transitions of an action, or of the one whose guards and code it shares."""
    mine = ids.of(version, "transitions", name, asked)
    return mine or ids.of(version, "transitions", _action(ids, version, name).guarded_by, asked)


def _story_key(writer: Writer, ids: FactIds, version: str, name: str) -> Hashable:
    """Its rows, and what its words name: bounds that were reached, and options with their defaults."""
    words = writer.explanations.stories.steps(name)
    limits = [limit for one in words for limit in one.limits or ()]
    spans = [(one.since, one.until) for one in words] + [(limit.since, limit.until) for limit in limits]
    bounds = {bound for span in spans for bound in span if bound is not None}
    options = dict.fromkeys(limit.option for limit in limits)
    return (
        sum(Version(bound) <= Version(version) for bound in bounds),
        transition_ids(ids, version, name),
        tuple(ids.of(version, "options", option, named) for option in options),
        ids.whole(version, "states"),
        ids.whole(version, "statuses"),
        _faults(writer, ids, version, name),
        seen_key(version),
    )


def _faults(writer: Writer, ids: FactIds, version: str, name: str) -> Hashable:
    """What a story says of faults: whether its action can end in one, and which of the errors that it names are told.

    Of other exceptions many come and go from release to release.
    """
    rows = transition_ids(ids, version, name)
    (action,) = {row.action for row in ids.facts("transitions", rows)} or {name}
    named = ids.derived(
        version, ("transitions", "actions"), ("errors named", name), lambda release: named_errors(release, name)
    )
    causes = ids.of(version, "fault_causes", action, of_actions)
    recorded = {fact.error for fact in ids.facts("fault_causes", causes)}
    return bool(recorded), tuple(sorted(error for error in named & recorded if has_page(writer, error)))


def _seen_rule_key(ids: FactIds, version: str, name: str) -> Hashable:
    return _rule_key(ids, version, name), seen_key(version)


def _rule_key(ids: FactIds, version: str, name: str) -> Hashable:
    parts = ids.of(version, "actions", name, parent)
    names = (name, _action(ids, version, name).guarded_by, *(fact.id for fact in ids.facts("actions", parts)))
    return (
        _action_key(ids, version, name),
        parts,
        tuple(ids.of(version, "guards", one, asked) for one in names),
        ids.of(version, "options", f"action:{name}", acts_on),
        ids.whole(version, "states"),
    )


def _refusal_key(ids: FactIds, version: str, name: str) -> Hashable:
    refusals = ids.of(version, "refusals", name, asked)
    errors = {error: None for fact in ids.facts("refusals", refusals) for error in fact.errors}
    return (
        _rule_key(ids, version, name),
        refusals,
        tuple(ids.of(version, "errors", error, named) for error in errors),
        ids.whole(version, "messages"),
        seen_key(version),
    )


def _around_key(ids: FactIds, version: str, name: str) -> Hashable:
    events = ids.of(version, "events", name, of_actions)
    told = (event.function for event in ids.facts("events", events) if event.function is not None)
    changing = functions_changing(ids.facts("transitions", transition_ids(ids, version, name)))
    functions = sorted({outermost(function) for function in (*told, *changing)})
    causes = ids.of(version, "fault_causes", name, of_actions)
    wanted = ids.of(version, "migration_statuses", name, wanted_by)
    return (
        tuple(event.name for event in ids.facts("events", events)),
        tuple(fact.error for fact in ids.facts("fault_causes", causes)),
        tuple(fact.value for fact in ids.facts("migration_statuses", wanted)),
        *(values(ids, version, kind, functions, TELLINGS[kind]) for kind in ("migration_statuses", "log_messages")),
    )

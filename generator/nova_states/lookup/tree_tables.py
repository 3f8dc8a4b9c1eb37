"""Puts a Nova of one's own into the compiled tables: it answers as a release does, with all that is said of those.

Only what its source decides is compiled anew. Advice and texts stay, so nothing here reads an explanation, and an
installed nova-states can do it. What no release has is listed (`TablesView.is_new`): no text speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from nova_states.catalog.release import Release
from nova_states.facts.model import Gap
from nova_states.facts.state_set import FIELDS, StateSet
from nova_states.lookup.action_paths import wish_table
from nova_states.lookup.patience import patience_table
from nova_states.lookup.refusals import action_names, error_table, message_patterns, other_names
from nova_states.lookup.rules import Rule, verdict_rules
from nova_states.lookup.table_compiler import TableCompiler

RESTS_ON: Final = (
    "states",
    "actions",
    "guards",
    "statuses",
    "messages",
    "options",
    "power_sync",
    "startup",
    "transitions",
    "errors",
    "fault_causes",
    "refusals",
    "translations",
    "log_messages",
)
"""Kinds of facts that the tables are made of."""
_WITHOUT_WHICH: Final = ("states", "actions", "guards", "statuses")
"""Those of them without which every answer would be wrong."""
_UNEXPLAINED: Final = ("vm_state", "power_state")
"""Kinds of states of which it takes a text to tell whether they are fine. In a task something goes on, whichever."""


def unanswerable(release: Release) -> tuple[str, Gap | None] | None:
    """A kind of facts without which nothing can be answered and of which none was read, with the reason if there is."""
    is_read = {kind: bool(release.facts(kind)) for kind in _WITHOUT_WHICH} | {"states": all(release.constants.values())}
    missing = next((kind for kind in _WITHOUT_WHICH if not is_read[kind]), None)
    return None if missing is None else (missing, next(iter(release.gaps.get(missing, ())), None))


def tables_with(release: Release, stored: Mapping[str, Any], messages: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with a release that is not in them; in `versions` it stands alone.

    Args:
        release: All kinds of facts of it; one that `unanswerable` finds nothing to say of.
        stored: The tables of all releases with the texts of a language.
        messages: `nova_states.lookup.message_patterns` of all releases.
    """
    compiler = TableCompiler(document_key=lambda *_: None)
    tables = compiler.tables_of([release])
    names = other_names(action_names([release]))
    new = _new_names(release, stored, messages)
    return {
        **stored,
        **tables,
        # A paste may have the words of any release: they are then told to be none of this one.
        "states": [*tables["states"], *stored["states"]],
        "statuses": [*tables["statuses"], *stored["statuses"]],
        "verdicts": [compiler.rule(rule) for rule in _verdict_rules(release, stored, new)],
        "patience": _both_patience(release, stored["patience"]),
        "wishes": _either(stored["wishes"], wish_table(stored["wishes"], [release])),
        "messages": _distinct([*message_patterns([release]), *stored["messages"]]),
        "names": _either(stored["names"], names),
        "sets": compiler.sets.values,
        "new": new,
    }


def _new_names(release: Release, stored: Mapping[str, Any], messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """Kind → names of a release that no other has."""
    states = stored["states"]
    pairs: dict[str, tuple[Iterable[str], set[str]]] = {
        "vm_state": (release.vm_states, {value for table in states for value in table["vm_state"]}),
        "task_state": (release.task_states, {value for table in states for value in table["task_state"]}),
        "power_state": (
            (constant.name for constant in release.power_states.values()),
            {name for table in states for _, name, _ in table["power_state"]},
        ),
        "status": (release.statuses, {word for table in stored["statuses"] for word in table["rows"]}),
        "action": (release.actions, set(stored["names"])),
        "error": (
            (*error_table([release]), *(error.name for error in release.bare("errors") if error.pattern)),
            {name for name, *_ in messages["errors"]},
        ),
    }
    return {kind: sorted(set(own) - known) for kind, (own, known) in pairs.items()}


def _verdict_rules(release: Release, stored: Mapping[str, Any], new: Mapping[str, list[str]]) -> tuple[Rule, ...]:
    """The rules for the states of all releases and of this one; that what no text explains is fine, nobody says."""
    own = verdict_rules([release])
    *rules, last = (_united(rule, row, stored["sets"]) for rule, row in zip(own, stored["verdicts"], strict=True))
    unexplained = (StateSet(**{kind: frozenset(new[kind])}) for kind in _UNEXPLAINED if new[kind])
    return (*rules, *(Rule(says="unknown", states=states) for states in unexplained), last)


def _united(rule: Rule, row: list[Any], sets: list[list[str | None]]) -> Rule:
    """A rule for the states that it has here or there."""
    fields: dict[str, frozenset[str | None] | None] = {}
    for kind, place in zip(FIELDS, row[1:], strict=True):
        states = rule.states.of(kind)
        fields[kind] = None if states is None or place < 0 else frozenset({*states, *sets[place]})
    return Rule(says=rule.says, states=StateSet(**fields))


def _both_patience(release: Release, stored: Mapping[str, Any]) -> dict[str, Any]:
    own: Mapping[str, Any] = patience_table(release.task_states)
    return {**stored, "tasks": stored["tasks"] | own["tasks"]}


def _either(first: Mapping[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Names that stand for what they stand for in one or the other."""
    return {name: sorted({*first.get(name, ()), *second.get(name, ())}) for name in dict.fromkeys((*first, *second))}


def _distinct(patterns: Iterable[list[object]]) -> list[list[object]]:
    return list({str(pattern[0]): pattern for pattern in patterns}.values())

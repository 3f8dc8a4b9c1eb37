"""Turns the facts of all releases into the tables that the command line and the page look answers up in.

Releases that behave alike share a table: most changes of Nova touch none of this. Plain JSON, so that the same bytes
serve both. A set of states is written once and named by its place in `sets`; -1 is "any".
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.explanations.advice_rules import AdviceRule, VerdictRule, load_advice
from nova_states.facts.model import States
from nova_states.facts.state_set import FIELDS, ordered
from nova_states.lookup.action_paths import find_action_paths, settled_changes, wish_table
from nova_states.lookup.next_steps import NextStep, steps_of
from nova_states.lookup.patience import patience_table
from nova_states.lookup.permission_tables import Decisions, PermissionTable, note_table, status_table
from nova_states.lookup.reading.grammar import compile_grammar
from nova_states.lookup.refusals import action_names, error_table, message_patterns, only_of_builds
from nova_states.lookup.rules import Rule, verdict_rules
from nova_states.lookup.situation import BUILD
from nova_states.lookup.task_outcomes import task_steps
from nova_states.memo import Memo

SCHEMA = 4

_STEPS_OF: Final = ("transitions", "power_sync", "startup", "options")
"""Kinds of facts that tell what happens by itself."""


@dataclass(kw_only=True)
class _Pool:
    """Distinct values in the order in which they were first seen."""

    values: list[object] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)

    def place(self, key: Hashable, value: object) -> int:
        """Where the value stands, put there if its key is new."""
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


def compile_tables(catalog: Catalog) -> dict[str, Any]:
    """Everything the lookup reads but its texts (`nova_states.lookup.texts`)."""
    return _Compiler(catalog=catalog).compile()


@dataclass(kw_only=True)
class _Compiler:
    catalog: Catalog
    sets: _Pool = field(default_factory=_Pool)
    states: _Pool = field(default_factory=_Pool)
    statuses: _Pool = field(default_factory=_Pool)
    decisions: _Pool = field(default_factory=_Pool)
    notes: _Pool = field(default_factory=_Pool)
    paths: _Pool = field(default_factory=_Pool)
    steps: _Pool = field(default_factory=_Pool)
    places: _Pool = field(default_factory=_Pool)
    sequences: _Pool = field(default_factory=_Pool)
    _memo: Memo = field(default_factory=Memo)

    def compile(self) -> dict[str, Any]:
        catalog = self.catalog
        decider = Decisions()
        versions = {version: self._version(catalog.release(version), decider) for version in catalog.versions}
        return {
            "schema": SCHEMA,
            "latest": catalog.latest,
            "series": [[series.name, series.codename, list(series.major)] for series in catalog.series],
            "parts": ["states", "statuses", "decisions", "notes", "ways", "steps"],
            "versions": versions,
            "states": self.states.values,
            "statuses": self.statuses.values,
            "decisions": self.decisions.values,
            "notes": self.notes.values,
            "ways": self.paths.values,
            "steps": {
                "fields": [
                    "cause",
                    "vm_states",
                    "task_states",
                    "power_states",
                    "effect",
                    "to",
                    "what",
                    "condition",
                    "certainty",
                    "place",
                ],
                "rows": self.steps.values,
                "places": self.places.values,
                "sequences": self.sequences.values,
            },
            "verdicts": [self._rule(rule) for rule in verdict_rules(catalog)],
            "verdicts_beside": [_verdict_rule(rule) for rule in load_advice().verdicts],
            "advice": [_advice_rule(rule) for rule in load_advice().rules],
            "causes": [
                *([cause.name, list(cause.errors), list(cause.texts)] for cause in load_advice().causes),
                [BUILD, only_of_builds(self._releases()), []],
            ],
            "patience": patience_table(
                task for version in catalog.versions for task in catalog.release(version).task_states
            ),
            "wishes": wish_table(catalog),
            "messages": message_patterns(catalog),
            "names": action_names(catalog),
            "grammar": compile_grammar(),
            "errors": error_table(self._releases()),
            "sets": self.sets.values,
        }

    def _releases(self) -> Iterator[Release]:
        return (self.catalog.release(version) for version in self.catalog.versions)

    def _version(self, release: Release, decider: Decisions) -> list[int]:
        """The place of the release's table in each of the parts."""
        states = {
            "vm_state": list(release.vm_states),
            "task_state": list(release.task_states),
            "power_state": [[number, fact.name, fact.label] for number, fact in release.power_states.items()],
        }
        statuses, notes = status_table(release), note_table(release)
        decisions = decider.table(release)
        return [
            self.states.place(repr(states), states),
            self.statuses.place(repr(statuses), statuses),
            self.decisions.place(decisions.key, decisions.plain),
            self.notes.place(repr(notes), notes),
            self._paths(release, decisions),
            self._steps(release),
        ]

    def _paths(self, release: Release, decisions: PermissionTable) -> int:
        source = self.catalog.document_key("transitions", release.version)
        changes = self._memo.once(("changes", source), lambda: settled_changes(release))
        paths = self._memo.once(
            ("paths", decisions.key, changes),
            lambda: find_action_paths(decisions.plain, list(release.vm_states), changes),
        )
        return self.paths.place(repr(paths), paths)

    def _steps(self, release: Release) -> int:
        """A sequence of rows, with lines told as the distance to the row before: versions then differ by little."""
        sources = tuple(self.catalog.document_key(kind, release.version) for kind in _STEPS_OF)
        steps = self._memo.once(
            ("steps", sources), lambda: (*task_steps(release.facts("transitions")), *steps_of(release))
        )
        rows: list[int] = []
        lines: list[int] = []
        before = 0
        for step in steps:
            row = self._row(step)
            rows.append(self.steps.place(repr(row), row))
            lines.append(step.evidence.line - before)
            before = step.evidence.line
        return self.sequences.place((tuple(rows), tuple(lines)), [rows, lines])

    def _row(self, step: NextStep) -> list[Any]:
        place = [step.evidence.file, step.evidence.function]
        return [
            step.cause,
            self._set(step.start.vm_states),
            self._set(step.start.task_states),
            self._set(step.start.power_states),
            step.effect,
            [step.end.vm_state, step.end.task_state] if step.end else None,
            step.what,
            step.condition,
            step.certainty,
            self.places.place(tuple(place), place),
        ]

    def _rule(self, rule: Rule) -> list[Any]:
        fields = (rule.states.of(kind) for kind in FIELDS)
        sets = [self._set(None if states is None else ordered(states)) for states in fields]
        return [rule.says, *sets]

    def _set(self, states: States) -> int:
        return -1 if states is None else self.sets.place(states, list(states))


def _advice_rule(rule: AdviceRule) -> list[Any]:
    when = {attribute: list(words) for attribute, words in rule.when.items()}
    return [rule.advice, rule.record, when, list(rule.allows), rule.final]


def _verdict_rule(rule: VerdictRule) -> list[Any]:
    return [rule.verdict, rule.record, {attribute: list(words) for attribute, words in rule.when.items()}]

"""Turns the facts of all releases into the tables that the command line and the page look answers up in.

Releases that behave alike share a table: most changes of Nova touch none of this. Plain JSON, so that the same bytes
serve both. A set of states is written once and named by its place in `sets`; -1 is "any".

What happens by itself differs between point releases mostly by line. Rows are numbered as they stand in Nova's files,
and a release's lines are told in this order, each as the distance to the one before: code that was put in changes one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import count, pairwise, takewhile
from typing import TYPE_CHECKING, Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import HOSTLESS
from nova_states.facts.model import States
from nova_states.facts.releases import load_releases
from nova_states.facts.state_set import FIELDS, ordered
from nova_states.lookup.action_paths import find_action_paths, settled_changes, wish_table
from nova_states.lookup.next_steps import NextStep, steps_of
from nova_states.lookup.patience import patience_table
from nova_states.lookup.permission_tables import Decisions, PermissionTable, note_table, status_table
from nova_states.lookup.reading.grammar_compilation import compile_grammar
from nova_states.lookup.refusals import action_names, message_patterns, only_of_builds, other_names
from nova_states.lookup.rules import Rule, verdict_rules
from nova_states.lookup.situation import BUILD
from nova_states.lookup.task_outcomes import task_steps
from nova_states.memo import Memo

if TYPE_CHECKING:
    # It reads YAML, and a tree is compiled where nothing does.
    from nova_states.explanations.advice_rules import AdviceFile, AdviceRule, VerdictRule

SCHEMA = 5

_STEPS_OF: Final = ("transitions", "power_sync", "startup", "options")
"""Kinds of facts that tell what happens by itself."""
_STATUSES_OF: Final = ("statuses", "states")
_NOTES_OF: Final = ("guards", "actions", "states")


@dataclass(kw_only=True)
class _Pool:
    """Distinct values in the order in which they were first seen."""

    values: list[Any] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)

    def place(self, key: Hashable, value: object) -> int:
        """Where the value stands, put there if its key is new."""
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


def compile_tables(catalog: Catalog, advice: AdviceFile, wishes: Iterable[str]) -> dict[str, Any]:
    """Everything the lookup reads but its texts (`nova_states.lookup.texts`).

    Args:
        catalog: All releases.
        advice: To which records advice and verdicts are given.
        wishes: Actions that are asked for their end alone, the useful first.
    """
    compiler = TableCompiler(document_key=catalog.document_key)
    releases = list(catalog.releases())
    return {
        "schema": SCHEMA,
        "latest": catalog.latest,
        "series": [[series.name, series.codename, list(series.major)] for series in catalog.series],
        "older": _older(catalog),
        "microversions": _microversions(catalog),
        **compiler.tables_of(releases),
        "verdicts": [compiler.rule(rule) for rule in verdict_rules(releases)],
        "verdicts_beside": [_verdict_rule(rule) for rule in advice.verdicts],
        "advice": [_advice_rule(rule) for rule in advice.rules],
        "causes": [
            *([cause.name, list(cause.errors), list(cause.texts)] for cause in advice.causes),
            [BUILD, only_of_builds(releases), []],
        ],
        "hostless": list(HOSTLESS),
        "patience": patience_table(task for release in releases for task in release.task_states),
        "wishes": wish_table(wishes, releases),
        "messages": message_patterns(releases),
        "names": other_names(action_names(releases)),
        "grammar": compile_grammar(),
        "sets": compiler.sets.values,
    }


def _older(catalog: Catalog) -> list[str]:
    """Names of the series before the first that facts tell of, oldest first."""
    named = list(takewhile(lambda series: series not in catalog.series, load_releases()))
    return list(dict.fromkeys(name for series in named for name in (series.name, series.codename)))


def _microversions(catalog: Catalog) -> list[list[str]]:
    """The highest microversion and the newest version of each series, oldest first: by it a cloud tells its release."""
    newest = (catalog.release(catalog.versions_of(series)[-1]) for series in catalog.series)
    return [[fact.value, release.version] for release in newest for fact in release.facts("microversions")]


@dataclass(kw_only=True)
class TableCompiler:
    """The tables of some releases, which share what is equal."""

    document_key: Callable[[str, str], Hashable]
    """Kind of fact, version → a key that is equal where the facts are."""
    sets: _Pool = field(default_factory=_Pool)
    states: _Pool = field(default_factory=_Pool)
    statuses: _Pool = field(default_factory=_Pool)
    decisions: _Pool = field(default_factory=_Pool)
    notes: _Pool = field(default_factory=_Pool)
    paths: _Pool = field(default_factory=_Pool)
    steps: _Pool = field(default_factory=_Pool)
    places: _Pool = field(default_factory=_Pool)
    sequences: _Pool = field(default_factory=_Pool)
    """Row → line, in the order in which an answer tells them."""
    _memo: Memo = field(default_factory=Memo)

    def tables_of(self, releases: Iterable[Release]) -> dict[str, Any]:
        """What the releases decide: `versions`, which names tables by their places, and the `parts` that these are."""
        decider = Decisions()
        versions = {release.version: self._version(release, decider) for release in releases}
        return {
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
                "places": self.places.values,
                **self._numbered_steps(),
            },
        }

    def _version(self, release: Release, decider: Decisions) -> list[int]:
        """The place of the release's table in each of the parts."""
        states = {
            "vm_state": list(release.vm_states),
            "task_state": list(release.task_states),
            "power_state": [[number, fact.name, fact.label] for number, fact in release.power_states.items()],
        }
        statuses = self._memo.once(("statuses", self._documents(release, _STATUSES_OF)), lambda: status_table(release))
        notes = self._memo.once(("notes", self._documents(release, _NOTES_OF)), lambda: note_table(release))
        decisions = decider.table(release)
        return [
            self.states.place(repr(states), states),
            self.statuses.place(repr(statuses), statuses),
            self.decisions.place(decisions.key, decisions.plain),
            self.notes.place(repr(notes), notes),
            self._paths(release, decisions),
            self._steps(release),
        ]

    def _documents(self, release: Release, kinds: Iterable[str]) -> tuple[Hashable, ...]:
        return tuple(self.document_key(kind, release.version) for kind in kinds)

    def _paths(self, release: Release, decisions: PermissionTable) -> int:
        source = self.document_key("transitions", release.version)
        changes = self._memo.once(("changes", source), lambda: settled_changes(release))
        paths = self._memo.once(
            ("paths", decisions.key, changes),
            lambda: find_action_paths(decisions.plain, list(release.vm_states), changes),
        )
        return self.paths.place(repr(paths), paths)

    def _steps(self, release: Release) -> int:
        sources = self._documents(release, _STEPS_OF)
        steps = self._memo.once(
            ("steps", sources), lambda: (*task_steps(release.facts("transitions")), *steps_of(release))
        )
        lines: dict[int, int] = {}
        for step in steps:
            row = self._row(step)
            # What a release tells twice stands in two rows, as each has a line of its own.
            number = next(place for n in count() if (place := self.steps.place(f"{n} {row!r}", row)) not in lines)
            lines[number] = step.evidence.line
        return self.sequences.place(tuple(lines.items()), lines)

    def _numbered_steps(self) -> dict[str, Any]:
        """Rows in the order of Nova's files, and for each sequence which of `orders` it has and its lines."""
        sequences: list[dict[int, int]] = self.sequences.values
        newest = {row: line for lines in sequences for row, line in lines.items()}
        rows: list[list[Any]] = self.steps.values
        placed = sorted(newest, key=lambda row: (self.places.values[rows[row][-1]][0], newest[row]))
        numbers = {row: number for number, row in enumerate(placed)}
        orders = _Pool()
        numbered: list[list[Any]] = []
        for lines in sequences:
            order = [numbers[row] for row in lines]
            in_file = [lines[row] for row in sorted(lines, key=numbers.__getitem__)]
            # Most stand where the one before them does: nothing stands for none.
            distances = ",".join(str(b - a or "") for a, b in pairwise([0, *in_file]))
            numbered.append([orders.place(tuple(order), order), distances])
        return {"rows": [rows[row] for row in placed], "orders": orders.values, "sequences": numbered}

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

    def rule(self, rule: Rule) -> list[Any]:
        """A rule with places in `sets`, which grow by what is new."""
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

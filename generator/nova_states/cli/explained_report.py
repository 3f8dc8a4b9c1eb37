"""A record beside what is said of it: what it shares with others in its situation, and what is its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.filling import steps_for_all, values_of
from nova_states.lookup.other_records import OTHER_RECORDS
from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView

_SAID: Final = ("record", "verdict", "why", "steps", "runbook", "advice")
"""What an answer says of a record that tells of no states, but for what its words mean."""


@dataclass(kw_only=True)
class ExplainedReport:
    """A record and what is said of it."""

    report: Report
    states: Mapping[str, Any]
    """What records in the same situation share."""
    is_beside: bool
    """Whether the answer about its server has it already; where each record is told, it is told by itself too."""
    _explainer: Explainer

    @cached_property
    def own(self) -> Mapping[str, Any]:
        """What is said of this one alone, in place of that; most of a fleet is only counted."""
        own, view = self._explainer.own(self.report, self.states), self._explainer.view
        if "new" in view.tables:
            own["unexplained"] = list(_unexplained(self.states, own, view))
        return own

    def whole(self) -> dict[str, Any]:
        """The answer as `explain --format json` prints it."""
        return {"id": self.report.id, "name": self.report.name} | dict(self.states) | dict(self.own)


def explained(report: Report, explainer: Explainer, *, is_beside: bool = False) -> ExplainedReport:
    """A record with its answer."""
    return ExplainedReport(report=report, states=explainer.explain(report), is_beside=is_beside, _explainer=explainer)


def unread_beside(answers: Iterable[ExplainedReport], told: Sequence[ExplainedReport]) -> Iterator[str]:
    """What was not read of a paste most of whose records are counted, but for what those say that are told in full."""
    full = {id(answer) for answer in told}
    return (part for answer in answers if id(answer) not in full for part in answer.report.unread)


def steps_of(answers: Sequence[ExplainedReport]) -> Sequence[Mapping[str, Any]]:
    """The steps for records of which the same is said, with commands for all of them."""
    if len(answers) == 1:
        steps: Sequence[Mapping[str, Any]] = answers[0].own["steps"]
        return steps
    return steps_for_all(answers[0].states["steps"], [values_of(answer.report) for answer in answers])


def alike_groups(answers: Sequence[ExplainedReport]) -> list[list[ExplainedReport]]:
    """Records that tell of no states together with those of which the same is said, in the order of the first."""
    groups: dict[object, list[ExplainedReport]] = {}
    for answer in answers:
        told = json.dumps([answer.states[name] for name in _SAID])
        groups.setdefault(told if answer.report.record in OTHER_RECORDS else id(answer), []).append(answer)
    return list(groups.values())


def _unexplained(states: Mapping[str, Any], own: Mapping[str, Any], view: TablesView) -> Iterator[str]:
    """What an answer names and no release has, as "vm_state:quarantined": no text speaks of it."""
    number = states.get("power_state")
    told = [
        *(("vm_state", state) for state in (states.get("vm_state"), *(states.get("vm_state_candidates") or ()))),
        ("task_state", states.get("task_state")),
        *(("power_state", name) for known, name, _ in view.power_states if known == number),
        ("status", states.get("status")),
        ("error", (own.get("fault") or states.get("refusal") or own).get("error")),
    ]
    yield from dict.fromkeys(f"{kind}:{name}" for kind, name in told if view.is_new(kind, name))

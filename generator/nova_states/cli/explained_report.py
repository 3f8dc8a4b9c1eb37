"""A record beside what is said of it: what it shares with others in its situation, and what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView


@dataclass(kw_only=True)
class ExplainedReport:
    """A record and what is said of it."""

    report: Report
    states: Mapping[str, Any]
    """What records in the same situation share."""
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


def explained(report: Report, explainer: Explainer) -> ExplainedReport:
    """A record with its answer."""
    return ExplainedReport(report=report, states=explainer.explain(report), _explainer=explainer)


def unread_beside(answers: Iterable[ExplainedReport], told: Sequence[ExplainedReport]) -> Iterator[str]:
    """What was not read of a paste most of whose records are counted, but for what those say that are told in full."""
    full = {id(answer) for answer in told}
    return (part for answer in answers if id(answer) not in full for part in answer.report.unread)


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

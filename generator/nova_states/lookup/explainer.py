"""A server's report and a release in, an answer out: pure, and nothing but looking up in the compiled tables.

docs/assets/lookup/answering.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

from nova_states.lookup.report import Report
from nova_states.lookup.situation import situation_of
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.verdict import VERDICTS
from nova_states.lookup.vocabulary import fold, nearest

T = TypeVar("T")

_MILDEST_FIRST: Final = tuple(reversed(VERDICTS))
_NO_STATUS: Final = "UNKNOWN"


@dataclass(kw_only=True)
class Explainer:
    """Answers for one release, in one language. Servers in the same states share an answer."""

    view: TablesView
    texts: Mapping[str, Any]
    """`nova_states.lookup.texts`: advice, and what frees a stuck task."""
    _known: dict[Report, dict[str, Any]] = field(default_factory=dict)

    def explain(self, report: Report) -> dict[str, Any]:
        """The answer as `nova-states explain --format json` prints it, but for the server's id and name."""
        key = replace(report, id=None, name=None)
        if key not in self._known:
            self._known[key] = _Answer(view=self.view, texts=self.texts, report=report).plain()
        return self._known[key]


@dataclass(kw_only=True)
class _Answer:
    view: TablesView
    texts: Mapping[str, Any]
    report: Report
    unknown: list[dict[str, Any]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        view, report = self.view, self.report
        vm_state = self._known("vm_state", report.vm_state, view.vm_states)
        task_state = self._known("task_state", report.task_state, view.task_states)
        given_status = self._known("status", report.status, view.status_words)
        number, power = self._power()
        pairs = self._pairs(vm_state, task_state, given_status)
        statuses = {view.status(*pair) for pair in pairs}
        status = given_status if vm_state is None and given_status else (statuses.pop() if len(statuses) == 1 else None)
        answer = {
            "release": view.version,
            "vm_state": vm_state,
            "task_state": task_state,
            "power_state": number,
            "vm_state_candidates": self._candidates(vm_state, given_status, pairs),
            "status": status,
            **self._decisions(pairs),
            "next": _common(lambda pair: list(view.steps(*pair, power)), pairs),
            "verdict": self._verdict(vm_state, task_state, given_status, pairs, power),
            "unknown": self.unknown,
        }
        answer["advice"] = [
            {"id": advice, "text": self._text(advice, task_state)} for advice in self._advice(answer, pairs, power)
        ]
        answer |= self._help(answer)
        vm_states = {state for state, _ in pairs}
        paths = view.action_paths(vm_states.pop()) if len(vm_states) == 1 else {}
        answer["ways"] = {
            refusal["action"]: paths[refusal["action"]] for refusal in answer["refused"] if refusal["action"] in paths
        }
        answer["notes"] = list(self._notes(answer["allowed"], pairs))
        answer["asked"] = self._asked()
        return answer

    def _known(self, attribute: str, value: str | None, words: Iterable[str]) -> str | None:
        """A value as Nova spells it, or as it is with a note that the release does not know it."""
        if value is None:
            return None
        sought = fold(value)
        found = next((word for word in words if fold(word) == sought), None)
        if found is None:
            self._note_unknown(attribute, value, words)
        return found or value

    def _power(self) -> tuple[int | str | None, str | None]:
        """Nova's number and the name of its constant; a word that is neither stays as it is, without a name."""
        value, powers = self.report.power_state, self.view.power_states
        for number, name, label in powers:
            if value == number or (isinstance(value, str) and fold(value) in (fold(name), fold(label or name))):
                return number, name
        if value is not None:
            self._note_unknown("power_state", value, [name for _, name, _ in powers])
        return value, None

    def _note_unknown(self, attribute: str, value: int | str, words: Iterable[str]) -> None:
        self.unknown.append({"attribute": attribute, "value": value, "nearest": list(nearest(str(value), words))})

    def _pairs(self, vm_state: str | None, task_state: str | None, status: str | None) -> list[tuple[str, str | None]]:
        """The vm_state and task_state the server may be in, given what was told of it."""
        view = self.view
        vm_states = view.vm_states if vm_state is None else (vm_state,)
        is_open = status is not None and vm_state is None
        if not is_open:
            return [(state, task_state) for state in vm_states]
        tasks = (task_state,) if self.report.has_task else (None, *view.task_states)
        pairs = [(state, task) for state in vm_states for task in tasks if view.status(state, task) == status]
        # Without a word of a task none is taken to run, where the status allows for it.
        idle = [pair for pair in pairs if pair[1] is None]
        return idle if idle and not self.report.has_task else pairs

    def _candidates(
        self, vm_state: str | None, status: str | None, pairs: list[tuple[str, str | None]]
    ) -> list[str] | None:
        if vm_state is not None or status is None:
            return None
        return list(dict.fromkeys(state for state, _ in pairs))

    def _decisions(self, pairs: list[tuple[str, str | None]]) -> dict[str, Any]:
        """Actions allowed, and refused, in all states the server may be in; those that depend are in neither."""
        found = [self.view.decisions(*pair, launched=self.report.launched is not False) for pair in pairs]
        allowed: list[str] = []
        refused: list[dict[str, Any]] = []
        for place, action in enumerate(self.view.actions):
            attributes = [decisions[place] for decisions in found]
            if attributes and not any(attributes):
                allowed.append(action)
            elif attributes and all(attributes):
                refused.append({"action": action, **_reason(attributes, pairs)})
        return {"allowed": allowed, "refused": refused}

    def _verdict(
        self,
        vm_state: str | None,
        task_state: str | None,
        status: str | None,
        pairs: list[tuple[str, str | None]],
        power: str | None,
    ) -> str:
        """The mildest verdict of the states the server may be in; unknown where too little is known."""
        is_any_known = vm_state is not None or task_state is not None or status is not None
        if self.unknown or not pairs or not is_any_known:
            return "unknown"
        verdicts = {self.view.verdict(*pair, power) for pair in pairs}
        return next(verdict for verdict in _MILDEST_FIRST if verdict in verdicts)

    def _advice(
        self, answer: Mapping[str, Any], pairs: list[tuple[str, str | None]], power: str | None
    ) -> Iterator[str]:
        view, report = self.view, self.report
        if self.unknown:
            yield "unknown_value"
        if answer["status"] == _NO_STATUS and not self.unknown:
            yield "status_unknown"
        if not pairs or answer["verdict"] == "unknown":
            if not self.unknown and answer["status"] != _NO_STATUS:
                yield "nothing_known"
            return
        if report.vm_state and report.status and report.status != answer["status"]:
            yield "status_differs"
        if len(pairs) > 1:
            yield "several_candidates"
        if any(state == "error" and view.status(state, task) != view.status(state, None) for state, task in pairs):
            yield "hidden_error" if len(pairs) == 1 else "may_hide_error"
        elif all(task and view.status(state, task) == view.status(state, None) for state, task in pairs):
            yield "hidden_task"
        allowed = frozenset(answer["allowed"])
        yield from _common(lambda pair: list(view.advice(situation_of(report, *pair, power), allowed)), pairs)
        if answer["task_state"] in self.texts["stuck"]:
            yield "if_stuck"

    def _help(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Why, what to do, and the runbook: of the first advice that has steps left."""
        allowed = frozenset(answer["allowed"])
        for advice in (item["id"] for item in answer["advice"]):
            name = f"task_state:{answer['task_state']}" if advice == "if_stuck" else f"advice:{advice}"
            helping = self.texts["help"].get(name)
            steps = [step for step in helping["steps"] if step["action"] in (None, *allowed)] if helping else []
            if helping and steps:
                shown = [{name: step[name] for name in ("text", "command", "caution")} for step in steps]
                return {"why": helping["why"], "steps": shown, "runbook": helping["runbook"]}
        return {"why": None, "steps": [], "runbook": None}

    def _text(self, advice: str, task_state: str | None) -> str:
        text: str = self.texts["stuck"][task_state] if advice == "if_stuck" else self.texts["advice"][advice]
        return text

    def _notes(self, allowed: list[str], pairs: list[tuple[str, str | None]]) -> Iterator[dict[str, Any]]:
        """What the states of the server leave open about the actions they allow."""
        for action in allowed:
            conditions, _ = self.view.notes(action, *pairs[0])
            when = _common(partial(self._refusing_when, action), pairs)
            if conditions or when:
                yield {"action": action, "conditions": conditions, "when": when}

    def _refusing_when(self, action: str, pair: tuple[str, str | None]) -> list[str]:
        """Conditions under which an action is refused in some states after all."""
        return self.view.notes(action, *pair)[1]

    def _asked(self) -> dict[str, Any] | None:
        """The action a message told of, and which it may be."""
        asked = self.report.asked
        if asked is None:
            return None
        actions = [action for action in self.view.names(asked.action) if action in self.view.known_actions]
        return {"word": asked.action, "actions": actions, "attribute": asked.attribute, "value": asked.value}


def _reason(attributes: list[str | None], pairs: list[tuple[str, str | None]]) -> dict[str, str | None]:
    """What the 409 names, as far as it is the same for all states the server may be in."""
    attribute = attributes[0] if len(set(attributes)) == 1 else None
    values = {_value(attribute, pair) for pair in pairs}
    return {"attribute": attribute, "value": values.pop() if len(values) == 1 else None}


def _value(attribute: str | None, pair: tuple[str, str | None]) -> str | None:
    return {"vm_state": pair[0], "task_state": pair[1]}.get(attribute or "")


def _common(find: Callable[[tuple[str, str | None]], list[T]], pairs: list[tuple[str, str | None]]) -> list[T]:
    """What holds for all pairs, in the order of the first."""
    if not pairs:
        return []
    first, *others = [find(pair) for pair in pairs]
    return [item for item in first if all(item in other for other in others)]

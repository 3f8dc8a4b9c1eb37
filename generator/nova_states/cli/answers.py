"""Answers as people read them in a terminal: one server in full, many as a summary with the worst first."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.lookup.fleet import count_verdicts, needing_operator
from nova_states.lookup.record_answers import OF_STATES
from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView

_COLOURS: Final = {
    "needs-attention": "31",
    "inconsistent": "33",
    "unknown": "35",
    "in-progress": "36",
    "stable": "32",
}
_BOLD: Final = "1"
_FAINT: Final = "2"
_SERVERS_SHOWN: Final = 20
_RECORDS_SHOWN: Final = 40
_STEPS_SHOWN: Final = 2
"""Steps of one cause that are told; the rest depends on conditions and is counted."""
_PLAIN_NAME: Final = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedReport:
    """A server and what is said of its states."""

    report: Report
    states: Mapping[str, Any]
    own: Mapping[str, Any]
    """What is said of this record alone (`Explainer.own_part`)."""


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@dataclass(kw_only=True)
class Printer:
    """Writes answers in the language of its texts, with colours where a terminal shows them."""

    view: TablesView
    texts: Mapping[str, Any]
    colours: bool = field(default_factory=_has_colours)

    def lines(self, answers: Sequence[ExplainedReport]) -> Iterator[str]:
        """All lines of the output."""
        servers = [answer for answer in answers if answer.report.record == "server"]
        others = [answer for answer in answers if answer.report.record != "server"]
        if len(servers) == 1:
            yield from self._server(servers[0])
        elif servers or not others:
            yield from self._fleet(servers)
        if len(others) > _RECORDS_SHOWN:
            yield self._word("records", count=len(others))
        for number, answer in enumerate(others[:_RECORDS_SHOWN]):
            if servers or number:
                yield ""
            is_alone = len(answers) == 1 and answer.report.record in OF_STATES
            yield from self._server(answer) if is_alone else self._record(answer)
        if answers and answers[0].own["unread"]:
            yield ""
            yield self._word("unread", parts=" · ".join(answers[0].own["unread"]))

    def _record(self, answer: ExplainedReport) -> Iterator[str]:
        """A record that is no server's: what it is, what it says, what that means."""
        name, report = self._name(answer.report), answer.report
        read = report.read or {}
        yield f"{self._paint(name, _BOLD)}  Nova {self.view.version}" if name else f"Nova {self.view.version}"
        yield f"{self._verdict(answer.states['verdict'])}  {self._kind(report)}"
        if report.record in OF_STATES:
            yield f"  {self._states(answer.states)}"
        told = {
            key: value
            for key, value in read.items()
            if isinstance(value, (str, int)) and key not in ("id", "name", "events") and value != report.id
        }
        if told:
            yield "  " + "  ".join(f"{key}: {value}" for key, value in told.items())
        yield from self._own(answer)

    def _kind(self, report: Report) -> str:
        return self._word(f"record_{report.record}", tool=(report.read or {}).get("tool"))

    def _own(self, answer: ExplainedReport) -> Iterator[str]:
        """The fault that was read, and what the record's words mean."""
        fault = (answer.report.read or {}).get("fault") or {}
        if fault.get("message"):
            created = f" ({fault['created']})" if fault["created"] else ""
            yield f"  fault{created}: {fault['message']}"
        if answer.own["why"]:
            yield f"  {_unmarked(answer.own['why'])}"

    def _fleet(self, answers: Sequence[ExplainedReport]) -> Iterator[str]:
        yield self._paint(self._word("summary", count=len(answers)), _BOLD) + f"  Nova {self.view.version}"
        for verdict, count in count_verdicts(answer.states for answer in answers).items():
            yield f"  {self._verdict(verdict)}  {count}"
        groups = needing_operator((answer.report, answer.states) for answer in answers)
        if not groups:
            yield self._word("summary_fine")
            return
        yield ""
        yield self._paint(self._word("summary_first", count=sum(len(servers) for _, servers in groups)), _BOLD)
        for states, servers in groups:
            yield ""
            yield f"{self._verdict(states['verdict'])}  {self._states(states)}"
            yield from (f"    {self._name(report)}" for report in servers[:_SERVERS_SHOWN])
            if len(servers) > _SERVERS_SHOWN:
                yield "    " + self._word("summary_more", count=len(servers) - _SERVERS_SHOWN)
            yield from self._unknown(states)
            yield from (f"  • {_unmarked(advice['text'])}" for advice in states["advice"])

    def _server(self, answer: ExplainedReport) -> Iterator[str]:
        states = answer.states
        name = self._name(answer.report)
        yield f"{self._paint(name, _BOLD)}  Nova {states['release']}" if name else f"Nova {states['release']}"
        yield f"{self._verdict(states['verdict'])}  {self._states(states)}"
        yield f"  {_unmarked(self.texts['verdicts'][states['verdict']][1])}"
        if answer.report.record != "server":
            yield f"  {self._kind(answer.report)}"
        yield from self._own(answer)
        yield from self._unknown(states)
        yield from self._meanings(states)
        yield from self._asked(states)
        yield from self._section("you_can", self._allowed(states, answer.report))
        yield from self._section("not_now", self._refused(states))
        yield from self._section("by_itself", self._next(states))
        yield from self._section("careful", (_unmarked(advice["text"]) for advice in states["advice"]))

    def _states(self, states: Mapping[str, Any]) -> str:
        """STATUS  vm_state / task_state / number CONSTANT."""
        candidates = states["vm_state_candidates"]
        vm_state = states["vm_state"] or "|".join(candidates or []) or "?"
        number = states["power_state"]
        power = next((f"{n} {name}" for n, name, _ in self.view.power_states if n == number), number)
        parts = [vm_state, states["task_state"] or "-", str(power) if power is not None else "?"]
        return f"{self._paint(states['status'] or '?', _BOLD)}  {' / '.join(parts)}"

    def _unknown(self, states: Mapping[str, Any]) -> Iterator[str]:
        for unknown in states["unknown"]:
            nearest = self._word("nearest", words=", ".join(unknown["nearest"])) if unknown["nearest"] else ""
            line = self._word("unknown_value", attribute=unknown["attribute"], value=unknown["value"])
            yield f"  {line} {nearest}".rstrip()

    def _meanings(self, states: Mapping[str, Any]) -> Iterator[str]:
        power = next((name for n, name, _ in self.view.power_states if n == states["power_state"]), None)
        for kind, value in (
            ("vm_state", states["vm_state"]),
            ("task_state", states["task_state"]),
            ("power_state", power),
            ("status", states["status"]),
        ):
            meaning = self.texts["states"][kind].get(value)
            if meaning:
                yield f"  {self._paint(f'{kind} {value}', _BOLD)} ({meaning[0]}): {_unmarked(meaning[1])}"

    def _asked(self, states: Mapping[str, Any]) -> Iterator[str]:
        asked = states["asked"]
        if asked is None:
            return
        refused = {refusal["action"]: refusal for refusal in states["refused"]}
        yield ""
        yield self._paint(self._word("asked", action=asked["word"]), _BOLD)
        for action in asked["actions"]:
            if action in refused:
                yield f"  {action}: {self._reason(refused[action])}{self._path_to(states, refused[action])}"
            elif action in states["allowed"]:
                yield f"  {action} {self._word('asked_allowed')}"

    def _allowed(self, states: Mapping[str, Any], report: Report) -> Iterator[str]:
        notes = {note["action"]: note for note in states["notes"]}
        width = max((len(action) for action in states["allowed"] if action not in self.view.unguarded), default=0)
        others: list[str] = []
        for action in states["allowed"]:
            label, command = self.texts["actions"].get(action, (action, None))
            if not command or action in self.view.unguarded:
                others.append(action)
                continue
            yield f"{action:<{width}}  {_fill(command, report)}" + self._paint(f"  # {label}", _FAINT)
            yield from (
                " " * (width + 2) + self._word("unless", condition=when)
                for when in notes.get(action, {}).get("when", ())
            )
        if others:
            yield self._word("other_actions", count=len(others)) + f": {', '.join(others)}"

    def _refused(self, states: Mapping[str, Any]) -> Iterator[str]:
        groups: dict[str, list[str]] = {}
        for refusal in states["refused"]:
            named = refusal["action"] + self._path_to(states, refusal)
            groups.setdefault(self._reason(refusal), []).append(named)
        yield from (f"{reason}: {', '.join(actions)}" for reason, actions in groups.items())

    def _reason(self, refusal: Mapping[str, Any]) -> str:
        if refusal["attribute"] == "launched_at":
            return self._word("refused_launched")
        if refusal["attribute"] is None or (refusal["value"] is None and refusal["attribute"] == "vm_state"):
            return self._word("refused_unsure")
        return self._word("refused_for", attribute=refusal["attribute"], value=refusal["value"] or "None")

    def _path_to(self, states: Mapping[str, Any], refusal: Mapping[str, Any]) -> str:
        path = states["ways"].get(refusal["action"])
        return f" ({self._word('way', way=' → '.join(path))})" if path else ""

    def _next(self, states: Mapping[str, Any]) -> Iterator[str]:
        causes: dict[str, list[Mapping[str, Any]]] = {}
        for step in states["next"]:
            causes.setdefault(step["cause"], []).append(step)
        for cause, steps in causes.items():
            for step in steps[:_STEPS_SHOWN]:
                place = step["evidence"]
                yield f"{self._word(f'cause_{cause}')}: {self._step(step, states)}" + self._paint(
                    f"  {place['file']}:{place['line']}", _FAINT
                )
            if len(steps) > _STEPS_SHOWN:
                yield f"{self._word(f'cause_{cause}')}: {self._word('more', count=len(steps) - _STEPS_SHOWN)}"

    def _step(self, step: Mapping[str, Any], states: Mapping[str, Any]) -> str:
        words = self.texts["words"]
        parts = [words.get(f"effect_{step['effect']}", step["effect"])]
        end = step["to"] or {"vm_state": "=", "task_state": "="}
        changed = [end[field] or self._word("no_task") for field in ("vm_state", "task_state") if end[field] != "="]
        if changed:
            parts.append(self._word("result", state=" / ".join(changed)))
        if states["power_state"] is None and step["power_states"]:
            parts.append(f"({self._word('if_power', states=', '.join(step['power_states']))})")
        if step["condition"]:
            parts.append(f"({self._word('if', condition=step['condition'])})")
        return " ".join(parts)

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        found = list(lines)
        if found:
            yield ""
            yield self._paint(self._word(title), _BOLD)
            yield from (f"  {line}" for line in found)

    def _verdict(self, verdict: str) -> str:
        return self._paint(self.texts["verdicts"][verdict][0], _COLOURS[verdict])

    def _name(self, report: Report) -> str:
        return " ".join(part for part in (report.id, report.name) if part)

    def _word(self, name: str, **values: object) -> str:
        text: str = self.texts["words"][name]
        return text.format(**values) if values else text

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text


def _unmarked(text: str) -> str:
    """Text without the marks around its code."""
    return text.replace("`", "")


def _fill(command: str, report: Report) -> str:
    """The command for this server, where its id or name can stand in a shell as it is."""
    name = next((part for part in (report.id, report.name) if part and _PLAIN_NAME.fullmatch(part)), None)
    return command.replace("{server}", name) if name else command

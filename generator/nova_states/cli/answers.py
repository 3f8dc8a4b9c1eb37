"""Answers as people read them in a terminal: one server in full, many as a summary with the worst first."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

from nova_states.cli.action_lines import ActionLines
from nova_states.cli.answer_style import BOLD, FAINT, AnswerStyle, unmarked
from nova_states.cli.explained_report import ExplainedReport, alike_groups, steps_of, unread_beside
from nova_states.cli.since import event_lines, since_lines
from nova_states.facts.ids import STATE_KINDS
from nova_states.lookup import fleet
from nova_states.lookup.helping import not_said
from nova_states.lookup.log_lines import ONE_OF
from nova_states.lookup.naming import address_of, names_of, told_of
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_question
from nova_states.lookup.situation import UNKNOWN
from nova_states.lookup.tables_view import ELSEWHERE, TablesView
from nova_states.lookup.triage import OF_A_MOMENT, TELLING, headline_of, refused_of, states_of
from nova_states.lookup.verdict import STABLE

_COLOURS: Final = {
    "needs-attention": "31",
    "inconsistent": "33",
    "refused": "33",
    "unknown": "35",
    "in-progress": "36",
    "stable": "32",
}
_SERVERS_SHOWN: Final = 20
_RECORDS_SHOWN: Final = 40
_STEPS_SHOWN: Final = 2
"""Steps of one cause that are told; the rest depends on conditions and is counted."""


@dataclass(kw_only=True)
class Printer(AnswerStyle):
    """Writes answers in the language of its texts, with colours where a terminal shows them."""

    view: TablesView
    folder: Path | None = None
    """Where the Nova that answers lies, if it is none of the releases."""

    @cached_property
    def _actions(self) -> ActionLines:
        return ActionLines(view=self.view, texts=self.texts, colours=self.colours)

    def lines(self, answers: Sequence[ExplainedReport]) -> Iterator[str]:
        """All lines of the output."""
        asked = [answer for answer in answers if len(answers) > 1 and is_question(answer.report)]
        servers = [answer for answer in answers if answer.report.record == "server" and answer not in asked]
        others = [answer for answer in answers if answer.report.record != "server"]
        if len(servers) > 1:
            # What a list says of its servers has no place for what was refused to one of them.
            others = [*(answer for answer in servers if answer.report.asked), *others]
        for question in asked:
            yield from (*self._record(question), "")
        if len(servers) == 1:
            yield from self._record(servers[0])
        elif servers or not others:
            yield from self._fleet(servers)
        others = list(fleet.worst_first(others, lambda answer: (answer.report.record, answer.states["verdict"])))
        if len(others) > _RECORDS_SHOWN:
            yield self.word("records", count=len(others))
        for number, alike in enumerate(alike_groups(others[:_RECORDS_SHOWN])):
            if servers or number:
                yield ""
            yield from self._record(*alike)
        told = [*asked, *(servers if len(servers) == 1 else ()), *others[:_RECORDS_SHOWN]]
        yield from self._section("unread", unread_beside(answers, told))

    def steps(self, states: Mapping[str, Any], causes: Container[str]) -> Iterator[str]:
        """What happens by itself for some causes, each in one line, without its place in the source."""
        return (self._step(step, states) for step in states["next"] if step["cause"] in causes)

    def _fleet(self, answers: Sequence[ExplainedReport]) -> Iterator[str]:
        """A table for triage, the worst first: what, how many, and what to do."""
        yield self.paint(self.word("summary", count=len(answers)), BOLD) + f"  {self._release()}"
        running = fleet.in_progress((answer, answer.states) for answer in answers)
        # Of many nobody reads the names of those that are well.
        fine = fleet.fine((answer, answer.states) for answer in answers) if len(answers) <= _SERVERS_SHOWN else []
        for verdict, count in fleet.count_verdicts(answer.states for answer in answers).items():
            yield f"  {self._verdict(verdict)}  {count}"
            for states, servers in (one for one in (*running, *fine) if one[0]["verdict"] == verdict):
                yield f"    {self.states_line(states)}  {len(servers)}"
                yield from self._names(servers, "      ")
                stuck = (advice["text"] for advice in states["advice"] if advice["id"] == "if_stuck")
                yield from ("      " + self.word("if_it_stays", text=unmarked(text)) for text in stuck)
                if verdict == STABLE and states["why"]:
                    yield f"      {unmarked(states['why'])}"
        groups = fleet.needing_operator((answer, answer.states) for answer in answers)
        together = fleet.told_together((answer, answer.states) for answer in answers)
        if not groups and not together:
            yield self.word("summary_unless" if running else "summary_fine")
            return
        yield from ([""] if groups else ())
        for word, count in fleet.count_needing(groups).items():
            yield self.paint(self.word(word, count=count), BOLD)
        for states, servers in (*groups, *together):
            yield ""
            yield f"{self._verdict(headline_of(states))}  {len(servers)}  {self._what(servers[0])}"
            yield from self._names(servers, "    ")
            yield from self._unknown(states)
            yield from self._new(servers[0].own)
            yield from (f"  {line}" for line in self._to_do(states, steps_of(servers)))

    def _names(self, servers: Sequence[ExplainedReport], margin: str) -> Iterator[str]:
        yield from (f"{margin}{self._name(server.report)}" for server in servers[:_SERVERS_SHOWN])
        if len(servers) > _SERVERS_SHOWN:
            yield margin + self.word("summary_more", count=len(servers) - _SERVERS_SHOWN)

    def _record(self, answer: ExplainedReport, *alike: ExplainedReport) -> Iterator[str]:
        """One record in full, or several of which the same is said."""
        states = answer.states
        for one in (answer, *alike):
            name = self._name(one.report)
            yield f"{self.paint(name, BOLD)}  {self._release()}" if name else self._release()
            # Who only asks tells of no states.
            yield from [] if is_question(one.report) else [f"{self._verdict(headline_of(states))}  {self._what(one)}"]
        if states["record"] != "server" and "vm_state" in states:
            kind = self.word(f"record_{states['record']}", tool=(answer.report.read or {}).get("tool"))
            yield f"  {': '.join([kind, *refused_of(states)])}"
            yield from (f"  {line}" for line in self._line(states))
        if not alike:
            yield from (f"  {line}" for line in since_lines(answer.own, states, self.texts["words"]))
        if states["why"] or states["verdict"] != UNKNOWN or not answer.own.get("unexplained"):
            yield f"  {unmarked(states['why'] or self.texts['verdicts'][headline_of(states)][1])}"
        if not alike:
            yield from (f"  {line}" for line in event_lines(answer.own))
        yield from self._unknown(states)
        yield from self._new(answer.own)
        yield from self._section("to_do", self._to_do(states, steps_of([answer, *alike]), is_alone=True))
        if "vm_state" in states:
            yield from self._actions.asked(states)
            # Where no state is told, what happens by itself is what may happen to any server.
            if any(states[name] is not None for name in (*STATE_KINDS, "status")):
                yield from self._section("by_itself", self._next(states))
            yield from self._section("you_can", self._actions.allowed(answer))
            yield from self._section("not_now", self._actions.refused(answer))
        yield from self._section("careful", self._details(states))
        named = dict.fromkeys(line for one in (answer, *alike) for line in self._named(one))
        yield from self._section("words_mean", chain(named, self._meanings(states) if "vm_state" in states else ()))
        yield from self._section("unread", (text for one in (answer, *alike) for text in one.own["unread"]))

    def _release(self) -> str:
        return f"Nova {self.view.version}" + (f" ({self.folder})" if self.folder else "")

    def _line(self, states: Mapping[str, Any]) -> Iterator[str]:
        """Of a line of a log: that its states have passed, and what Nova does then."""
        if states["record"] in OF_A_MOMENT and any(states[name] is not None for name in STATE_KINDS):
            yield self.word(OF_A_MOMENT[states["record"]])
        if states.get("effect"):
            effects = [self.word(f"effect_{effect}") for effect in states["effect"].split(ONE_OF)]
            yield self.word("line_effect", effect=self.word("either").join(effects))

    def _what(self, answer: ExplainedReport) -> str:
        """What the record is, in one line."""
        if "vm_state" in answer.states:
            return self.states_line(answer.states)
        told = (answer.own.get(name) for name in TELLING[answer.states["record"]])
        kind = self.word(f"record_{answer.states['record']}")
        return " ".join([self.paint(kind, BOLD), *(str(value) for value in told if value is not None)])

    def _to_do(
        self, states: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], *, is_alone: bool = False
    ) -> Iterator[str]:
        """Why, where it was not said yet; numbered steps with what each costs before its command; where more is."""
        if not is_alone and states["why"]:
            yield unmarked(states["why"])
        for number, step in enumerate(steps, 1):
            yield f"{number}. {unmarked(step['text'])}"
            if step["caution"]:
                yield "   " + self.paint(self.word("caution", text=unmarked(step["caution"])), _COLOURS["inconsistent"])
            yield from (f"   $ {command}" for command in (step["command"] or "").split("\n") if command)
        if states["runbook"]:
            yield self.word("runbook", slug=states["runbook"])

    def _details(self, states: Mapping[str, Any]) -> Iterator[str]:
        """The advice without what was said of it above."""
        for advice in states["advice"]:
            text = not_said(advice["text"], states["why"] or "").strip()
            if text:
                yield unmarked(text)

    def states_line(self, states: Mapping[str, Any]) -> str:
        """STATUS  vm_state / task_state / number CONSTANT."""
        powers = {number: name for number, name, _ in self.view.power_states}
        return f"{self.paint(states['status'] or '?', BOLD)}  {states_of(states, powers)}"

    def _unknown(self, states: Mapping[str, Any]) -> Iterator[str]:
        for unknown in states.get("unknown", ()):
            nearest = self.word("nearest", words=", ".join(unknown["nearest"])) if unknown["nearest"] else ""
            line = self.word("unknown_value", attribute=unknown["attribute"], value=unknown["value"])
            yield f"  {line} {nearest}".rstrip()

    def _new(self, own: Mapping[str, Any]) -> Iterator[str]:
        """What the Nova of a folder has and no release, so that nothing is said of it."""
        if own.get("unexplained"):
            names = ", ".join(name.replace(":", " ") for name in own["unexplained"])
            yield f"  {self.word('unexplained', names=names)}"

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
                yield f"{self.paint(f'{kind} {value}', BOLD)} ({meaning[0]}): {unmarked(meaning[1])}"

    def _named(self, answer: ExplainedReport) -> Iterator[str]:
        """What is named beside states, with its address on the site; what was said of it above is not repeated."""
        for kind, name in names_of({**answer.states, **answer.own}):
            address = address_of(kind, name, self.texts)
            if address is None:
                continue
            label, summary = told_of(kind, name, self.texts) or (name, "")
            told = f" ({label})" if label != name else ""
            said = f": {unmarked(summary)}" if summary and summary != answer.states["why"] else ""
            yield f"{self.paint(f'{kind} {name}', BOLD)}{told}{said}" + self.paint(f"  {address}", FAINT)

    def _next(self, states: Mapping[str, Any]) -> Iterator[str]:
        causes: dict[str, list[Mapping[str, Any]]] = {}
        for step in states["next"]:
            causes.setdefault(step["cause"], []).append(step)
        for cause, steps in causes.items():
            for step in steps[:_STEPS_SHOWN]:
                place = step["evidence"]
                yield f"{self.word(f'cause_{cause}')}: {self._step(step, states)}" + self.paint(
                    f"  {place['file']}:{place['line']}", FAINT
                )
            if len(steps) > _STEPS_SHOWN:
                yield f"{self.word(f'cause_{cause}')}: {self.word('more', count=len(steps) - _STEPS_SHOWN)}"

    def _step(self, step: Mapping[str, Any], states: Mapping[str, Any]) -> str:
        words = self.texts["words"]
        parts = [words.get(f"effect_{step['effect']}", step["effect"])]
        end = step["to"] or {"vm_state": "=", "task_state": "="}
        changed = [end[field] or self.word("no_task") for field in ("vm_state", "task_state") if end[field] != "="]
        if changed:
            parts.append(self.word("result", state=" / ".join(changed)))
        if states["power_state"] is None and step["power_states"]:
            parts.append(f"({self.word('if_power', states=', '.join(step['power_states']))})")
        if step["condition"] and step["cause"] != ELSEWHERE:
            told = self.texts["conditions"].get(step["condition"])
            parts.append(f"({unmarked(told or self.word('if', condition=step['condition']))})")
        return " ".join(parts)

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        found = list(lines)
        if found:
            yield ""
            yield self.paint(self.word(title), BOLD)
            yield from (f"  {line}" for line in found)

    def _verdict(self, verdict: str) -> str:
        return self.paint(self.texts["verdicts"][verdict][0], _COLOURS[verdict])

    def _name(self, report: Report) -> str:
        return " ".join(dict.fromkeys(part for part in (report.id, report.name) if part))

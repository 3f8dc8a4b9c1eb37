"""The actions of an answer in a terminal: what was asked for, what is allowed, what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nova_states.cli.answer_style import BOLD, FAINT, AnswerStyle, unmarked
from nova_states.cli.explained_report import ExplainedReport
from nova_states.lookup.filling import fill, values_of
from nova_states.lookup.helping import is_offered
from nova_states.lookup.reach import locked_actions, open_actions
from nova_states.lookup.situation import service_of
from nova_states.lookup.tables_view import TablesView


@dataclass(kw_only=True)
class ActionLines(AnswerStyle):
    """Writes what an answer says of actions."""

    view: TablesView

    def asked(self, states: Mapping[str, Any]) -> Iterator[str]:
        """Of what was asked for, whether it is allowed and which way leads to it."""
        asked = states["asked"]
        if asked is None or (states["refusal"] and states["refusal"]["fulfilled"]):
            return
        refused = {refusal["action"]: refusal for refusal in states["refused"]}
        # What was refused for another reason than a state is not allowed because its state is right.
        is_of_state = states["refusal"] is None or states["refusal"]["attribute"] is not None
        told = [
            f"{action}: {self._reason(refused[action])}{self._path_to(states, refused[action])}"
            if action in refused
            else f"{action} {self.word('asked_allowed')}"
            for action in asked["actions"]
            if action in refused or (action in states["allowed"] and is_of_state)
        ]
        yield from [] if not told else ["", self.paint(self.word("asked", action=asked["word"]), BOLD)]
        yield from (f"  {line}" for line in told)

    def allowed(self, answer: ExplainedReport) -> Iterator[str]:
        """Actions by what they are good for, the useful first; those that need another host status say so."""
        states, uses, notes = answer.states, self.texts["uses"], {one["action"]: one for one in answer.states["notes"]}
        values, service = values_of(answer.report), service_of(answer.own)
        possible = open_actions(states, uses, locked_actions(states, answer.own))
        for purpose, label in self.texts["purposes"].items():
            allowed = [action for action in uses if uses[action][0] == purpose and action in possible]
            if not allowed:
                continue
            told = [action for action in allowed if action not in self.view.unguarded and self._command(action)]
            yield self.paint(label, BOLD) + self._others(told, allowed)
            for action in told:
                name, command = self.texts["actions"][action]
                yield f"  {action:<16}  {fill(command, values)}" + self.paint(f"  # {name}", FAINT)
                if not is_offered(action, uses, None, service):
                    yield f"    {self.word(f'host_{uses[action][1]}')}"
                yield from (f"    {line}" for line in self._unless(action, notes))
        new = [action for action in possible if action not in uses]
        if new:
            yield self.paint(self.word("unexplained_actions"), BOLD)
            for action in new:
                yield f"  {action}"
                yield from (f"    {line}" for line in self._unless(action, notes))

    def _unless(self, action: str, notes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
        """Conditions under which an allowed action is refused after all."""
        told: Mapping[str, str] = self.texts["conditions"]
        for when in notes.get(action, {}).get("when", ()):
            word = "refused_when" if when in told else "unless"
            yield unmarked(self.word(word, condition=told.get(when, when)))

    def _command(self, action: str) -> str | None:
        command: str | None = self.texts["actions"].get(action, (action, None))[1]
        return command

    def _others(self, told: Sequence[str], allowed: Sequence[str]) -> str:
        """Actions that every server allows, by their names."""
        others = [action for action in allowed if action not in told]
        return f": {', '.join(others)}" if others else ""

    def refused(self, answer: ExplainedReport) -> Iterator[str]:
        """Actions by the reason why they are refused."""
        states = answer.states
        locked = locked_actions(states, answer.own)
        groups: dict[str, list[str]] = {self.word("refused_locked"): locked} if locked else {}
        for refusal in states["refused"]:
            groups.setdefault(self._reason(refusal), []).append(refusal["action"] + self._path_to(states, refusal))
        yield from (f"{reason}: {', '.join(actions)}" for reason, actions in groups.items())

    def _reason(self, refusal: Mapping[str, Any]) -> str:
        if refusal["attribute"] == "launched_at":
            return self.word("refused_launched")
        if refusal["attribute"] is None or (refusal["value"] is None and refusal["attribute"] == "vm_state"):
            return self.word("refused_unsure")
        return self.word("refused_for", attribute=refusal["attribute"], value=refusal["value"] or "None")

    def _path_to(self, states: Mapping[str, Any], refusal: Mapping[str, Any]) -> str:
        path = states["ways"].get(refusal["action"])
        return f" ({self.word('way', way=' → '.join(path))})" if path else ""

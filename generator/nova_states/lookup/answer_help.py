"""Why, what to do in steps, and the runbook of an answer, chosen from what is said of all that a record tells.

docs/assets/lookup/answer_help.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nova_states.explanations.file_names import file_stem
from nova_states.lookup.candidates import hidden_tasks, named_tasks, task_ends
from nova_states.lookup.helping import MOST_STEPS, choose_help, joined_steps
from nova_states.lookup.log_lines import help_of
from nova_states.lookup.pasted import pasted_of
from nova_states.lookup.reach import UNBUILT, are_built, fitting_causes, is_deleted, within_reach
from nova_states.lookup.refusal_answers import is_allowed_now, steps_instead, why_refused
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_found, with_cause_told
from nova_states.lookup.situation import SOMEWHERE, UNKNOWN
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.tried import with_tried_told
from nova_states.lookup.verdict import NEEDS_ATTENTION
from nova_states.lookup.wondered import answer_wondered, is_refused

ASK: Final = (
    "openstack server show {server} -c status -c OS-EXT-STS:vm_state -c OS-EXT-STS:task_state -c OS-EXT-STS:power_state"
)
"""The command whose output tells what a status alone does not."""
_SERVER: Final = "server"
_NOTHING: Final = "none"
"""What a start of nova-compute does where it does nothing for certain."""
_CREATE, _DELETE = "create", "delete"
_EVENT_FAILED: Final = "error"
OLD: Final = "advice:fault_old"
"""Said of a fault that is not of now, and so is the cause that it quotes."""
_TWO: Final = ("advice:domain_twice", "advice:runs_elsewhere")
"""What is said before anything else: a guest may run on two hosts."""
_LOCKED: Final = "advice:locked_note"
_IS_LOCKED: Final = "error:InstanceIsLocked"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerHelp:
    """What help for a record rests on, beside its answer."""

    view: TablesView
    texts: Mapping[str, Any]
    report: Report
    words: Mapping[str, str]
    """`nova_states.lookup.situation.words_of`."""
    line: str | None
    """What helps with the line of a log that it is, by name; as the next two, None: there is none."""
    error: str | None
    """With the exception that it tells of."""
    causes: list[str]
    """With the causes that it quotes, and the questions that are asked of it."""
    is_advised: bool
    """Whether there is advice on it whatever the server's states."""

    def choose(
        self,
        answer: Mapping[str, Any],
        names: list[str],
        pairs: list[tuple[str, str | None]],
        status: str | None,
    ) -> dict[str, Any]:
        """Why, what to do, and the runbook; where the paste cannot tell, first the command that would."""
        left = self._left(answer, names, pairs)
        found = self._with_line(self.line) if self.line else self._chosen(answer, names, pairs, status, left)
        said = answer_wondered(self.report, answer, self.words.get("service"), self.texts)
        causes = fitting_causes(self.causes, is_gone=is_deleted(self.report, pairs))
        if said and is_refused(self.report, answer):
            # What is said in general of what is asked is for states in which it can be done.
            causes = [name for name in causes if is_found([name])]
        is_two = any(name in names for name in _TWO)
        is_first = is_two or OLD in names
        told = with_cause_told(found, causes, self.texts, left | {"is_caused": False}, is_old=is_first)
        tried = with_tried_told(self._with_lock(told, names), self.report, answer, self.texts)
        whole = within_reach(tried, self.report, answer, pairs, self.texts)
        # What is asked is answered first, unless that loses data.
        told_first = (whole["why"], said) if is_two else (said, whole["why"])
        return whole | {"why": " ".join(text for text in told_first if text)} if said else whole

    def _left(
        self, answer: Mapping[str, Any], names: Sequence[str], pairs: list[tuple[str, str | None]]
    ) -> dict[str, Any]:
        """What a step may rest on, as `choose_help` asks for it."""
        # A status alone may leave no vm_state open in which it was never built.
        is_built = self.report.launched or are_built(pairs)
        allowed = frozenset(answer["allowed"]) if self._is_any_told(answer) else None
        if is_built and self.error in names:
            # What says to delete it is for a server that was never built.
            allowed = allowed and allowed - {_DELETE}
        if (self.report.read or {}).get("operation", _CREATE) not in (None, _CREATE):
            # So it is of a server that is to be moved, or made again of what it has.
            allowed = (frozenset(self.view.actions) if allowed is None else allowed) - {_DELETE}
        starts = [step["effect"] for step in answer["next"] if step["cause"] == "startup" and step["condition"] is None]
        return {
            "allowed": allowed,
            "service": self.words.get("service"),
            "starts": (starts or [_NOTHING]) if answer["vm_state"] else None,
            "vm_state": answer["vm_state"],
            "is_caused": is_found(self.causes) and OLD not in names,
            "pasted": pasted_of(self.report),
        }

    @staticmethod
    def _is_any_told(answer: Mapping[str, Any]) -> bool:
        return bool(answer["task_state"] or answer["vm_state"] or answer["status"])

    def _chosen(
        self,
        answer: Mapping[str, Any],
        names: list[str],
        pairs: list[tuple[str, str | None]],
        status: str | None,
        left: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The same without causes."""
        task, words, refusal = answer["task_state"], self.texts["words"], answer["refusal"]
        is_any_told = self._is_any_told(answer)
        why = why_refused(refusal, answer, self.texts, task_ends(self.view, pairs)) if refusal else None
        # What is said of an exception is about any server; why this one was refused says more.
        told = self.error if self.report.record != _SERVER and not why and not self._is_explained_by_message() else None
        found = choose_help([told, *names] if told else names, self.texts, **left)
        asking = {"text": words["ask_step"], "command": ASK, "caution": None}
        if told:
            steps = found["steps"]
            # A fault does not say how its server is.
            is_asking = self.report.record == "fault" and not is_any_told and len(steps) < MOST_STEPS
            return found | {"why": self.texts["help"][told][0], "steps": [asking, *steps] if is_asking else steps}
        self._add_beside(found, names, left, task)
        if refusal and why:
            steps = steps_instead(refusal, self.texts)
            is_new = task is not None or is_allowed_now(refusal, answer)
            others = [asking, *found["steps"]] if is_new else found["steps"]
            if refusal["fulfilled"]:
                return {"why": why, "steps": [], "runbook": None}
            steps = [] if is_allowed_now(refusal, answer) else steps
            return found | {"why": why, "steps": steps or others[:MOST_STEPS]}
        is_told = bool(self.causes) and (self.report.record != _SERVER or not is_any_told)
        is_enough = self.is_advised or is_told or self.words.get("listed") == SOMEWHERE
        if answer["ask"] is None or is_enough:
            # What is to be done differs between the vm_states that it may have.
            is_unplaced = answer["verdict"] == NEEDS_ATTENTION and answer["vm_state"] is None and is_any_told
            return found | {"steps": [asking]} if is_unplaced and not (found["steps"] or is_enough) else found
        asked = fitting_causes(self.causes, is_gone=is_deleted(self.report, pairs))
        if asked and not is_found(asked) and not is_refused(self.report, answer):
            # Somebody asks something else: that its states are not all told is not what is to be read first.
            return found | {"steps": [*found["steps"][: MOST_STEPS - 1], asking]}
        hidden = [] if self.report.has_task or status is None else hidden_tasks(self.view, pairs)
        why = words["may_hide"].format(status=status, tasks=named_tasks(hidden)) if hidden else words["cannot_tell"]
        return found | {"why": why, "steps": [asking, *found["steps"][: MOST_STEPS - 1]]}

    def _add_beside(
        self, found: dict[str, Any], names: Sequence[str], left: Mapping[str, Any], task: str | None
    ) -> None:
        """Put to the help what the exception has beside it, and what a move that goes on needs."""
        error, move = self.error, self.words.get("migration_status")
        if error in names:
            # The state's own steps follow those of the exception, if that came first.
            is_first = found["why"] == self.texts["help"][error][0]
            others = [name for name in names if name != error] if is_first else []
            if not is_first and move:
                # What may be lost comes first, and then why it failed.
                found["why"] = f"{found['why']} {self.texts['help'][error][0]}"
                others = [str(error)]
            for name in others:
                found["steps"] = joined_steps(found["steps"], choose_help([name], self.texts, **left)["steps"])
        if self.words.get("event") == _EVENT_FAILED and left["vm_state"] not in UNBUILT:
            # That of the exception is for servers that have failed with it.
            found["runbook"] = None
        if line := help_of(self.words.get("log"), self.texts):
            of_line = choose_help([line], self.texts, **left)
            said = self.texts["words"]["log_said"].format(text=self.texts["help"][line][0])
            found["why"] = f"{found['why']} {said}" if found["why"] else said
            found["steps"] = joined_steps(found["steps"], of_line["steps"])
        if task and move:
            of_move = choose_help([f"migration_status:{file_stem(move)}"], self.texts, **left)
            found["steps"] = joined_steps(found["steps"], of_move["steps"])

    def _with_lock(self, found: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """What helps with a locked server: first who locked it and why, whatever is to be done to it."""
        # What is said of a refusal for the lock has it among its own steps.
        if _LOCKED not in names or not found["steps"] or self.error == _IS_LOCKED:
            return found
        of_lock = choose_help([_LOCKED], self.texts, None, None, pasted=pasted_of(self.report))
        others = [step for step in found["steps"] if step not in of_lock["steps"]]
        why = " ".join(why for why in dict.fromkeys((of_lock["why"], found["why"])) if why)
        most = max(MOST_STEPS, len(found["steps"]))
        return found | {"why": why, "steps": [*of_lock["steps"], *others][:most]}

    def _with_line(self, line: str) -> dict[str, Any]:
        """What is said of a line of a log, and of the exception that it has."""
        left: dict[str, Any] = {"is_caused": is_found(self.causes), "pasted": pasted_of(self.report)}
        found = choose_help([line], self.texts, None, None, **left)
        if self.error is None:
            return found
        of_error = choose_help([self.error], self.texts, None, None, **left)
        return found | {
            "why": " ".join(why for why in (found["why"], of_error["why"]) if why) or None,
            "steps": joined_steps(of_error["steps"], found["steps"]),
        }

    def _is_explained_by_message(self) -> bool:
        """Whether there is advice on a log's message itself, which says more than the exception that it quotes."""
        message = self.words.get("log_message")
        situation = {"record": self.report.record, "log_message": message or UNKNOWN}
        return message is not None and any(self.view.advice(situation, frozenset()))

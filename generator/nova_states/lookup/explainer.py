"""A record and a release in, an answer out: pure, and nothing but looking up in the compiled tables.

docs/assets/lookup/answering.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, Final

from nova_states.lookup.answer_help import ASK, OLD, AnswerHelp
from nova_states.lookup.candidates import common, is_overdue
from nova_states.lookup.clock import seconds_of, time_of
from nova_states.lookup.details import Found, find_details, with_details
from nova_states.lookup.filling import fill, filled_steps, values_of
from nova_states.lookup.helping import is_finding, text_of
from nova_states.lookup.log_lines import LOG, Line, help_of, line_of, slug_of
from nova_states.lookup.other_records import OTHER_RECORDS, explain_record, fields_of, key_of
from nova_states.lookup.pasted import pasted_of
from nova_states.lookup.reach import lack_of
from nova_states.lookup.refusal_answers import asked_action, refusal_of, wish_of
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_found, told_causes, verdict_of
from nova_states.lookup.situation import UNKNOWN, age_of, changed_of, errors_of, situation_of, words_of
from nova_states.lookup.tables_view import ELSEWHERE, TablesView
from nova_states.lookup.verdict import REFUSED, STABLE, VERDICTS
from nova_states.lookup.vocabulary import fold, nearest

_MILDEST_FIRST: Final = tuple(reversed(VERDICTS))
_SERVER: Final = "server"
_NO_STATUS: Final = "UNKNOWN"
_FAULT: Final = "if_fault"
"""Advice whose text and steps are those of the exception that a server's fault is."""
_DELETED: Final = "deleted"
_KEPT: Final = "soft-delete"
"""Of a guest that is off until it is reclaimed, whatever is known of its power."""
_DIFFERS: Final = "status_differs"
_FROM_SERVER: Final = 500
"""From this status of HTTP on the API has failed, and refused nothing."""
_TOOL: Final = "tool"
_FAILED: Final = ("fault", "log", _TOOL)
"""Records of a failure, of which a known cause tells whether somebody has to do something."""
_INNER: Final = ("also", "around", "beside", "follows", "origin", "said", "tried", "wondered", "words")
"""What of `read` only answers rest on."""
_FAULT_KEYS: Final = ("message", "error", "created")
_STATES_OF: Final = attrgetter(*(one.name for one in fields(Report) if one.compare and one.name not in {"id", "name"}))
"""All that a report tells but of which server it is."""


@dataclass(kw_only=True)
class Explainer:
    """Answers for one release, in one language. Servers in the same states share what is said of those."""

    view: TablesView
    texts: Mapping[str, Any]
    """`nova_states.lookup.texts`: advice, and what frees a stuck task."""
    now: int = field(default_factory=lambda: int(time.time()))
    """The present, in seconds since 1970."""
    _known: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def explain(self, report: Report) -> dict[str, Any]:
        """What is said of all records that are in the same situation; commands have their placeholders."""
        details = find_details(self._told(report), report, self.texts)
        if report.record in OTHER_RECORDS:
            key: Any = (key_of(report, self.view, self.now), details)
            if key not in self._known:
                self._known[key] = explain_record(report, self.view, self._detailed(report, details), self.now)
            return self._known[key]
        words = words_of(report, self.view.tables["causes"])
        age = age_of(report, self.now)
        passed = sum(age > limit for limit in self._limits) if age is not None else None
        told = (
            *errors_of(report),
            slug_of(report),
            *map((report.read or {}).get, ("http", "cause", "also", "wondered")),
            tuple((report.read or {}).get("tried", ())),
            pasted_of(report),
            details,
        )
        key = (_STATES_OF(report), tuple(words.items()), passed, told)
        if key not in self._known:
            texts = self._detailed(report, details)
            answer = _Answer(view=self.view, texts=texts, report=report, words=words, age=age)
            self._known[key] = answer.plain()
        return self._known[key]

    def _told(self, report: Report) -> Iterator[str | None]:
        """Names among what helps of all that may say why a record failed."""
        yield from told_causes(report, self.texts)
        yield from (f"error:{error}" for error in errors_of(report))
        yield line_of(report, self.texts).help
        yield help_of(((report.read or {}).get("words") or {}).get("log"), self.texts)

    def _detailed(self, report: Report, details: Sequence[Found]) -> Mapping[str, Any]:
        """The texts with what stands in the message of this record."""
        is_caused = is_found(told_causes(report, self.texts))
        return with_details(self.texts, details, is_caused=is_caused)

    def own(self, report: Report, shared: Mapping[str, Any]) -> dict[str, Any]:
        """What is said of this record alone, in place of what `explain` has under the same keys."""
        read = report.read or {}
        values = values_of(report) if shared["steps"] or shared.get("ask") else {}
        found: dict[str, Any] = {"steps": filled_steps(shared["steps"], values), "unread": list(report.unread)}
        told = ({"record": one.record, "id": one.id, **fields_of(one)} for one in read.get("beside", ()))
        beside = {"beside": list(told)} if report.record == _SERVER or "beside" in read else {}
        if report.record in OTHER_RECORDS:
            return fields_of(report) | found | beside
        if report.record != _SERVER:
            found = {name: value for name, value in read.items() if name not in shared and name not in _INNER} | found
        fault, updated = read.get("fault"), seconds_of(changed_of(report))
        return (
            found
            | beside
            | {
                "ask": fill(shared["ask"], values),
                "since": None if updated is None else time_of(updated),
                "age_seconds": age_of(report, self.now),
                "fault": {name: fault.get(name) for name in _FAULT_KEYS} if fault else None,
                "host_status": read.get("host_status"),
                "host": read.get("host"),
                "locked": read.get("locked"),
                "locked_reason": read.get("locked_reason"),
            }
            | ({"earlier": list(read["earlier"])} if read.get("earlier") else {})
        )

    def tell(self, report: Report) -> dict[str, Any]:
        """The answer as `nova-states explain --format json` prints it."""
        shared = self.explain(report)
        return {"id": report.id, "name": report.name} | shared | self.own(report, shared)

    @cached_property
    def _limits(self) -> tuple[int, ...]:
        patience = self.view.tables["patience"]
        return tuple(sorted({patience["default"], *patience["tasks"].values()}))


@dataclass(kw_only=True)
class _Answer:
    view: TablesView
    texts: Mapping[str, Any]
    report: Report
    words: Mapping[str, str]
    """`words_of`."""
    age: int | None
    unknown: list[dict[str, Any]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        view, report = self.view, self.report
        vm_state = self._known("vm_state", report.vm_state, view.vm_states)
        task_state = self._known("task_state", report.task_state, view.task_states)
        given_status = self._known("status", report.status, view.status_words)
        number, recorded = self._power()
        # What the hypervisor says is newer than what Nova has on record.
        power = self.words.get("hypervisor", recorded)
        pairs = self._pairs(vm_state, task_state, given_status)
        statuses = {view.status(*pair) for pair in pairs}
        status = given_status if vm_state is None and given_status else (statuses.pop() if len(statuses) == 1 else None)
        action = asked_action(report, view, pairs)
        wish = wish_of(action, vm_state, view, has_task=task_state is not None)
        beside = {name: word for name, word in (("action", action), ("wish", wish)) if word is not None}
        situations = [self._situation(pair, power) | beside for pair in pairs]
        are_all_named = vm_state is not None and report.has_task and power is not None
        verdict = self._verdict(
            pairs,
            situations,
            power,
            is_any_told=vm_state is not None or task_state is not None or given_status is not None,
            # Without its vm_state a status and a task may still leave one open: those that are left have to agree.
            # Where there is no host, nothing has a power_state; what waits for its end is off.
            are_all_told=report.has_task and (power is not None or self._need_no_power(pairs)),
        )
        if verdict == STABLE and self._is_contradicted(status):
            # Which of both holds, nobody can tell.
            verdict = UNKNOWN
        is_settled = verdict == UNKNOWN and self._is_settled()
        is_asking = verdict == UNKNOWN and not (is_settled or self.unknown or are_all_named)
        answer = {
            "record": report.record,
            **({"effect": self._line.effect} if report.record == LOG else {}),
            "release": view.version,
            "vm_state": vm_state,
            "task_state": task_state,
            "task_known": report.has_task,
            "power_state": number,
            "vm_state_candidates": self._candidates(vm_state, given_status, pairs),
            "status": status,
            **self._decisions(pairs),
            "next": self._next(pairs, power),
            "verdict": verdict,
            **({"headline": REFUSED} if is_settled else {}),
            "overdue": is_overdue(situations),
            "launched": report.launched,
            "ask": ASK if is_asking else None,
            "unknown": self.unknown,
        }
        # A line's states are those of a moment that has passed: what is said of the line stands for itself.
        is_advised = self._line.help is None
        lack = lack_of(report, pairs, self.words)
        if lack is not None:
            answer["lacks"] = lack
        given = list(self._advice(answer, pairs, situations, is_asking=is_asking)) if is_advised else []
        names = [self._name_of(advice, _only_task(pairs)) for advice in given]
        is_known = is_found(self._causes) and OLD not in names
        answer["advice"] = [
            {"id": advice, "text": text_of(name, self.texts)}
            for advice, name in zip(given, names, strict=True)
            # Nobody reads how to find what is known.
            if not (is_known and is_finding(name, self.texts))
        ]
        vm_states = {state for state, _ in pairs}
        paths = view.action_paths(next(iter(vm_states))) if len(vm_states) == 1 else {}
        wishes = view.tables["wishes"]
        answer["ways"] = {
            name: paths[name]
            for name in (refusal["action"] for refusal in answer["refused"])
            # Nobody is led away to come back to where the server is, nor by what is refused itself.
            if name in paths and not vm_states.issubset(wishes.get(name, ())) and paths[name][0] in answer["allowed"]
        }
        answer["notes"] = list(self._notes(answer["allowed"], pairs))
        answer["asked"] = self._asked()
        answer["refusal"] = refusal_of(report, action, wish, answer, view)
        helping = AnswerHelp(
            view=view,
            texts=self.texts,
            report=report,
            words=self.words,
            line=self._line.help,
            error=self._error,
            causes=self._causes,
            is_advised=bool(self._own_advice),
        )
        return answer | helping.choose(answer, names, pairs, status)

    @cached_property
    def _line(self) -> Line:
        """What is known of the line of a log that the record is."""
        return line_of(self.report, self.texts)

    @cached_property
    def _error(self) -> str | None:
        """What helps with the exception that the record tells of, by name; None: nobody has written of it."""
        names = (f"error:{error}" for error in errors_of(self.report))
        return next((name for name in names if name in self.texts["help"]), None)

    @cached_property
    def _causes(self) -> list[str]:
        """What is said of the causes that the record quotes, by name."""
        return told_causes(self.report, self.texts)

    @property
    def _cause(self) -> str | None:
        """The first of them."""
        return next(iter(self._causes), None)

    def _name_of(self, advice: str, task_state: str | None) -> str:
        """What an advice is called among what helps."""
        by_fact = {_FAULT: self._error, "if_stuck": f"task_state:{task_state}"}
        return by_fact.get(advice) or f"advice:{advice}"

    def _situation(self, pair: tuple[str, str | None], power: str | None) -> dict[str, str]:
        patience = self.view.tables["patience"]
        return situation_of(self.report, (*pair, power), self.words, age=self.age, patience=patience)

    def _own_situation(self) -> dict[str, str]:
        """What is known of a record that is no server, as rules for its kind ask for it."""
        return {"record": self.report.record} | dict(self.words)

    @cached_property
    def _own_advice(self) -> list[str]:
        """Advice on what a log line, a fault or the message of a tool tells of, whatever the server's states."""
        return list(self.view.advice(self._own_situation(), frozenset())) if self.report.record != _SERVER else []

    def _next(self, pairs: list[tuple[str, str | None]], power: str | None) -> list[dict[str, Any]]:
        """What happens by itself; last what happens to what a server left on another host when it was evacuated."""
        steps = common(lambda pair: list(self.view.steps(*pair, power)), pairs)
        return sorted(steps, key=lambda step: step["cause"] == ELSEWHERE)

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
        if vm_state is None and task_state is not None:
            # Whatever task the record of a deleted server has been left with, none runs.
            vm_states = tuple(state for state in vm_states if state != _DELETED)
        is_open = status is not None and (vm_state is None or not self.report.has_task)
        if not is_open:
            return [(state, task_state) for state in vm_states]
        tasks = (task_state,) if self.report.has_task else (None, *view.task_states)
        pairs = [(state, task) for state in vm_states for task in tasks if view.status(state, task) == status]
        if not pairs and vm_state is not None:
            return [(vm_state, task_state)]
        # Without a word of a task none is taken to run, where the status allows for it.
        idle = [pair for pair in pairs if pair[1] is None]
        return idle if idle and not self.report.has_task else pairs

    def _need_no_power(self, pairs: list[tuple[str, str | None]]) -> bool:
        """Whether it has no power_state, or none that anybody asks for."""
        return bool(pairs) and all(state in (*self.view.tables["hostless"], _KEPT) for state, _ in pairs)

    def _candidates(
        self, vm_state: str | None, status: str | None, pairs: list[tuple[str, str | None]]
    ) -> list[str] | None:
        if vm_state is not None or status is None:
            return None
        return list(dict.fromkeys(state for state, _ in pairs))

    def _decisions(self, pairs: list[tuple[str, str | None]]) -> dict[str, Any]:
        """Actions allowed, and refused, in all states the server may be in; those that depend are in neither.

        Of a server of which nothing is told, nobody knows that it has no task.
        """
        report = self.report
        is_idle = report.has_task or report.vm_state is not None or report.status is not None
        new = {one["attribute"] for one in self.unknown} & {"vm_state", "task_state"}
        found = self._guarded(pairs)
        known = self._guarded(self._wide(pairs, new)) if new else found
        allowed: list[str] = []
        refused: list[dict[str, Any]] = []
        for place, action in enumerate(self.view.actions):
            attributes = [decisions[place] for decisions in found]
            reasons = [decisions[place] for decisions in known]
            if attributes and not any(attributes):
                allowed.append(action)
            elif attributes and all([*attributes, *reasons]) and (is_idle or "task_state" not in attributes):
                # Of a value that no release has, nobody knows that it is the reason.
                others = list(dict.fromkeys(reason for reason in reasons if reason not in new))
                refused.append({"action": action, **_reason(others if new and others else attributes, pairs)})
        return {"allowed": allowed, "refused": refused}

    def _guarded(self, pairs: list[tuple[str, str | None]]) -> list[list[str | None]]:
        """What the guards say of each action in each of these states."""
        return [self.view.decisions(*pair, launched=self.report.launched is not False) for pair in pairs]

    def _wide(self, pairs: list[tuple[str, str | None]], new: set[str]) -> list[tuple[str, str | None]]:
        """States with any value of the release in place of one that it does not have: that may be like any of them."""
        return [
            (known, running)
            for vm_state, task in pairs
            for known in (self.view.vm_states if "vm_state" in new else [vm_state])
            for running in (self.view.task_states if "task_state" in new else [task])
        ]

    def _is_contradicted(self, status: str | None) -> bool:
        """Whether the status that was told is not the one that the states have."""
        report = self.report
        return bool(report.vm_state and report.status) and report.status != status

    def _is_settled(self) -> bool:
        """Whether why a request was refused is told: that is settled, whatever else is not known of the server."""
        report = self.report
        if report.record != "refusal" or self.unknown or ((report.read or {}).get("http") or 0) >= _FROM_SERVER:
            return False
        return is_found(self._causes) or self._error is not None or bool(report.asked and report.asked.attribute)

    def _verdict(
        self,
        pairs: list[tuple[str, str | None]],
        situations: list[dict[str, str]],
        power: str | None,
        *,
        is_any_told: bool,
        are_all_told: bool,
    ) -> str:
        """What a record that is no server says itself, else the mildest verdict of the states that it may be in.

        Unknown where too little is known.
        """
        if own := self.view.verdict_on(self._own_situation()) if self.report.record != _SERVER else None:
            return own
        if self._line.verdict:
            return self._line.verdict
        is_said = self.report.record == "refusal" and bool(self._cause and self.texts["help"][self._cause][3])
        # A tool stops at states in which nothing has failed.
        is_failure = self.report.record in _FAILED and not (self.report.record == _TOOL and is_any_told)
        if self._cause and (is_said or is_failure):
            return verdict_of(self._cause, self.texts)
        if self.unknown or not pairs or not is_any_told:
            return UNKNOWN
        verdicts = {
            self.view.verdict_on(situation) or self.view.verdict(*pair, power)
            for pair, situation in zip(pairs, situations, strict=True)
        }
        mildest = next(verdict for verdict in _MILDEST_FIRST if verdict in verdicts)
        is_certain = mildest != STABLE or (are_all_told and len(verdicts) == 1)
        return mildest if is_certain else UNKNOWN

    def _advice(
        self,
        answer: Mapping[str, Any],
        pairs: list[tuple[str, str | None]],
        situations: list[dict[str, str]],
        *,
        is_asking: bool,
    ) -> Iterator[str]:
        view, report = self.view, self.report
        yield from self._own_advice
        if self.unknown:
            yield "unknown_value"
        if answer["status"] == _NO_STATUS and not self.unknown:
            yield "status_unknown"
        is_told = bool(report.vm_state or report.task_state or report.status)
        if not pairs or (not is_told and (is_asking or report.record != _SERVER)):
            if (
                is_asking
                and not self.unknown
                and not (self._own_advice or self._cause)
                and answer["status"] != _NO_STATUS
            ):
                yield "nothing_known"
            return
        is_contradicted = self._is_contradicted(answer["status"])
        if is_contradicted and answer["verdict"] == UNKNOWN:
            yield _DIFFERS
        if len(pairs) > 1:
            yield "several_candidates"
        if any(state == "error" and view.status(state, task) != view.status(state, None) for state, task in pairs):
            yield "hidden_error" if len(pairs) == 1 else "may_hide_error"
        elif all(task and view.status(state, task) == view.status(state, None) for state, task in pairs):
            yield "hidden_task"
        allowed = frozenset(answer["allowed"])
        fitting = common(lambda situation: list(view.advice(situation, allowed)), situations)
        usual = (advice for advice in fitting if advice not in self._own_advice)
        yield from (advice for advice in usual if advice != _FAULT or self._error)
        if is_contradicted and answer["verdict"] != UNKNOWN:
            yield _DIFFERS
        yield from self._advice_on_task(pairs)

    def _advice_on_task(self, pairs: list[tuple[str, str | None]]) -> Iterator[str]:
        if not self.report.has_task and all(task for _, task in pairs) and _only_task(pairs) is None:
            yield "task_untold"
        # What frees a task is done by nova-compute on the host, or asked of it.
        is_gone = all(state == _DELETED for state, _ in pairs)
        is_freed = not is_gone and self.words.get("service") != "down"
        if is_freed and f"task_state:{_only_task(pairs)}" in self.texts["help"]:
            yield "if_stuck"

    def _notes(self, allowed: list[str], pairs: list[tuple[str, str | None]]) -> Iterator[dict[str, Any]]:
        """What the states of the server leave open about the actions they allow."""
        for action in allowed:
            conditions, _ = self.view.notes(action, *pairs[0])
            when = common(partial(self._refusing_when, action), pairs)
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


def _only_task(pairs: list[tuple[str, str | None]]) -> str | None:
    """The task that runs in all states the server may be in; None: none, or it is open which."""
    tasks = {task for _, task in pairs}
    return tasks.pop() if len(tasks) == 1 else None


def _reason(attributes: list[str | None], pairs: list[tuple[str, str | None]]) -> dict[str, str | None]:
    """What the 409 names, as far as it is the same for all states the server may be in."""
    attribute = attributes[0] if len(set(attributes)) == 1 else None
    values = {_value(attribute, pair) for pair in pairs}
    return {"attribute": attribute, "value": values.pop() if len(values) == 1 else None}


def _value(attribute: str | None, pair: tuple[str, str | None]) -> str | None:
    return {"vm_state": pair[0], "task_state": pair[1]}.get(attribute or "")

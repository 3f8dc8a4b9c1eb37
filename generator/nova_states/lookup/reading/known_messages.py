"""Which of Nova's own messages stand in a text, and what each makes: a refusal, a fault, a line of a log.

The wordings are facts (`nova_states.lookup.message_patterns`); here they get their meaning for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from nova_states.lookup.message_patterns import Match, match
from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.values import word_of
from nova_states.lookup.report import Asked, Report
from nova_states.lookup.root_causes import places_of
from nova_states.lookup.situation import LAST_EXCEPTION
from nova_states.lookup.vocabulary import fold, fold_action

_ERROR, _LOG, _REFUSAL = "error:", "log_message:", "refusal:"
_MOST_NAMES: Final = 8
"""Exceptions of one wording that are named."""
_TAIL: Final = 3
"""Characters between the last words of a message and what is filled in behind them."""
_BEHIND: Final = 3
"""Characters between the name of an exception and its message."""
_DENIED: Final = (401, 403, 413)
"""No server fails for what somebody may not do, or has no quota for."""
_OF_FAULT: Final = re.compile(r"\b(?:server|instance|VM) (?:went|goes) (?:in)?to ERROR\b|\bwith a fault\b", re.ASCII)
"""What says that a quota was found too small while a server was built, not when it was asked for."""
_FRAME: Final = "):"
"""What a client has behind the kind of an answer, before its message: "ERROR (Forbidden): ..."."""
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z_-]+)*")
"""Of an action."""
CREATE: Final = "create"
"""The operation that failed, where only a server that is being created says so."""
_QUOTE: Final = '"'
_ONE_WORD: Final = "state"
_STATE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""A state is one word: what stands behind it a client has added."""
_POWERS: Final = ("vm_power_state", "power_state")
"""Placeholders for a power_state: first what the hypervisor reports."""
_CLASS: Final = re.compile(r"(?:[a-z_]\w{0,40}\.){1,6}([A-Z]\w{2,60}?)(?:_Remote)?: ", re.ASCII)
"""What the end of a traceback begins with."""
_MOST_WORDS: Final = 6
"""Words of a server's name in a message; more are a clause."""
_NUMBER: Final = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A message and where it stands in a text on one line."""

    start: int
    end: int
    record: Report


def known_messages(line: str, grammar: Grammar) -> Iterator[Found]:
    """Messages of Nova in a text on one line, those of one place as one record."""
    whole = (one for one in match(line, grammar.messages) if not _is_stretched(one, line, grammar))
    matches = sorted(whole, key=lambda one: (one.start, -one.end))
    for (start, end), same in groupby(matches, key=lambda one: (one.start, one.end)):
        listed = list(same)
        first = start + len(line[start:end]) - len(line[start:end].lstrip(" "))
        last = _unquoted(line, first, end, _end(line, end, listed[0].groups))
        if line[first - 1 : first] == "(" and line.startswith(_FRAME, last):
            continue
        # A line of a log that is the word of a state is mostly that.
        if listed[0].id.startswith(_LOG) and fold(line[first:last].rstrip(" .")) in grammar.vocabulary.states:
            continue
        yield Found(start=first, end=last, record=_record(line, first, last, listed, grammar))
    # A class whose own message follows it is told by that one.
    told = {one.start + shift for one in matches for shift in range(-_BEHIND, 1)}
    worded: set[str] = set()
    for words, name in grammar.plain["errors"]["wordings"].items():
        if (
            (place := line.find(words)) >= 0
            and name not in worded
            and (name not in line or name not in grammar.errors)
            and not any(one.start <= place < one.end for one in matches)
        ):
            text = line[place : place + grammar.limit("longest_message")]
            worded.add(name)
            yield Found(start=place, end=place + len(text), record=_of_error((name,), line, text, {}, grammar))
    said = compile_pattern(grammar.plain["errors"]["said"])
    seen: set[str] = set()
    for found in compile_pattern(grammar.plain["errors"]["name"]).finditer(line):
        name = found[0]
        if name in grammar.errors and name not in seen and found.end() not in told:
            seen.add(name)
            behind = said.search(line[found.end() : found.end() + grammar.limit("longest_message")])
            record = _of_error((name,), line, behind["message"] if behind else None, {}, grammar)
            yield Found(start=found.start(), end=found.end(), record=record)


def _is_stretched(found: Match, line: str, grammar: Grammar) -> bool:
    """Whether a clause stands where a message names a server: its words are of two others, and neither is that one."""
    within = line[found.start : found.end]
    values = (found.groups.get(name, "") for name in grammar.plain["errors"]["servers"])
    # What stands behind the last words of a message takes the rest of its line along.
    return any(len(value.split(" ")) > _MOST_WORDS and value in within for value in values)


def causes_in(line: str, taken: Iterable[Found], grammar: Grammar) -> Iterator[Found]:
    """Words that tell a cause and stand in no message that is known."""
    told = [_span(found, line) for found in taken]
    for place, last, record in sorted(places_of(line, grammar.causes)):
        # A class that tells a cause belongs to its message, which is behind it.
        # The code of an answer in brackets belongs to what stands right before it.
        after = _BEHIND if line.startswith("(", place) else 0
        if any(start <= last + _BEHIND and place < end + after for start, end in told):
            continue
        text = line[place : place + grammar.limit("longest_message")].partition("\n")[0]
        told.append((place, place + len(text)))
        yield Found(start=place, end=place + len(text), record=_quoting(record, text, line, grammar))


def _span(found: Found, line: str) -> tuple[int, int]:
    """Where a message stands, with what is quoted behind the name of its class."""
    read = found.record.read or {}
    message = (read.get("fault") or read).get("message") or ""
    place = line.find(message, found.start) if message else -1
    return found.start, max(found.end, place + len(message))


def _quoting(record: str, text: str, line: str, grammar: Grammar) -> Report:
    """A record of words that no exception is known for."""
    http = list(compile_pattern(grammar.plain["errors"]["http"]).finditer(line))
    if http or record == "refusal":
        code = next((found["code"] for found in http if found["code"]), None)
        read: dict[str, Any] = {"message": text, "error": None, "errors": [], "http": int(code) if code else None}
        return Report(record="refusal", read=read)
    if record == "log":
        read = {"level": None, "module": None, "time": None, "message": text, "log_message": None}
        return Report(record="log", read=read)
    read = {"fault": {"message": text, "code": None, "created": None, "error": None}, "errors": []}
    if compile_pattern(grammar.plain["errors"]["build"]).search(line):
        read["operation"] = CREATE
    return Report(record="fault", read=read)


def identify(message: str | None, grammar: Grammar) -> str | None:
    """The exception whose message a text is; None where none is, or where its wording is that of several.

    Of a message that quotes the last of several failures it is that one, where it is known.
    """
    if not message:
        return None
    last = message.lower().find(LAST_EXCEPTION)
    if last >= 0 and (inner := identify(message[last + len(LAST_EXCEPTION) :], grammar)):
        return inner
    if worded := _worded(message, grammar):
        return worded
    found = match(message, grammar.messages)
    names = _names([one for one in found if (one.start, one.end) == (found[0].start, found[0].end)])
    # The end of a traceback tells its class, whatever the message says.
    named = _CLASS.match(message)
    return names[0] if len(names) == 1 else named[1] if named and not names and named[1] in grammar.errors else None


def _worded(text: str, grammar: Grammar) -> str | None:
    """The class whose words stand where it is raised."""
    wordings: Mapping[str, str] = grammar.plain["errors"]["wordings"]
    return next((name for words, name in wordings.items() if words in text), None)


def _names(matches: list[Match]) -> tuple[str, ...]:
    names = dict.fromkeys(one.id.removeprefix(_ERROR) for one in matches if one.id.startswith(_ERROR))
    return tuple(names)[:_MOST_NAMES]


def _end(line: str, end: int, groups: Mapping[str, str]) -> int:
    """Behind what is filled in last, where that stands at the end."""
    name = next(reversed(list(groups)), "")
    last = (_filled(groups, name) if name == _ONE_WORD else groups.get(name)) or ""
    place = line.find(last, end, end + _TAIL + len(last)) if last else -1
    return place + len(last) if place >= 0 else end


def _unquoted(line: str, start: int, told: int, end: int) -> int:
    """Where a message ends that stands in quotes: at the first one behind what its wording has; else as it was."""
    place = line.find(_QUOTE, told, end) if line[max(0, start - 1) : start] == _QUOTE else -1
    # An escaped one has another sign before it.
    return end if place < 0 else place - line.endswith("'", 0, place)


def _record(line: str, start: int, end: int, matches: list[Match], grammar: Grammar) -> Report:
    groups = matches[0].groups
    text = line[start:end][: grammar.limit("longest_message")]
    names = _names(matches)
    if names:
        return _of_error(names, line, text, groups, grammar, matches[0].code)
    slug = next((one.id.removeprefix(_LOG) for one in matches if one.id.startswith(_LOG)), None)
    states = _states(groups, grammar)
    if slug:
        read: dict[str, Any] = {"level": None, "module": None, "time": None, "message": text, "log_message": slug}
        return Report(record="log", id=_server(groups, grammar), read=read, **states)
    actions = sorted({one.id.removeprefix(_REFUSAL) for one in matches})
    action = _filled(groups, "action") or (actions[0] if len(actions) == 1 else None)
    asked = Asked(action=action, attribute=groups.get("attr"), value=_filled(groups, "state")) if action else None
    read = {"message": text, "error": _worded(text, grammar), "http": matches[0].code}
    return Report(record="refusal", id=_server(groups, grammar), asked=asked, read=read, **states)


def _of_error(  # noqa: PLR0913, PLR0917 - what a message says in all its parts
    names: tuple[str, ...],
    line: str,
    text: str | None,
    groups: Mapping[str, str],
    grammar: Grammar,
    known_code: int | None = None,
) -> Report:
    """An exception: the API's refusal where the text or the exception says so, else a server's fault."""
    error = names[0] if len(names) == 1 else None
    if text and LAST_EXCEPTION in text.lower():
        error = identify(text, grammar) or error
    error = (text and _worded(text, grammar)) or _nested(groups, grammar) or error
    states = _states(groups, grammar)
    http = list(compile_pattern(grammar.plain["errors"]["http"]).finditer(line))
    can_be_fault = any(grammar.errors[name][0] for name in names if name in grammar.errors)
    can_be_refusal = any(grammar.errors[name][1] for name in names if name in grammar.errors)
    attribute = groups.get("attr")
    is_fault = can_be_fault and _OF_FAULT.search(line) is not None
    if attribute in states or http or (can_be_refusal and not can_be_fault) or (known_code in _DENIED and not is_fault):
        action = _filled(groups, "method")
        if not action:
            rule = _ruled(groups.get("action"), grammar)
            action = _filled(groups, "action") if rule is None else rule
        asked = Asked(action=action, attribute=attribute, value=_filled(groups, "state")) if action else None
        code = next((found["code"] for found in http if found["code"]), None)
        return Report(
            record="refusal",
            id=_server(groups, grammar),
            asked=asked,
            read={"message": text, "error": error, "errors": list(names), "http": int(code) if code else None},
            **states,
        )
    fault = {"message": text, "code": None, "created": None, "error": error}
    read: dict[str, Any] = {"fault": fault, "errors": list(names)}
    if compile_pattern(grammar.plain["errors"]["build"]).search(line):
        read["operation"] = CREATE
    # Which status its server has, the message does not say: many exceptions leave it as it was.
    return Report(record="fault", id=_server(groups, grammar), read=read)


def _nested(groups: Mapping[str, str], grammar: Grammar) -> str | None:
    """The exception that another quotes as its reason, where something is said of it."""
    inner = identify(groups.get("reason"), grammar)
    return inner if f"error:{inner}" in grammar.vocabulary.tables["texts"]["help"] else None


def _ruled(rule: str | None, grammar: Grammar) -> str | None:
    """The action that a rule of the policy is for: "os_compute_api:os-admin-actions:reset_state"; "" for none."""
    for piece in reversed((rule or "").split(":")[1:]):
        for name in (piece, piece.removeprefix("os-"), f"os-{piece}"):
            if fold_action(name) in grammar.vocabulary.actions:
                return name
    return "" if rule and ":" in rule else None


def _filled(groups: Mapping[str, str], name: str) -> str | None:
    """The word or words that a placeholder stands for; what is filled in last takes the rest of its line along."""
    found = (_STATE if name == _ONE_WORD else _NAME).match(groups.get(name) or "")
    return found[0] if found else None


def _server(groups: Mapping[str, str], grammar: Grammar) -> str | None:
    """The server that a message names."""
    values = (groups.get(name) for name in grammar.plain["errors"]["servers"])
    return next((value for value in values if value and grammar.shape("uuid").search(value)), None)


def _states(groups: Mapping[str, str], grammar: Grammar) -> dict[str, Any]:
    """States that a message has in its placeholders."""
    vocabulary = grammar.vocabulary
    given = {name: groups.get(name) for name in ("vm_state", "task_state")}
    given["task_state"] = given["task_state"] or groups.get("task")
    attribute = groups.get("attr")
    if attribute in given:
        given[attribute] = _filled(groups, "state")
    states: dict[str, Any] = {}
    vm_state, task_state = (word_of((value or "").strip("."), grammar) for value in given.values())
    # What the message itself calls a state is one, known or not.
    if vm_state and (attribute == "vm_state" or fold(vm_state) in vocabulary.vm_states):
        states["vm_state"] = vm_state
    if task_state and (attribute == "task_state" or fold(task_state) in vocabulary.task_states):
        states |= {"task_state": task_state, "has_task": True}
    elif given["task_state"] and task_state is None:
        states["has_task"] = True
    number = next((groups[name] for name in _POWERS if _NUMBER.fullmatch(groups.get(name, ""))), None)
    if number is not None:
        states["power_state"] = int(number)
    return states

"""Keeps the last of several looks at one server where the paste tells that time went by between them.

docs/assets/lookup/reading/later_looks.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report

_STATES: Final = ("status", "vm_state", "power_state")
_LONGEST: Final = 60
"""Characters of a line that says no more than that time went by."""
_NEAR: Final = 2
"""Lines above a look in which stands of when it is."""
_MOST: Final = 5
"""Earlier looks that are told of."""
_LONGEST_POLL: Final = 200
_HEAD: Final = ":"
_BAR: Final = "|"
_POLLED: Final = ("server", "tool")
_WORD: Final = re.compile("[A-Z_]{4,}")

Look = tuple[int, Report]


def without_polls(lines: Sequence[str], findings: Findings) -> list[str]:
    """The lines, where of several that differ in their time and in a status alone only the last is left.

    So whoever waits for a server writes down what it was.
    """
    sentence = findings.grammar.plain["sentence"]
    statuses = findings.grammar.vocabulary.statuses.values()
    clock, polled, named = (compile_pattern(sentence[name]) for name in ("clock", "polled", "polled_of"))
    found: dict[str, list[tuple[int, str]]] = {}
    for place, line in enumerate(lines):
        is_poll = len(line) <= _LONGEST_POLL and _BAR not in line
        words = [word for word in _WORD.findall(line) if word in statuses] if is_poll else []
        if len(words) == 1 and any(pattern.search(line) for pattern in (clock, polled, named)):
            bare = polled.sub("#", clock.sub("", line).replace(words[0], "#"))
            found.setdefault(bare, []).append((place, words[0]))
    left = list(lines)
    for polls in found.values():
        for place, word in polls[:-1]:
            left[place] = ""
            if word != polls[-1][1]:
                findings.polled.append(word)
    return left


def drop_earlier_looks(lines: Sequence[str], findings: Findings) -> None:
    """Drop servers that a later look tells as much of, or otherwise; the last has what they were as `read["earlier"]`.

    Words of time, times, or a command that was typed in between tell that it is later. Others are left alone, as
    nothing tells which of them holds now.

    Args:
        lines: The whole paste.
        findings: What was found; its servers with an id or a name are compared.
    """
    left: set[int] = set()
    last: dict[int, Report] = {}
    for looks in _looks(findings):
        if len(looks) < 2 or not all(_is_later(lines, one, other, findings) for one, other in pairwise(looks)):  # noqa: PLR2004 - there is no later one
            continue
        (*before, (_, now)) = looks
        told = [_told_of(report) for _, report in before]
        earlier = [text for text, after in pairwise([*told, _told_of(now)]) if text != after]
        left.update(id(report) for _, report in before)
        _, one = before[-1]
        read = {**(now.read or {}), "earlier": earlier[-_MOST:]}
        last[id(now)] = replace(now, id=now.id or one.id, name=now.name or one.name, read=read)
        for line, _ in looks:
            findings.used.update(_heads(lines, line))
    servers = [report for _, report in findings.records if report.record in _POLLED]
    if len(servers) == 1 and findings.polled:
        told = list(dict.fromkeys(findings.polled))[-_MOST:]
        last[id(servers[0])] = replace(servers[0], read={**(servers[0].read or {}), "earlier": told})
    findings.records = [
        (line, last.get(id(report), report)) for line, report in findings.records if id(report) not in left
    ]


def _looks(findings: Findings) -> Iterator[list[Look]]:
    """What is told of each server, in the order of the paste; of a name that two have nobody knows which is meant."""
    servers = [pair for pair in findings.records if pair[1].record == "server"]
    ids: dict[str, set[str]] = {}
    for _, report in servers:
        if report.name and report.id:
            ids.setdefault(report.name, set()).add(report.id)
    found: dict[str, list[Look]] = {}
    for line, report in sorted(servers, key=itemgetter(0)):
        known = ids.get(report.name or "", set())
        key = report.id or (next(iter(known)) if len(known) == 1 else None if known else report.name)
        if key is not None:
            found.setdefault(key, []).append((line, report))
    yield from found.values()


def _is_later(lines: Sequence[str], one: Look, other: Look, findings: Findings) -> bool:
    (first, before), (second, after) = one, other
    is_other = _differ(before, after)
    is_less = any(getattr(before, name) is not None and getattr(after, name) is None for name in _STATES)
    has_states = bool(after.status or after.vm_state)
    if is_less and not (is_other and has_states):
        return False
    dates = [(report.read or {}).get("updated") for report in (before, after)]
    if all(dates) and dates[0] != dates[1]:
        return str(dates[0]) < str(dates[1])
    sentence = findings.grammar.plain["sentence"]
    between = [place for place in range(first + 1, second) if place < len(lines) and len(lines[place]) <= _LONGEST]
    if any(compile_pattern(sentence["before_look"], any_case=True).search(lines[place]) for place in between):
        return False
    clock = compile_pattern(sentence["clock"])
    times = [clock.search(lines[place]) if place < len(lines) else None for place in (first, second)]
    if times[0] and times[1]:
        return times[0]["time"] < times[1]["time"]
    passed = compile_pattern(sentence["passed"], any_case=True)
    typed = {command for place, command in findings.commands.items() if place <= first}
    asked = [findings.commands[place] for place in range(first + 1, second) if place in findings.commands]
    return (
        any(command in typed for command in asked)
        or (is_other and bool(typed and asked))
        or any(passed.search(lines[place]) for place in between)
    )


def _differ(one: Report, other: Report) -> bool:
    """Whether both cannot be so at one time."""
    if one.has_task and other.has_task and one.task_state != other.task_state:
        return True
    pairs = ((getattr(one, name), getattr(other, name)) for name in _STATES)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _told_of(report: Report) -> str:
    """How a server was, in the words of Nova."""
    host = (report.read or {}).get("host")
    words = (report.status, report.vm_state, report.task_state, host and f"host {host}")
    return " / ".join(word for word in words if word)


def _heads(lines: Sequence[str], line: int) -> Iterator[int]:
    """The line above a look that tells of when it is."""
    for place in range(max(line - _NEAR, 0), min(line, len(lines))):
        if lines[place].rstrip().endswith(_HEAD) and len(lines[place]) <= _LONGEST:
            yield place

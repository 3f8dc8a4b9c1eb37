"""Reads what libvirt's client says of domains: `virsh list`, `virsh domstate --reason`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.one_guest import HOST
from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import domain_report
from nova_states.lookup.report import Report

DISK_ERROR: Final = "disk_error"
"""What of a domain says which of its disks failed: "vda: no space"."""
_MISSING: Final = "missing"
_OF_NOVA: Final = ("_state", "status")
_UPPER: Final = re.compile(r"[A-Z_]{4,}")
_NEAR: Final = 3
"""Lines between a command and its answer."""


def read_domains(piece: Piece, findings: Findings) -> list[Piece]:
    """Read lines that give a domain's state."""
    patterns = {
        name: compile_pattern(text)
        for name, text in findings.grammar.plain["hypervisor"].items()
        if isinstance(text, str)
    }
    taken: list[tuple[int, int]] = []
    typed = sorted(findings.commands)
    is_list = False
    for place, given in enumerate(piece.lines):
        line = given
        if len(line) > findings.grammar.limit("longest_line"):
            continue
        if patterns["head"].search(line):
            taken.append((place, place + 1))
            is_list = True
            continue
        line, is_strange = _in_english(line, patterns, findings.grammar)
        if is_list and is_strange:
            # A list of domains in words that nobody knows here is no list of servers either.
            findings.leave(piece.start + place, line.strip())
            taken.append((place, place + 1))
            continue
        if (
            _is_missing(piece.start + place, line, patterns, findings)
            or _is_done(line, patterns, findings)
            or _is_of_disk(line, patterns, findings)
        ):
            taken.append((place, place + 1))
            continue
        domain, reason = None, None
        found = patterns["row"].search(line)
        if found:
            domain, reason = found["domain"], found["reason"]
        else:
            domain = _asked(piece.start + place, patterns, findings)
            found = patterns["state"].search(line) or _told(line, findings.grammar)
            if found:
                named = patterns["named"].search(line)
                domain, reason = domain or (named["domain"] if named else None), found["reason"]
            else:
                found = patterns["any" if domain else "bare"].search(line)
        if found:
            report = domain_report(domain, found["state"], reason, findings.grammar)
            findings.add(piece.start + place, _numbered(report, found, _host_of(piece.start + place, typed, findings)))
            taken.append((place, place + 1))
    return remaining(piece, taken)


def _is_missing(place: int, line: str, patterns: Mapping[str, re.Pattern[str]], findings: Findings) -> bool:
    """Whether a line says that there is no such domain, which is kept."""
    missing = patterns["missing"].search(line)
    if missing is None:
        return False
    gone = domain_report(missing["domain"], None, _MISSING, findings.grammar)
    # The client says so twice.
    if not findings.records or findings.records[-1][1] != gone:
        findings.add(place, gone)
    return True


def _is_done(line: str, patterns: Mapping[str, re.Pattern[str]], findings: Findings) -> bool:
    """Put what a command did to a domain in place of the state in which a list above has it; whether one has."""
    done = patterns["done"].search(line)
    if done is None:
        return False
    state = findings.grammar.plain["hypervisor"]["after"][done["done"]]
    for at, (place, report) in enumerate(findings.records):
        if report.record == "hypervisor" and (report.read or {}).get("domain") == done["domain"]:
            findings.records[at] = (place, domain_report(done["domain"], state, None, findings.grammar))
            return True
    return False


def _is_of_disk(line: str, patterns: Mapping[str, re.Pattern[str]], findings: Findings) -> bool:
    """Put which disk failed, and how, to the domain above; whether there is one."""
    failed = patterns["disk_error"].search(line)
    if failed is None or not findings.records or findings.records[-1][1].record != "hypervisor":
        return False
    place, domain = findings.records[-1]
    findings.records[-1] = (place, replace(domain, read={**(domain.read or {}), DISK_ERROR: failed["error"]}))
    return True


def _numbered(report: Report, row: re.Match[str], host: str | None) -> Report:
    """A domain with the number that it has on its host while it runs, and with the host that was asked."""
    told = {"number": row.groupdict().get("number", "").strip("-"), HOST: host}
    return replace(report, read={**(report.read or {}), **{name: value for name, value in told.items() if value}})


def _host_of(line: int, typed: Sequence[int], findings: Findings) -> str | None:
    """The host that the last command above a line asked, as far as the command or its prompt names one."""
    last = bisect_left(typed, line) - 1
    if last < 0:
        return None
    command, patterns = findings.commands[typed[last]], findings.grammar.plain["hypervisor"]
    if asked := compile_pattern(patterns["asked_of"]).search(command):
        return asked["host"]
    return findings.hosts.get(typed[last]) if compile_pattern(patterns["asked_here"]).search(command) else None


def _in_english(line: str, patterns: Mapping[str, re.Pattern[str]], grammar: Grammar) -> tuple[str, bool]:
    """A row or a state that a translation prints, in English, and whether its word is unknown."""
    words: Mapping[str, str] = grammar.plain["hypervisor"]["words"]
    if (word := _translated(line.strip(), words)) is not None:
        return word, False
    found = patterns["localised"].search(line)
    if found is None or patterns["row"].search(line):
        return line, False
    word = _translated(found["word"], words)
    return (line, True) if word is None else (f"{found['ahead']}{word}", False)


def _translated(word: str, words: Mapping[str, str]) -> str | None:
    """A state in English; translations differ in where they have blanks."""
    joined = word.replace(" ", "")
    return next((state for known, state in words.items() if known.replace(" ", "") == joined), None)


def _told(line: str, grammar: Grammar) -> re.Match[str] | None:
    """A state with its reason in a line that says nothing of what Nova has on record: that is a sentence."""
    found = said_with_reason(line, grammar)
    if found is None or any(sign in line for sign in _OF_NOVA):
        return None
    statuses = grammar.vocabulary.statuses.values()
    return None if any(word in statuses for word in _UPPER.findall(line)) else found


def said_with_reason(line: str, grammar: Grammar) -> re.Match[str] | None:
    """A state of a domain with its reason, anywhere in a text."""
    return compile_pattern(grammar.plain["hypervisor"]["told"], any_case=True).search(line)


def _asked(line: int, patterns: Mapping[str, re.Pattern[str]], findings: Findings) -> str | None:
    """The domain that a command just above asked of."""
    for above in range(line - 1, max(-1, line - 1 - _NEAR), -1):
        command = findings.commands.get(above)
        if command is not None:
            found = patterns["asked"].search(command)
            return found["domain"] if found else None
    return None

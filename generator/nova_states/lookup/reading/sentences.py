"""Reads sentences about a server: which states they name, of which server, and for how long it has been so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nova_states.lookup.reading.dashboard_labels import with_words
from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.hypervisor import said_with_reason
from nova_states.lookup.reading.mentions import is_of_server, mentioned, names_server
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_power
from nova_states.lookup.reading.words import is_upper
from nova_states.lookup.report import OF_CELL, Report
from nova_states.lookup.vocabulary import fold

_VIRSH: Final = "virsh"
_OFF, _OFF_STATE = "SHUTDOWN", "shut off"
"""What a guest is whose process is gone."""
_SIGNS: Final = ("general", "unsure", "goes_on", "compound")
_PAST: Final = ("past", "past_before", "past_behind")
_PLACES: Final = ("before", "after", "behind", "former")
_BEFORE: Final = 80
"""Characters before a word that say what it is."""
_FIELDS: Final = {"작업 상태": ("task_state",), "전원 상태": ("power_state",), "상태": ("status", "task_state")}
"""The fields whose labels may stand behind the name of one."""
_LABELLED: Final = re.compile(r"""(?P<field>작업 상태|전원 상태|상태)[은는이가]?[ ]?[:=]?[ ]?['"]?""")
_LONGEST_LABEL: Final = 24
_ID: Final = re.compile(r"(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])", re.ASCII)
_OPEN: Final = re.compile(r"""(?:^|[\s'"(\[])$""")
"""What stands before a word."""
_QUOTE: Final = re.compile(r"""(?:^|\s)['"(\[]$""")
_FORMER: Final = re.compile(r"""\bfrom ['"(]?$""", re.ASCII)
"""What stands before a state that has been left."""
_ONCE: Final = re.compile(r"""\bwere (?:(?:still|just|only|in) ){0,2}['"(]?$""", re.ASCII)
"""What stands before a state of several servers that is over, where they are in another now."""
_LEFT: Final = re.compile(r"^[)'\"]*에서 ")
"""The same in Korean, behind the state; it may also have stopped there."""
_ONLY: Final = re.compile(r"\b(?:an?|one|last|past|over) \w+$|^한")
_ONE, _SOME = 1, 2
"""What one unit and what a few are taken for, where no number stands."""
_TASK_BEHIND: Final = re.compile(r"^ ?/ ?[a-z][a-z_-]{2,40}", re.ASCII)
_OF_POWER: Final = re.compile(" 전원[이도]? ")
"""What goes off when a host does."""
_COPIES: Final = "running"
"""A live migration that copies, whose record changes all the time."""
_HALF_A_DAY: Final = 43_200


def read_sentence(text: str, grammar: Grammar, *, is_told: bool = False) -> Report | None:
    """The states that a sentence about a server names; a common word counts only where its place says what it is.

    Args:
        text: What somebody wrote.
        grammar: The grammar.
        is_told: Whether what stands beside it tells that it is about a server.
    """
    line = on_one_line(text, grammar)
    if not line or len(line) > grammar.limit("longest_sentence"):
        return None
    guest, line = _guest(line, grammar)
    line = with_words(line, grammar, lambda ahead, behind: _is_said(ahead, behind, grammar))
    fields = dict(mentioned(line, grammar).items())
    named = server_in(line, grammar)
    about = compile_pattern(grammar.plain["sentence"]["about"], any_case=True).search(line) is not None
    is_about = is_told or about or bool(named or fields)
    labels = (*_labels(line, grammar), *_labels_said(line, grammar, is_quoted=not is_about))
    for name, word in (*labels, *_states_of(line, grammar, is_about=is_about)):
        if name not in fields:
            fields[name] = word
    power = compile_pattern(grammar.plain["sentence"]["power"]).search(line)
    if power is not None and is_power(power[1], grammar):
        fields.setdefault("power_state", power[1])
    if not fields:
        return None
    record = read_record(list(fields.items()), grammar)
    if not isinstance(record, Report):
        return None
    # Of a server whose cell does not answer nobody knows the host.
    host = {"host_status": "UNKNOWN"} if record.status != OF_CELL and is_host_down(line, grammar) else {}
    read = {**host, **(record.read or {}), **guest}
    return with_age(replace(record, id=named, read=read or None), line, grammar)


def read_migration(text: str, grammar: Grammar) -> Report | None:
    """The record of a migration whose status a sentence names."""
    line = on_one_line(text, grammar)
    if len(line) > grammar.limit("longest_sentence"):
        return None
    for found in compile_pattern(grammar.plain["sentence"]["migration"], any_case=True).finditer(line):
        if found["status"] in grammar.migration_statuses:
            live = found["live"] or found["ko"]
            told = [("status", found["status"]), ("migration_type", "live-migration" if live else None)]
            record = read_record(told, grammar, "migration")
            if not isinstance(record, Report):
                return None
            # How long it has been copying is not for how long its record has stayed the same.
            return record if found["status"] == _COPIES else with_age(record, line, grammar)
    return None


def _is_said(ahead: str, behind: str, grammar: Grammar) -> bool:
    """Whether a label stands where a sentence names a state."""
    before, after = (compile_pattern(grammar.plain["sentence"][name]) for name in ("before", "after"))
    return before.search(ahead[-_BEFORE:]) is not None or after.search(behind[:_BEFORE]) is not None


def is_host_down(line: str, grammar: Grammar) -> bool:
    """Whether somebody says that the host of a server is dead: whatever states it shows are of before.

    Who asks whether it is does not say so, and a node of RabbitMQ or a database is no host of servers.
    """
    sentence = grammar.plain["sentence"]
    pattern, other = (compile_pattern(sentence[name], any_case=True) for name in ("host_down", "host_other"))
    asked = compile_pattern(sentence["host_asked"])
    said = _OF_POWER.sub(" ", line)
    if compile_pattern(sentence["resized"], any_case=True).search(said):
        other = compile_pattern(f"{sentence['host_other']}|{sentence['host_source']}", any_case=True)
    back = compile_pattern(sentence["host_back"], any_case=True)
    return any(
        not other.search(said[max(0, found.start() - _BEFORE) : found.start()])
        and not back.search(said[found.end() :])
        and not asked.search(said[found.end() :])
        for found in pattern.finditer(said)
    )


def hypervisor_in(line: str, grammar: Grammar) -> dict[str, str]:
    """What virsh is said to show of the guest."""
    return _guest(line, grammar)[0]


def _guest(line: str, grammar: Grammar) -> tuple[dict[str, str], str]:
    """What virsh is said to show, and the line without these words: they are no states of Nova."""
    powers: dict[str, str] = grammar.plain["hypervisor"]["power_states"]
    if said := said_with_reason(line, grammar):
        state = said["state"].lower()
        told = {"hypervisor": powers[state], "domain_state": state, "reason": said["reason"].lower()}
        return told, f"{line[: said.start()]} {line[said.end() :]}"
    place = line.find(_VIRSH)
    found = [(line.find(word, place), word) for word in powers] if place >= 0 else []
    found = [(place, word) for place, word in found if place >= 0]
    if not found:
        is_dead = compile_pattern(grammar.plain["sentence"]["guest_dead"], any_case=True).search(line) is not None
        return ({"hypervisor": _OFF, "domain_state": _OFF_STATE} if is_dead else {}), line
    place, state = min(found)
    # It may say so twice: "is paused in virsh".
    before = line[:place].replace(f"{state} in virsh", "virsh")
    line, place = before + line[place:], len(before)
    return {"hypervisor": powers[state], "domain_state": state}, f"{line[:place]} {line[place + len(state) :]}"


def server_in(line: str, grammar: Grammar) -> str | None:
    """The only id in a text, if it is a server's."""
    found = list(_ID.finditer(line))
    if len({one[0] for one in found}) != 1:
        return None
    first = found[0]
    ahead = line[max(0, first.start() - _BEFORE) : first.start()]
    is_other = grammar.shape("id_of_other").search(ahead) is not None
    return first[0] if is_of_server(ahead, grammar) and not is_other else None


def with_age(report: Report, line: str, grammar: Grammar) -> Report:
    """A record with how long it has been so, where a text tells that or that it hangs, and the record does not."""
    lasting = grammar.plain["lasting"]
    found = compile_pattern(lasting["pattern"]).search(line)
    read = report.read or {}
    if read.get("updated"):
        return report
    if changed := compile_pattern(lasting["changed"]).search(line):
        return replace(report, read={**read, "updated": changed["at"]})
    if found is None:
        is_stuck = compile_pattern(lasting["stuck"]).search(line) is not None
        return replace(report, read={**read, "age_seconds": _HALF_A_DAY}) if is_stuck else report
    told = found["count"] or found["number"]
    count = int(told) if told else _ONE if _ONLY.search(found[0]) else _SOME
    seconds = lasting["units"].get(found["unit"] or found["span"])
    return replace(report, read={**read, "age_seconds": _HALF_A_DAY if seconds is None else count * seconds + 1})


def _labels(line: str, grammar: Grammar) -> Iterator[tuple[str, str]]:
    """Labels of a dashboard behind the names of their fields."""
    unsure = compile_pattern(grammar.plain["sentence"]["unsure"])
    for found in _LABELLED.finditer(line):
        behind = fold(line[found.end() : found.end() + _LONGEST_LABEL])
        told: str | None = None
        for field in _FIELDS[found["field"]]:
            labels: dict[str, str] = grammar.plain["labels"][field]
            fitting = [label for label in labels if not label.isascii() and behind.startswith(label)]
            if fitting:
                label = max(fitting, key=len)
                # Of a status and of a task alike, it says no more than the status.
                is_told, told = label == told, label
                if not is_told and not unsure.search(line[found.end() + len(label) :][:_BEFORE]):
                    yield field, labels[label]
                break


def _labels_said(line: str, grammar: Grammar, *, is_quoted: bool) -> Iterator[tuple[str, str]]:
    """Labels of a dashboard between a server and what says that it is in that state; the longest first.

    Where nothing says that it is about a server, only those in quotes.
    """
    before, after, unsure = (
        compile_pattern(grammar.plain["sentence"][name]) for name in ("label_before", "label_after", "unsure")
    )
    is_row = compile_pattern(grammar.plain["sentence"]["dashboard"]).search(line) is not None
    after = compile_pattern(grammar.plain["sentence"]["after"]) if is_row else after
    opened = _QUOTE if is_quoted else _OPEN
    folded = fold(line)
    found: dict[str, str] = {}
    for field in ("task_state", "status"):
        labels: dict[str, str] = grammar.plain["labels"][field]
        for label in sorted((label for label in labels if not label.isascii()), key=lambda label: (-len(label), label)):
            place = folded.find(label)
            behind = line[place + len(label) :][:_BEFORE]
            ahead = line[max(0, place - _BEFORE) : place]
            if place < 0 or not opened.search(ahead) or not after.search(behind) or unsure.search(behind):
                continue
            if is_row or ((_QUOTE.search(ahead) or before.search(ahead)) and is_of_server(ahead, grammar)):
                found[field] = label
                break
    if found.get("task_state") == found.get("status"):
        # It is a label of both, and says no more than the status.
        found.pop("task_state", None)
    yield from ((field, grammar.plain["labels"][field][label]) for field, label in found.items())


def _is_held(word: str, ahead: str, behind: str, grammar: Grammar) -> bool:
    """Whether a server is in what a word names: not wanted, not before, not asked of any; a common word said of it."""
    sentence = grammar.plain["sentence"]
    general, unsure, goes_on, compound = (compile_pattern(sentence[name]) for name in _SIGNS)
    is_wanted = compile_pattern(sentence["wanted"], any_case=True).search(ahead)
    # Nothing but a server has a task or a status of several words.
    known = (grammar.vocabulary.task_states, grammar.vocabulary.statuses)
    is_own = "_" in word and any(fold(word) in words for words in known)
    is_of_other = not is_own and not is_of_server(ahead, grammar)
    is_not_now = is_wanted or _is_past(ahead, behind, grammar)
    if is_not_now or general.search(ahead) or unsure.search(behind) or is_of_other:
        return False
    if "_" in word or is_upper(word):
        return True
    return names_server(ahead, grammar) and bool(goes_on.search(behind)) and not compound.search(ahead)


def _is_past(ahead: str, behind: str, grammar: Grammar) -> bool:
    """Whether a state is said to have been before something else."""
    sure, maybe, until = (compile_pattern(grammar.plain["sentence"][name], any_case=True) for name in _PAST)
    return bool(sure.search(ahead) or (maybe.search(ahead) and until.search(behind)))


def _power_called(line: str, grammar: Grammar) -> int | None:
    """Where the word ends that a sentence calls its power_state."""
    power = compile_pattern(grammar.plain["sentence"]["power"]).search(line)
    return power.end() if power is not None and is_power(power[1], grammar) else None


def _states_of(line: str, grammar: Grammar, *, is_about: bool) -> Iterator[tuple[str, str]]:
    """States in their order; what was left behind comes last, and what is over only where there is no other."""
    sentence = grammar.plain["sentence"]
    before, after, more, former = (compile_pattern(sentence[name]) for name in _PLACES)
    vocabulary = grammar.vocabulary
    held: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    over: list[tuple[str, str]] = []
    called = _power_called(line, grammar)
    for found in compile_pattern(sentence["word"]).finditer(line):
        word = found[0]
        folded = fold(word)
        if not (folded in vocabulary.statuses or folded in vocabulary.states) or found.end() == called:
            continue
        ahead, behind = line[max(0, found.start() - _BEFORE) : found.start()], line[found.end() : found.end() + _BEFORE]
        if not _is_held(word, ahead, behind, grammar):
            continue
        # Some statuses are no common word, however they are written.
        status = word.upper() if word.upper() in grammar.words("plain_statuses") else word
        is_status = status in vocabulary.statuses.values()
        # What is said behind a status and its task is said of both: "BUILD / scheduling".
        rest = _TASK_BEHIND.sub("", behind)
        is_placed = is_about and any(sign.search(text) for sign, text in ((before, ahead), (after, rest), (more, rest)))
        is_plain = is_status and ("_" in word or status in grammar.words("plain_statuses"))
        if is_status and (is_plain or is_placed):
            state = ("status", status)
        elif is_upper(word):
            continue
        elif folded in vocabulary.task_states and (is_placed or "_" in word or word.startswith("powering-")):
            state = ("task_state", word)
        elif folded in vocabulary.vm_states and (is_placed or "_" in word):
            state = ("vm_state", word)
        else:
            continue
        if former.search(behind) or _ONCE.search(ahead):
            over.append(state)
        elif _FORMER.search(ahead) or _LEFT.search(behind):
            left.append(state)
        else:
            held.append(state)
    yield from [*held, *left] or over

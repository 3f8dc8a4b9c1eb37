"""Reads messages: refusals and faults in Nova's words, messages of tools that quote a status, lines of a log.

Nova's own wordings come from the facts (`nova_states.lookup.refusals`); those of tools are in the grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.known_messages import CREATE, Found, causes_in, known_messages
from nova_states.lookup.reading.line_ends import are_apart, between, is_broken, widths
from nova_states.lookup.reading.mentions import is_of_server, mentioned
from nova_states.lookup.reading.named_servers import with_server
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.values import status_of, word_of
from nova_states.lookup.report import Asked, Report, clean
from nova_states.lookup.vocabulary import fold

_QUOTES: Final = re.compile("[\u2018\u2019\u201c\u201d`\\\\]")
_LOG: Final = "log"
_QUOTING: Final = ("tool", "server")
"""Records to which a fault belongs that stands in them or behind them."""
_BEFORE: Final = 100
"""Characters before a message that say whether it is one."""
_BEGINNING: Final = 40
"""Characters of a message that tell where it begins in another."""
_REQUEST: Final = re.compile("req-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_BRACKETS: Final = 6
_LONGEST_CONTEXT: Final = 300
_MOST_FOUND: Final = 200
"""Messages of one stretch of text."""


def read_text(text: str, grammar: Grammar) -> list[Report]:
    """The records that the messages in a text make, in their order."""
    return [found.record for found in find_messages(on_one_line(text, grammar), grammar)]


def read_texts(line: int, texts: Iterable[Any], findings: Findings) -> None:
    """Add the records of messages that stand in cells or members of something that is no record of Nova."""
    for text in texts:
        if isinstance(text, str) and len(text) > 8:  # noqa: PLR2004 - no message is shorter
            for record in read_text(clean(text[: findings.grammar.limit("longest_text")]), findings.grammar):
                findings.add(line, record)


def on_one_line(text: str, grammar: Grammar) -> str:
    """A text with one kind of quote and blank, as far as messages are looked for."""
    cut = text[: grammar.limit("longest_text")]
    return " ".join(_QUOTES.sub("'", cut).split()).replace("''", "'")


def find_messages(line: str, grammar: Grammar, *, is_log: bool = False) -> list[Found]:
    """All messages in a text on one line; a fault belongs to the tool's message that quotes it or stands before it.

    Args:
        line: The text.
        grammar: The grammar.
        is_log: Whether it is an entry of a log: elsewhere the words of one are a client's own that quotes a refusal.
    """
    matches = [*_refusals(line, grammar), *_tools(line, grammar), *known_messages(line, grammar)]
    matches += causes_in(line, matches, grammar)
    # What ends further on at one start is the whole.
    matches.sort(key=lambda match: (match.start, -match.end))
    kept: list[Found] = []
    for match in matches[:_MOST_FOUND]:
        last = kept[-1] if kept else None
        if last and match.record.record == "fault" and last.record.record in _QUOTING and not _has_fault(last.record):
            kept[-1] = _with_fault(last, match)
        elif last and not is_log and _is_refused_in(match, last):
            kept[-1] = match
        elif (last is None or match.start >= last.end) and not _is_repeated(match, kept):
            kept.append(match)
    found = _with_answers(line, kept, grammar)
    return [replace(one, record=with_server(one.record, _around(one, line))) for one in found]


def _is_refused_in(refusal: Found, log: Found) -> bool:
    """Whether what looks like a message of a log only stands around what the API refused."""
    is_within = log.start < refusal.start < log.end and log.record.record == _LOG
    return is_within and refusal.record.record == "refusal"


def _around(found: Found, line: str) -> str:
    """The text of the paragraph in which a message stands."""
    end = line.find("\n", found.start)
    return line[line.rfind("\n", 0, found.start) + 1 : end if end >= 0 else len(line)]


def _with_answers(line: str, kept: list[Found], grammar: Grammar) -> list[Found]:
    """Beside the messages that are known, what the API answered in words that no release has any more."""
    answers = compile_pattern(grammar.plain["errors"]["answer"]).finditer(line)
    for found in [one for one, _ in zip(answers, range(_MOST_FOUND), strict=False)]:
        if any(match.start < found.end() and found.start() < match.end for match in kept):
            continue
        read: dict[str, Any] = {"message": found["message"], "error": None, "errors": [], "http": int(found["code"])}
        kept.append(Found(start=found.start(), end=found.end(), record=Report(record="refusal", read=read)))
    return sorted(kept, key=lambda match: match.start)


def _has_fault(tool: Report) -> bool:
    return bool(tool.read and tool.read.get("fault"))


def _with_fault(tool: Found, fault: Found) -> Found:
    read = {**(tool.record.read or {}), "fault": _within(tool.record, (fault.record.read or {}).get("fault"))}
    record = replace(tool.record, read=read, id=tool.record.id or fault.record.id)
    return Found(start=tool.start, end=max(tool.end, fault.end), record=record)


def _within(tool: Report, fault: dict[str, Any] | None) -> dict[str, Any] | None:
    """A fault without what a tool has behind its message."""
    message, said = (fault or {}).get("message"), (tool.read or {}).get("message")
    if not fault or not message or not said:
        return fault
    place = said.find(message[:_BEGINNING])
    is_shorter = place >= 0 and len(said) - place < len(message)
    return {**fault, "message": said[place:]} if is_shorter else fault


def _is_repeated(match: Found, kept: Sequence[Found]) -> bool:
    """Whether a message says what was said before: clients print one twice, and name its class beside it."""
    if match.record.record == "fault":
        names = _errors(match.record)
        return any(names and set(names) & set(_errors(other.record)) for other in kept)
    return any(match.record == other.record and match.record.read == other.record.read for other in kept)


def _errors(record: Report) -> list[str]:
    read = record.read or {}
    fault = read.get("fault") or {}
    return [*read.get("errors", ()), *([fault["error"]] if fault.get("error") else [])]


def _refusals(line: str, grammar: Grammar) -> Iterator[Found]:
    for pattern, names in grammar.vocabulary.messages:
        for found in pattern.finditer(line):
            yield _refusal(found, dict(zip(names, found.groups(), strict=True)), grammar)
    for older in grammar.plain["refusals"]:
        for found in compile_pattern(older["pattern"]).finditer(line):
            yield _refusal(found, found.groupdict(), grammar)


def _refusal(found: re.Match[str], values: dict[str, str | None], grammar: Grammar) -> Found:
    attribute, value = values.get("attr"), values.get("state")
    attribute = attribute and attribute.lower()
    record = Report(
        record="refusal",
        id=word_of(values.get("server_id"), grammar),
        vm_state=word_of(value, grammar) if attribute == "vm_state" else None,
        task_state=word_of(value, grammar) if attribute == "task_state" else None,
        has_task=attribute == "task_state",
        asked=Asked(action=str(values["action"]), attribute=attribute, value=value),
    )
    return Found(start=found.start(), end=found.end(), record=record)


def _tools(line: str, grammar: Grammar) -> Iterator[Found]:
    wanted = compile_pattern(grammar.plain["sentence"]["wanted"], any_case=True)
    for tool in grammar.plain["tools"]:
        for found in compile_pattern(tool["pattern"]).finditer(line):
            values = found.groupdict()
            if tool.get("record") == "volume":
                yield Found(start=found.start(), end=found.end(), record=_volume(values))
                continue
            status = values.get("status") or values.get("built") or ("ERROR" if values.get("label") else None)
            known = status_of(status, grammar)
            before = line[max(0, found.start() - _BEFORE) : found.start()]
            if tool.get("prose") and wanted.search(before):
                continue
            is_named = values.get("server") or values.get("name") or (tool.get("sure") and values.get("message"))
            if status is not None and not ("name" in tool and is_named) and not is_of_server(before, grammar):
                continue
            if status is not None and (known is None or fold(known) not in grammar.vocabulary.statuses):
                continue
            task = word_of(values.get("task_state"), grammar)
            message = values.get("message") or values.get("cause")
            read = (
                {
                    "tool": tool["other"] if values.get("other") else tool["name"],
                    "server": values.get("server"),
                    "wanted": values.get("wanted"),
                    "operation": tool.get("operation"),
                    "message": message and message[: grammar.limit("longest_message")],
                }
                if "name" in tool
                else None
            )
            server = _id_in(grammar, values.get("server"), values.get("name"))
            name = values.get("name") or (values.get("server") if read is None else None)
            record = Report(
                record="server" if read is None else "tool",
                id=server,
                name=name if server is None else None,
                status=known,
                task_state=task,
                has_task=values.get("task_state") is not None,
                read=read,
            )
            yield Found(start=found.start(), end=found.end(), record=record)


def _volume(values: Mapping[str, str | None]) -> Report:
    read = {"id": None, "name": values["name"], "status": values["status"], "server": None}
    return Report(record="volume", name=values["name"], read={**read, "attached_to": None, "device": None})


def _id_in(grammar: Grammar, *words: str | None) -> str | None:
    return next((word for word in words if word and grammar.shape("uuid").search(word)), None)


def read_messages(piece: Piece, findings: Findings) -> list[Piece]:
    """Read the log lines and the messages of a piece."""
    grammar = findings.grammar
    taken: list[tuple[int, int]] = []
    place = 0
    while place < len(piece.lines):
        logged = _logged(piece.lines[place], grammar)
        if logged is None:
            end = place + 1
            while end < len(piece.lines) and _logged(piece.lines[end], grammar) is None:
                end += 1
            taken += _read_prose(piece.part(place, end), place, findings)
        else:
            end, text = _whole(piece.lines, place, logged["text"], grammar)
            if _read_log(piece.start + place, logged, text, findings):
                taken.append((place, end))
        place = end
    return remaining(piece, taken)


def _logged(line: str, grammar: Grammar) -> dict[str, str | None] | None:
    """The parts of a line of a log; None where it is none."""
    if len(line) > grammar.limit("longest_row"):
        return None
    log = grammar.plain["log"]
    text = line[: grammar.limit("longest_line")]
    found = compile_pattern(log["line"]).search(text)
    if found is None:
        found = compile_pattern(log["bare"]).search(text)
        return None if found is None else {"level": None, "module": None, "time": None, **found.groupdict()}
    time = compile_pattern(log["time"]).search(found["before"])
    return {"time": time["time"] if time else None, **found.groupdict()}


def without_context(text: str, grammar: Grammar) -> tuple[str | None, str]:
    """The server that the brackets at the beginning of an entry name, and what follows them."""
    context = compile_pattern(grammar.plain["log"]["context"])
    server: str | None = None
    for _ in range(_MOST_BRACKETS):
        found = context.search(text)
        if found is None:
            break
        server = server or found["server"]
        text = text[found.end() :]
    return server, text


def _whole(lines: Sequence[str], place: int, text: str | None, grammar: Grammar) -> tuple[int, str]:
    """Behind the last line of an entry that the terminal broke, and its text."""
    parts = [text or ""]
    end = place + 1
    while end < len(lines) and lines[end].strip() and _logged(lines[end], grammar) is None:
        if not _is_open("".join(parts)) and not is_broken(lines[end - 1], lines[end], grammar):
            break
        parts += [between(parts[-1], lines[end], grammar), lines[end].lstrip()]
        end += 1
    return end, "".join(parts)[: grammar.limit("longest_text")]


def _is_open(text: str) -> bool:
    """Whether the brackets at the beginning of an entry are not closed yet."""
    return text.startswith("[") and len(text) < _LONGEST_CONTEXT and "]" not in text


def _read_log(line: int, logged: dict[str, str | None], text: str, findings: Findings) -> bool:
    """Add what a line of a log tells of a server; whether it was read."""
    grammar = findings.grammar
    server, rest = without_context(text, grammar)
    server = server or logged.get("server")
    one = on_one_line(rest, grammar)
    matches = find_messages(one, grammar, is_log=True)
    states = mentioned(one, grammar)
    level = logged["level"]
    if not matches and not states and level not in grammar.plain["log"]["levels_read"] and server is None:
        return False
    if len([1 for _, record in findings.records if record.record == "log"]) >= grammar.limit("most_logs"):
        return False
    first = next((match.record for match in matches if match.record.record != "fault"), None)
    fault = next((match.record for match in matches if match.record.record == "fault"), None)
    first = first or fault or Report()
    error = (fault.read or {}).get("errors") if fault else None
    record = replace(
        first,
        record="log",
        id=word_of(server, grammar) or first.id,
        # An exception in a log does not say what became of the server.
        status=None if first is fault else first.status,
        vm_state=first.vm_state or states.get("vm_state"),
        task_state=first.task_state or states.get("task_state"),
        has_task=first.has_task or "task_state" in states,
        read={
            "level": level,
            "module": logged["module"],
            "time": logged["time"],
            "message": one[: grammar.limit("longest_message")],
            "log_message": (first.read or {}).get("log_message"),
            "error": error[0] if error and len(error) == 1 else None,
        }
        | ({"request": request[0]} if (request := _REQUEST.search(text)) else {})
        | ({"operation": CREATE} if compile_pattern(grammar.plain["errors"]["build"]).search(one) else {}),
    )
    findings.add(line, record)
    return True


def _read_prose(prose: Piece, first: int, findings: Findings) -> list[tuple[int, int]]:
    """Add the messages of lines that are no log, however they were wrapped; which lines they took."""
    grammar = findings.grammar
    last = ""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for line, width in zip(prose.lines, widths(prose.lines), strict=True):
        part = on_one_line(line, grammar)
        if part and parts:
            # A line end stands where a paragraph ends: what is filled in last goes no further.
            parts.append(between(last, part, grammar) if last and not are_apart(last, part, width) else "\n")
            length += len(parts[-1])
        last = part
        starts.append(length)
        if not part:
            continue
        parts.append(part)
        length += len(part)
        if length > grammar.limit("longest_text"):
            break
    text = "".join(parts)[: grammar.limit("longest_text")]
    taken: list[tuple[int, int]] = []
    for found in find_messages(text, grammar):
        begun = bisect_right(starts, found.start) - 1
        ended = bisect_left(starts, max(found.end, found.start + 1)) - 1
        findings.add(prose.start + begun, found.record)
        taken.append((first + begun, first + ended + 1))
    return taken

"""Reads what a terminal or a log shows: tables, `key: value` and `key="value"` lines, bare values, a 409, a word.

Each reader returns the reports it finds, or none where the text is not of its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from nova_states.lookup.report import Asked, Report, field_of, power, report_of, word
from nova_states.lookup.vocabulary import Vocabulary, fold

_LINE: Final = re.compile(r"""^[\s-]{0,40}["']?([A-Za-z0-9_:. -]{1,40}?)["']?\s{0,8}(?:=|:(?=[\s"'0-9]|$))(.*)$""")
_LINE_ENDS: Final = re.compile(r"""\n|,\s{0,8}(?=["'])|[{\[]""")
"""Where a line ends, or an attribute of JSON that is written on one line or cut off."""
_AROUND: Final = " \t\"',}]"
"""What may stand around a value."""
_UUID: Final = re.compile(r"^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.IGNORECASE)
_RULE: Final = re.compile(r"^[-:=+ ]*$")
_MENTIONED: Final = re.compile(r"(?:vm|task|power)[ _]state|status", re.IGNORECASE)
_LONGEST_LINE: Final = 400
_LONGEST_ROW: Final = 100_000
"""Of a table, whose columns are as wide as the longest value in them."""
_LONGEST_HEAD: Final = 100
"""Rows of a table in which one must be its head."""
_MOST_LINES: Final = 100_000
_LONGEST_WORDS: Final = 200
_MOST_WORDS: Final = 8
_FIELD_HEADS: Final = ("field", "property", "key")
_VALUE_HEADS: Final = ("value",)


def find_message(text: str, vocabulary: Vocabulary) -> Report | None:
    """What the first 409 in a text says: the action that was refused and the state that refused it."""
    line = " ".join(re.sub(r"&#39;|&quot;|[\u2018\u2019\u201c\u201d`\\]", "'", text).split()).replace("''", "'")
    for pattern, names in vocabulary.messages:
        found = pattern.search(line)
        if found:
            values = dict(zip(names, found.groups(), strict=True))
            attribute, value = values.get("attr"), values.get("state")
            state = [(attribute, value)] if attribute else []
            report = report_of([*state, ("id", values.get("server_id"))])
            asked = Asked(action=values["action"], attribute=attribute and attribute.lower(), value=value)
            return _with_asked(report or Report(), asked)
    return None


def _with_asked(report: Report, asked: Asked) -> Report:
    return Report(
        id=report.id,
        vm_state=report.vm_state,
        task_state=report.task_state,
        has_task=report.has_task,
        asked=asked,
    )


def read_table(text: str, _: Vocabulary) -> list[Report]:
    """A table drawn with bars: field and value of one server, or a row a server."""
    drawn = (_cells(line[:_LONGEST_ROW]) for line in text.split("\n") if line.lstrip().startswith(("|", "│")))
    head = [cell.lower() for cell in next(_data_rows(islice(drawn, _LONGEST_HEAD)), ())]
    rows = _data_rows(drawn)
    match head:
        case [field, value] if field in _FIELD_HEADS and value in _VALUE_HEADS:
            # A line without a field goes on with the value above; none of those we read is that long.
            report = report_of((row[0], "|".join(row[1:]).strip()) for row in rows if row[0])
            return [report] if report else []
    if not any(field_of(cell) for cell in head):
        return []
    reports = (report_of(zip(head, _fit(row, len(head)), strict=True)) for row in rows if row[0])
    return [report for report in reports if report]


def _data_rows(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows that are not drawn only to divide others."""
    return (row for row in rows if not all(_RULE.match(cell) for cell in row))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"[|│]", line.strip().strip("|│"))]


def _fit(row: list[str], width: int) -> list[str]:
    """A row with as many cells as the head: a bar inside a name, the second column, has torn it apart."""
    surplus = len(row) - width
    if surplus > 0:
        return [row[0], "|".join(row[1 : surplus + 2]), *row[surplus + 2 :]]
    return row + [""] * -surplus


def read_lines(text: str, _: Vocabulary) -> list[Report]:
    """Lines of a name and a value: YAML, `-f shell`, the attributes of an object, JSON that is broken."""
    if not _MENTIONED.search(text):
        return []
    servers: list[dict[str, str]] = []
    for line in _LINE_ENDS.split(text):
        found = _LINE.match(line[:_LONGEST_LINE])
        field = field_of(found[1]) if found else None
        if not found or not field:
            continue
        if not servers or field in servers[-1]:
            servers.append({})
        servers[-1][field] = found[2].strip(_AROUND)
    telling = [server for server in servers if server.keys() & {"status", "vm_state", "task_state", "power_state"}]
    return [report for server in telling if (report := report_of(server.items()))]


def read_values(text: str, vocabulary: Vocabulary) -> list[Report]:
    """`-f value`: a server a line that begins with its id, or power_state, task_state, vm_state on lines in a row."""
    lines = [line.strip() for line in text.split("\n", _MOST_LINES)[:_MOST_LINES] if line.strip()]
    listed = [report for line in lines if (report := _listed(line, vocabulary))]
    return listed or list(_shown(lines, vocabulary))[:1]


def _listed(line: str, vocabulary: Vocabulary) -> Report | None:
    """ID Name Status Task Power …; a name may have spaces, so the status is looked for."""
    parts = line[:_LONGEST_LINE].split()
    if not parts or not _UUID.match(parts[0]):
        return None
    for place, part in enumerate(parts[1:], 1):
        if part in vocabulary.statuses.values():
            fields = {"id": parts[0], "name": " ".join(parts[1:place]), "status": part}
            rest = parts[place + 1 :]
            if rest and (rest[0] in ("None", "-") or fold(rest[0]) in vocabulary.task_states):
                fields["task_state"] = rest[0]
                if len(rest) > 1 and (isinstance(power(rest[1]), int) or fold(rest[1]) in vocabulary.power_states):
                    fields["power_state"] = rest[1]
            return report_of(fields.items())
    return None


def _shown(lines: list[str], vocabulary: Vocabulary) -> Iterator[Report]:
    for power_state, task_state, vm_state in zip(lines, lines[1:], lines[2:], strict=False):
        has_task = word(task_state) is None or fold(task_state) in vocabulary.task_states
        if fold(vm_state) in vocabulary.vm_states and has_task and _is_power(power_state, vocabulary):
            fields = {"vm_state": vm_state, "task_state": task_state, "power_state": power_state}
            report = report_of(fields.items())
            if report:
                yield report


def _is_power(text: str, vocabulary: Vocabulary) -> bool:
    return isinstance(power(text), int) or fold(text) in vocabulary.power_states


def read_words(text: str, vocabulary: Vocabulary) -> list[Report]:
    """A few words all of which are known: "SHUTOFF", "0x04", "active powering-off 1", or an action."""
    if len(text) > _LONGEST_WORDS:
        return []
    if fold(text) in vocabulary.actions and not _is_upper(text):
        return [Report(asked=Asked(action=text.strip(), attribute=None, value=None))]
    parts = re.split(r"[\s,;/|]+", text.strip())
    if not parts or len(parts) > _MOST_WORDS:
        return []
    fields: dict[str, str] = {}
    named: str | None = None
    for part in parts:
        if field := field_of(part.rstrip(":=")):
            named = field
            continue
        kind = named or _kind_of(part, fields, vocabulary)
        if kind is None:
            return []
        fields[kind] = part
        named = None
    report = report_of(fields.items())
    return [report] if report else []


def _kind_of(part: str, taken: dict[str, str], vocabulary: Vocabulary) -> str | None:
    """Which field a word is: in capitals a status, else a state; the next kind where that one is telling already."""
    folded = fold(part)
    kinds = {
        "status": folded in vocabulary.statuses,
        "vm_state": folded in vocabulary.vm_states,
        "task_state": folded in vocabulary.task_states or part in ("None", "none", "-", "null"),
        "power_state": _is_power(part, vocabulary),
    }
    capitals = ("status", "power_state", "vm_state", "task_state")
    order = capitals if _is_upper(part) else ("vm_state", "task_state", "power_state", "status")
    return next((kind for kind in order if kinds[kind] and kind not in taken), None)


def _is_upper(text: str) -> bool:
    return text == text.upper() != text.lower()

r"""Reads lines of a name and a value: YAML, `-f shell`, `name = value`, mysql's \\G, several on one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.messages import read_text, read_texts
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import FOREIGN, read_record
from nova_states.lookup.reading.scalars import Named, Scalar, read_scalar
from nova_states.lookup.reading.values import is_power, without_remark
from nova_states.lookup.report import Report

_STATES: Final = ("vm_state", "task_state", "power_state", "instance_state", "status")
_ONCE: Final = ("id", "name", *_STATES, "action", "event", "binary", "source_compute", "request_id")
"""Fields that stand once in a record: where one comes again, another record begins."""
_OF_SERVER: Final = ("server", "instance", "vm", "uuid", "server_id", "instance_id")
"""Names of a server's id, in a line of names and values."""
_OF_CONDITIONS: Final = ("", "true", "false")
"""Statuses of Kubernetes: of a condition, or an object whose members follow; none is a server's."""
_LONGEST_STATE: Final = 60
_SIGNS: Final = ":="
"""What stands between names and values of other lines."""
_NAME: Final = re.compile(r"^[A-Za-z_][\w:.-]{0,60}$", re.ASCII)
"""What may be the name of a field that nothing here knows."""
_OF_FAULTS: Final = ("message", "code", "created")
_FEW: Final = 20
"""Records in whose lines messages are looked for: of more, nobody wrote them by hand."""
_OF_ACTION: Final = ("request_id", "action", "event", "result", "message", "events")


@dataclass(kw_only=True)
class _Open:
    """A record that lines are still being added to."""

    line: int
    indent: int
    pairs: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Field → the name it had."""
    fault: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)
    has_cells: bool = False
    """Blanks alone divide its names from their values: a table whose bars were lost."""
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    indent: int
    is_item: bool
    name: str
    value: str
    end: int
    """Place behind it, and behind the lines in which its value goes on."""


def read_listing(piece: Piece, findings: Findings) -> list[Piece]:
    """Read the records that lines of names and values make."""
    taken: set[int] = set()
    reader = _Reader(grammar=findings.grammar, lines=piece.lines)
    place = 0
    while place < len(piece.lines):
        place = reader.read(place)
    reader.close()
    for record in reader.done:
        if not record.pairs.get("events", "-") and not record.events:
            # Events of Kubernetes.
            del record.pairs["events"], record.names["events"]
        if not _tells(record, findings.grammar):
            continue
        report = read_record(_values_of(record), findings.grammar)
        if (report == FOREIGN and _is_logged(piece.lines[record.line], findings.grammar)) or _is_void(report):
            continue
        if isinstance(report, Report):
            quoted: list[Report] = []
            if len(reader.done) <= _FEW:
                lines = [piece.lines[line] for line in dict.fromkeys(record.lines)]
                report, quoted = _with_messages(report, lines, findings)
            for one in (report, *quoted):
                findings.add(piece.start + record.line, one)
            taken.update(record.lines)
        elif report is not None:
            findings.leave(piece.start + record.line, ", ".join(record.names[name] for name in record.pairs))
            told = "\n".join(piece.lines[line] for line in dict.fromkeys(record.lines))
            read_texts(piece.start + record.line, (told,), findings)
            taken.update(record.lines)
    return remaining(piece, [(place, place + 1) for place in sorted(taken)])


def _is_void(report: Report | str | None) -> bool:
    """Whether an action is told of in nobody's form: what its lines quote is read as messages."""
    if not isinstance(report, Report) or report.record != "event":
        return False
    return not any((report.read or {}).get(name) for name in _OF_ACTION)


def _values_of(record: _Open) -> list[tuple[str, Any]]:
    """Names as they were pasted, with values; the fault and the events that stand in lines below come last."""
    values: list[tuple[str, Any]] = [(record.names[name], value) for name, value in record.pairs.items()]
    if record.fault and "fault" not in record.pairs:
        values.append(("fault", record.fault))
    if record.events:
        values = [(name, value) for name, value in values if value or name != record.names.get("events")]
        values.append(("events", record.events))
    return values


def _with_messages(report: Report, lines: Sequence[str], findings: Findings) -> tuple[Report, list[Report]]:
    """A server with the fault that one of its lines tells of under another name, as events of Kubernetes do.

    What such lines quote of refusals comes beside it.
    """
    read = report.read or {}
    text = "\n".join(lines)
    if report.record != "server" or "fault" in read or len(text) >= findings.grammar.limit("longest_text"):
        return report, []
    told = read_text(text, findings.grammar)
    fault = next((one.read["fault"] for one in told if one.read and one.read.get("fault")), None)
    refusals = [one for one in told if one.record == "refusal"]
    return replace(report, read={**read, "fault": fault}) if fault else report, refusals


def _is_logged(line: str, grammar: Grammar) -> bool:
    """Whether pairs stand in an entry of a log, which says more than they do."""
    return compile_pattern(grammar.plain["log"]["line"]).search(line[: grammar.limit("longest_line")]) is not None


def _tells(record: _Open, grammar: Grammar) -> bool:
    """Whether lines are a record, and no prose that happens to have a colon: one field alone needs a value of it."""
    fields = record.pairs
    kind = grammar.layout(tuple(record.names.values())).kind
    if len(fields) > 1:
        known = [name for name in _STATES if name in fields and _is_value(name, fields[name], grammar)]
        return bool(known) or (kind is not None and len(fields) > 2) or (kind not in (None, "server"))  # noqa: PLR2004
    return any(_is_value(name, value, grammar) for name, value in fields.items() if name in _STATES)


def _is_value(name: str, value: str, grammar: Grammar) -> bool:
    """Whether a value may be of a field: one word, known or not; of a status alone a known one."""
    text = value.strip()
    if name == "status":
        return grammar.is_status(text) or (text.isascii() and text.isidentifier() and text.isupper())
    return len(text) <= _LONGEST_STATE and (
        " " not in text or (name == "power_state" and is_power(text, grammar)) or "(" in text
    )


@dataclass(kw_only=True)
class _Reader:
    grammar: Grammar
    lines: Sequence[str]
    done: list[_Open] = field(default_factory=list)
    current: _Open | None = None
    parent: tuple[int, str] | None = None
    """Indent and field of a name without a value, whose members follow."""
    last: tuple[int, dict[str, str], str] | None = None
    """Indent of the latest pair, and where its value is."""

    def read(self, place: int) -> int:
        """Read a line, and those in which its value goes on; the place behind them."""
        grammar, end = self.grammar, place + 1
        line = self.lines[place]
        if grammar.shape("row_marker").search(line):
            self.close()
            return end
        if self.current and not line[:1].isspace() and _is_logged(line, grammar):
            self.close()
        text = line[: grammar.limit("longest_line")]
        if self._read_cells(place, text):
            return end
        found = grammar.shape("pair").search(text)
        if found is not None:
            indent = len(found["indent"]) + len(found["dash"])
            named = Named(lines=self.lines, place=place, indent=indent, sign=found["sign"], grammar=grammar)
            scalar = self._scalar(found["name"], named, line[found.start("value") :])
            if scalar is not None:
                self._add(
                    place,
                    _Line(
                        indent=indent,
                        is_item="-" in found["dash"],
                        name=found["name"],
                        value=scalar.text,
                        end=scalar.end,
                    ),
                )
                return scalar.end
        several = self._several(text)
        if several:
            for name, value in several:
                self._add(place, _Line(indent=0, is_item=False, name=name, value=value, end=end))
            return end
        if found is None:
            if text.strip() and self.current:
                self._go_on(place, text)
            return end
        value = _stripped(found["value"], grammar)
        self._add(place, _Line(indent=indent, is_item="-" in found["dash"], name=found["name"], value=value, end=end))
        return end

    def _scalar(self, name: str, named: Named, value: str) -> Scalar | None:
        """The value of a name in quotes or over several lines, where the name is one of a record."""
        if self.current is None and self.grammar.field_of(name) is None:
            return None
        return read_scalar(named, value[: self.grammar.limit("longest_row")])

    def _read_cells(self, place: int, text: str) -> bool:
        """Read a name and a value with nothing but blanks between; whether they are a pair."""
        cells = self.grammar.shape("two_cells").search(text)
        name, value = (cells["name"], _stripped(cells["value"], self.grammar)) if cells else (text.strip(), "")
        indent = len(text) - len(text.lstrip(" "))
        is_beside = self.current is not None and self.current.has_cells and indent == self.current.indent
        if cells:
            is_pair = self._is_pair(name, cells["value"], text, is_beside=is_beside)
        else:
            is_pair = is_beside and (self.grammar.field_of(name) is not None or _NAME.search(name) is not None)
        if is_pair:
            self._add(place, _Line(indent=indent, is_item=False, name=name, value=value, end=place + 1))
            if self.current:
                self.current.has_cells = True
        return is_pair

    def _is_pair(self, name: str, value: str, text: str, *, is_beside: bool) -> bool:
        """Whether a name and what stands apart from it are a pair: of a field, or in a record of such pairs."""
        if name[-1] in _SIGNS or value[0] in _SIGNS or self.grammar.shape("two_cells").search(value):
            return False
        if self.grammar.field_of(name) is not None:
            return self.grammar.field_of(value) is None
        return self.current is not None and ("\t" in text or (is_beside and _NAME.search(name) is not None))

    def _go_on(self, place: int, text: str) -> None:
        """Take a line that is no pair for the rest of the value above, if it is indented more; else end the record."""
        current = self.current
        depth = len(text) - len(text.lstrip(" "))
        # YAML has the items of a list no deeper than its name.
        depth += text.startswith("- ", depth)
        if current is None or self.last is None or depth <= self.last[0]:
            self.close()
            return
        _, values, name = self.last
        current.lines.append(place)
        if name in values and len(values[name]) < self.grammar.limit("longest_message"):
            values[name] = f"{values[name]} {_stripped(text, self.grammar)}".strip()

    def _several(self, text: str) -> list[tuple[str, str]]:
        """Pairs of one line, where it has at least two that name fields."""
        if text.count(":") + text.count("=") < 2:  # noqa: PLR2004 - one pair is a line of its own
            return []
        pairs = [
            (found["fault"] or found["name"], found["said"] or _closed(_stripped(found["value"], self.grammar)))
            for found in self.grammar.shape("pairs").finditer(text)
        ]
        named = [(name, value) for name, value in pairs if self.grammar.field_of(name)]
        fields = {self.grammar.field_of(name) for name, _ in named}
        if "id" not in fields:
            ids = [(name, value) for name, value in pairs if self.grammar.shape("uuid").search(value)]
            if len(ids) == 1 and ids[0][0].lower() in _OF_SERVER:
                named.append(("id", ids[0][1]))
                fields.add("id")
        return named if len(named) > 1 and len(fields) == len(named) and fields & set(_STATES) else []

    def _add(self, place: int, line: _Line) -> None:
        named = self.grammar.field_of(line.name)
        if named == "status" and line.value.lower() in _OF_CONDITIONS:
            if self.parent and line.indent <= self.parent[0]:
                self.parent = None
            return
        if named in _STATES:
            line = replace(line, value=without_remark(named, line.value, self.grammar))
        self._put(place, line, named)

    def _put(self, place: int, line: _Line, named: str | None) -> None:
        if self.parent and line.indent > self.parent[0]:
            self._add_member(place, line)
            return
        self.parent = None
        current = self.current
        if current and self._begins_another(current, line, named):
            if named and not line.is_item and current.pairs[named] == line.value:
                return
            self.close()
            current = None
        if named is None:
            self._add_unknown(place, line)
            return
        if not line.value:
            # YAML's members follow, or the value is nothing.
            self.parent = (line.indent, named)
        if current is None:
            current = self.current = _Open(line=place, indent=line.indent)
        elif line.indent > current.indent and not line.is_item and named in current.pairs:
            return
        current.lines.extend(range(place, line.end))
        if line.value or named != "fault":
            current.pairs[named] = line.value
            current.names[named] = line.name
        self.last = (line.indent, current.pairs, named)

    @staticmethod
    def _begins_another(current: _Open, line: _Line, named: str | None) -> bool:
        return (line.is_item and line.indent <= current.indent) or (named in _ONCE and named in current.pairs)

    def _add_member(self, place: int, line: _Line) -> None:
        """A line below a name without a value: of a fault or of events it is kept, of a flavor it says nothing."""
        current = self.current
        if current is None or self.parent is None:
            return
        current.lines.extend(range(place, line.end))
        members = current.fault
        if self.parent[1] == "events":
            if line.is_item:
                current.events.append({})
            members = current.events[-1] if current.events else {}
            members.setdefault(line.name, line.value)
        elif self.parent[1] == "fault" and line.name in _OF_FAULTS:
            members[line.name] = line.value
        self.last = (line.indent, members, line.name)

    def _add_unknown(self, place: int, line: _Line) -> None:
        """A line whose name is no field: it belongs to the record that it stands in."""
        if self.current is None:
            return
        self.current.lines.extend(range(place, line.end))
        self.last = (line.indent, {}, "")
        if not line.value:
            self.parent = (line.indent, "")

    def close(self) -> None:
        if self.current and self.current.pairs:
            self.done.append(self.current)
        self.current = None
        self.parent = None
        self.last = None


def _stripped(value: str, grammar: Grammar) -> str:
    """A value without quotes around it, and without what an arrow behind it points out."""
    text = grammar.shape("pointer").sub("", value)
    return text.strip().strip(grammar.plain["shapes"]["around"])


def _closed(value: str) -> str:
    """A value without the end of brackets that began before it."""
    return value.rstrip(")") if "(" not in value else value

"""Reads entries of a log that collectors keep as objects: docker, the journal, fluentd, oslo.log's own JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern, fold_name
from nova_states.lookup.reading.messages import read_messages
from nova_states.lookup.reading.pieces import Findings, Piece
from nova_states.lookup.report import Report, clean

_MODULES: Final = (" nova.", " oslo")
"""What any entry of Nova's has before its text."""
_SHORTEST: Final = 20
_REFUSAL: Final = "refusal"
_PARTS: Final = ("time", "level", "module", "text")


def logged_in(members: Sequence[tuple[str, Any]], grammar: Grammar) -> list[Report]:
    """The entries of a log that an object holds: each in a text of its own, or one in its parts."""
    longest = grammar.limit("longest_text")
    texts = [text for _, text in members if isinstance(text, str) and _SHORTEST < len(text) < longest]
    line = compile_pattern(grammar.plain["log"]["line"])
    whole = [clean(text) for text in texts if any(name in text for name in _MODULES)]
    found = [text for text in whole if line.search(text[: grammar.limit("longest_line")].partition("\n")[0])]
    parts = _parts(members, grammar.plain["log"]["members"])
    if not found and parts["level"] and parts["module"] and parts["text"]:
        told = clean(" ".join(text for text in parts.values() if text))
        found = [told] if line.search(told[: grammar.limit("longest_line")].partition("\n")[0]) else []
    inner = Findings(grammar=grammar)
    for text in found:
        read_messages(Piece(start=0, lines=text.rstrip("\n").split("\n")), inner)
    return [report for _, report in inner.records]


def are_of_entry(records: Sequence[tuple[int, Report]], before: str, grammar: Grammar) -> bool:
    """Whether printed objects are what another service answered Nova, in the entry that says for what.

    Args:
        records: What the objects tell.
        before: What stands before them on their line.
        grammar: The grammar.
    """
    is_answer = bool(records) and all(record.record == _REFUSAL for _, record in records)
    return is_answer and compile_pattern(grammar.plain["log"]["line"]).search(before) is not None


def _parts(members: Sequence[tuple[str, Any]], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The parts of an entry, in its order; "" for one that the object does not have."""
    told = {fold_name(str(name)): value for name, value in members if isinstance(value, str)}
    return {part: next((told[name] for name in names[part] if name in told), "") for part in _PARTS}

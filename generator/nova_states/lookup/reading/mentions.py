"""Tells which states a text names beside their fields, and whether a state is a server's at all."""

from __future__ import annotations

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.vocabulary import fold


def is_of_server(before: str, grammar: Grammar) -> bool:
    """Whether a state behind a text is a server's: what is named last before it is no volume, port or the like."""
    sentence = grammar.plain["sentence"]
    place, other = (
        max((found.end() for found in compile_pattern(sentence[name], any_case=True).finditer(before)), default=-1)
        for name in ("about", "other")
    )
    return other <= place


def mentioned(line: str, grammar: Grammar) -> dict[str, str | None]:
    """States that a text names beside the name of their field; a task that is None is there with None."""
    found: dict[str, str | None] = {}
    known = {"vm_state": grammar.vocabulary.vm_states, "task_state": grammar.vocabulary.task_states}
    for kind, pattern in grammar.plain["log"]["mentions"]:
        for match in compile_pattern(pattern).finditer(line):
            word = match[1]
            if kind in found:
                break
            if fold(word) in known[kind]:
                found[kind] = word
            elif kind == "task_state" and word in grammar.words("no_task"):
                found[kind] = None
    return found

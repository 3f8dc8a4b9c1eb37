"""Tells which states a text names beside their fields, and whether a state is a server's at all."""

from __future__ import annotations

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.vocabulary import fold


def is_of_server(before: str, grammar: Grammar) -> bool:
    """Whether a state behind a text is a server's: what the text is about last is no volume, port or the like."""
    return _last("other", before, grammar) <= _last("subject", before, grammar)


def names_server(before: str, grammar: Grammar) -> bool:
    """Whether a text is about a server, or ends in what only a state follows."""
    stated = compile_pattern(grammar.plain["sentence"]["stated"], any_case=True)
    return _last("subject", before, grammar) >= 0 or stated.search(before) is not None


def _last(name: str, before: str, grammar: Grammar) -> int:
    """Where a text last names such a thing; what it names only beside another ("on host a") does not count."""
    sentence = grammar.plain["sentence"]
    beside = compile_pattern(sentence["beside"], any_case=True)
    found = compile_pattern(sentence[name], any_case=True).finditer(before)
    return max((one.end() for one in found if not beside.search(before[: one.start()])), default=-1)


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

"""Takes off what mail, issues, terminals and tools put around a text: quotes, fences, prompts, entities, escapes.

What is left are lines; a line that was a command is empty, and the command is kept beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.report import clean

_ROUNDS: Final = 4
"""Wrappings inside wrappings."""
_LONGEST_LITERAL: Final = 2_000
_QUOTED_ROW: Final = re.compile(
    r"^[^|\n]{3,160}(?<=[ '\"(\[])(?=[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} ?\|[^|\n]{1,120}\|[^|\n]{1,60}\|)",
    re.ASCII,
)
"""What stands in a sentence before a row that has lost its left border."""
_ESCAPED_QUOTE: Final = re.compile(r'\\+"')
_ESCAPED_LINE: Final = re.compile(r"\\+n")
_LINE_END: Final = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_COMMA: Final = re.compile(", ?")
_TITLE: Final = re.compile(r"\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?")
_HALVES: Final = re.compile("[\ud800-\udfff]")
_WIDE: Final = re.compile("[\uff01-\uff5e]")
"""Letters and signs as wide as a Korean syllable, which a keyboard types where it was left so."""
_WIDER: Final = 0xFEE0
"""How far they stand behind those of ASCII."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwrapped:
    """The lines of a paste without their wrappings."""

    lines: list[str]
    commands: dict[int, str] = field(default_factory=dict)
    """Place of a line → the command that stood there."""
    hosts: dict[int, str] = field(default_factory=dict)
    """Place of a command → the host that its prompt names."""


def tidy(text: str) -> str:
    """Text with one kind of line end and of blank, without colours, control characters and marks of direction."""
    narrow = _WIDE.sub(lambda found: chr(ord(found[0]) - _WIDER), _LINE_END.sub("\n", text))
    return clean(_HALVES.sub("", _TITLE.sub("", narrow)))


def unwrap(text: str, grammar: Grammar) -> Unwrapped:
    """The lines of a tidy text."""
    unwrapping = grammar.plain["unwrapping"]
    if "\\" in text:
        text = _unescape(text, compile_pattern(unwrapping["escaped"]), compile_pattern(unwrapping["literal"]))
    for needed, pattern, replacement in unwrapping["rewrites"]:
        if needed in text:
            text = compile_pattern(pattern, any_case=True).sub(lambda _, to=replacement: to, text)  # type: ignore[misc]
    text = compile_pattern(unwrapping["listed"]).sub(lambda found: _COMMA.sub("\n", found[0]) + "\n", text)
    prefixes = [compile_pattern(prefix) for prefix in unwrapping["prefixes"]]
    prompts = [compile_pattern(prompt) for prompt in unwrapping["prompts"]]
    fence, host = compile_pattern(unwrapping["fence"]), compile_pattern(unwrapping["host"])
    longest = grammar.limit("longest_row")
    lines: list[str] = []
    commands: dict[int, str] = {}
    hosts: dict[int, str] = {}
    for raw in text.split("\n", grammar.limit("most_lines"))[: grammar.limit("most_lines")]:
        line = _unprefixed(raw[:longest], prefixes)
        if fence.search(line):
            line = ""
        elif (command := _command(line, prompts)) is not None:
            commands[len(lines)] = command
            if typed := host.search(line):
                hosts[len(lines)] = typed["host"]
            line = ""
        lines.append(line)
    return Unwrapped(lines=lines, commands=commands, hosts=hosts)


def _unescape(text: str, escaped: re.Pattern[str], literal: re.Pattern[str]) -> str:
    """JSON out of a string of JSON, or out of the lines of a program that put it together."""
    if not escaped.search(text):
        return text
    text = "\n".join(_written(line, literal) for line in text.split("\n"))
    return _ESCAPED_LINE.sub("\n", _ESCAPED_QUOTE.sub('"', text))


def _written(line: str, literal: re.Pattern[str]) -> str:
    found = literal.search(line) if len(line) <= _LONGEST_LITERAL else None
    return found["text"] if found and '\\"' in found["text"] else line


def _unprefixed(line: str, prefixes: list[re.Pattern[str]]) -> str:
    if found := _QUOTED_ROW.search(line):
        line = line[found.end() :]
    for _ in range(_ROUNDS):
        before = line
        for prefix in prefixes:
            if found := prefix.search(line):
                line = line[found.end() :]
        if line == before:
            break
    return line


def _command(line: str, prompts: list[re.Pattern[str]]) -> str | None:
    if len(line) > 1000:  # noqa: PLR2004 - no command is
        return None
    return next((found[1] for prompt in prompts if (found := prompt.search(line))), None)

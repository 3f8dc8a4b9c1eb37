"""The commands of `openstack` and `nova-manage` that our texts tell people to run, each with its file and line.

Markdown has them in blocks of shell and in running text, YAML as values and in its texts. What stands in running text
may name a command without what it works on; what stands in a block or in a `command:` has to be whole.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from nova_states.explanations.yaml_text import compose_yaml

PROGRAMS: Final = ("openstack", "nova-manage")
_BLOCK: Final = re.compile(
    r"^(?P<indent> *)```(?:sh|bash|console|shell)\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
_ANY_BLOCK: Final = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_PLACEHOLDER: Final = re.compile(r"\{\w+\}|<[\w -]+>")
_NUMBER: Final = re.compile(r"(?<![\w./-])(?:GB|MB|N|SECONDS)(?![\w./-])")
_FILLED_IN: Final = {"{count}": "1", "{state}": "error", "{old}": "normal"}
"""What may not be any word."""
_ANY: Final = "0c2f1d66-41f5-4b52-9d6b-66f2f1a3d7a1"
_LEFT_OUT: Final = re.compile(r"(?:\s*(?:…|\.\.\.))+")
_ENDS: Final = re.compile(r"[|&;()<>]+")
_PREFIXES: Final = ("sudo", "$")


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenCommand:
    """A command in a text."""

    place: str
    """"docs/en/runbook/locked.md:41"."""
    program: str
    arguments: tuple[str, ...]
    """As the program would get them, placeholders filled in."""
    is_whole: bool
    """Whether people are told to run it as it stands."""

    @property
    def text(self) -> str:
        """As it would be typed."""
        return shlex.join((self.program, *self.arguments))


def commands_below(folder: Path) -> Iterator[WrittenCommand]:
    """All commands in the Markdown and YAML below a folder, in the order of the files; places begin with its name."""
    for file in sorted((*folder.rglob("*.md"), *folder.rglob("*.yml"))):
        place = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        yield from commands_of_markdown(file, place) if file.suffix == ".md" else commands_of_yaml(file, place)


def commands_of_markdown(file: Path, place: str) -> Iterator[WrittenCommand]:
    """The commands of a page."""
    text = file.read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start("text")) + 1
        number = 0
        for line in block["text"].replace("\\\n", "\\\0").split("\n"):
            yield from _read(line.replace("\\\0", " "), f"{place}:{first + number}", is_whole=True)
            number += 1 + line.count("\\\0")
    # Code may go on over the end of a line; blocks are left out, but not their lines.
    prose = _ANY_BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    for code in _CODE.finditer(prose):
        yield from _read(code[1], f"{place}:{prose.count(chr(10), 0, code.start()) + 1}", is_whole=False)


def commands_of_yaml(file: Path, place: str) -> Iterator[WrittenCommand]:
    """The commands of a file of texts."""
    yield from _of_node(compose_yaml(file, place), "", place)


def _of_node(node: yaml.Node | None, key: str, place: str) -> Iterator[WrittenCommand]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _of_node(value, str(name.value), place)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _of_node(item, key, place)
    elif isinstance(node, yaml.ScalarNode):
        where = f"{place}:{node.start_mark.line + 1}"
        text = str(node.value)
        if text.startswith(PROGRAMS) and text.isascii():
            yield from _read(text, where, is_whole=key == "command")
        for code in _CODE.finditer(text):
            yield from _read(code[1], where, is_whole=False)


def _read(text: str, place: str, *, is_whole: bool) -> Iterator[WrittenCommand]:
    """The commands of a line of shell."""
    if not any(re.search(rf"(?<![\w./-]){program} ", text) for program in PROGRAMS):
        return
    filled = _NUMBER.sub("1", _PLACEHOLDER.sub(lambda found: _FILLED_IN.get(found[0], _ANY), text))
    lexer = shlex.shlex(_LEFT_OUT.sub("", filled), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True  # "OS-EXT-STS:vm_state" is one word
    lexer.commenters = "#" if is_whole else ""
    words: list[str] = []
    for word in (*lexer, ";"):
        if not _ENDS.fullmatch(word):
            words.append(word)
            continue
        while words and (words[0] in _PREFIXES or re.fullmatch(r"\w+=.*", words[0])):
            words.pop(0)
        if words and words[0] in PROGRAMS and len(words) > 1:
            yield WrittenCommand(place=place, program=words[0], arguments=tuple(words[1:]), is_whole=is_whole)
        words = []

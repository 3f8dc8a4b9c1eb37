"""Loads docs/explanations/log_message: what lines of Nova's log mean and what to do then, a file a line.

A line is named by the slug of its fact. A text belongs to every slug of the same wording, and to those that its file
names beside: releases word a line differently, or name what is filled in differently.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from nova_states.errors import CheckError, InputError
from nova_states.explanations.details import Detail, detail_problems
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.folders import read_file
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.steps import Step
from nova_states.explanations.yaml_text import compose_yaml

FOLDER: Final = "log_message"
_PLACEHOLDER: Final = re.compile(r"\{\w*\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class LogText:
    """What is said of a line."""

    name: str
    """Its slug."""
    also: tuple[str, ...] = ()
    """Slugs of other wordings that mean the same."""
    why: Text
    """What it means and how it leaves the server; inline Markdown (code only)."""
    steps: tuple[Step, ...] = ()
    """What to do about it, in order."""
    runbook: str | None = None
    """The name of the runbook that says more."""
    caused: Text | None = None
    """What is said in place of `why` where the message tells a cause: what came of it, without that one has to look."""
    details: tuple[Detail, ...] = ()
    """What is said with what stands in the message itself; the first that fits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A file and what it says."""

    text: LogText
    where: str
    nodes: yaml.Node | None

    def line_of(self, slug: str) -> str:
        """File and line of a slug."""
        lines = (node.start_mark.line + 1 for node in _scalars(self.nodes) if node.value == slug)
        return f"{self.where}:{next(lines, 1)}"


def load_log_texts(folder: Path) -> dict[str, LogText]:
    """Name → text, of all files of a folder; none where there is no such folder.

    Raises:
        CheckError: files do not fit, each with its place: an unknown key, an empty text, one language only.
    """
    found: dict[str, LogText] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            found[path.stem] = _read(path).text
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise CheckError(tuple(problems))
    return found


def find_log_problems(folder: Path, texts: Mapping[str, LogText], slugs: Collection[str]) -> Iterator[str]:
    """Each slug that no release has or that two texts are for, with its file and line.

    Args:
        folder: Where the texts were read.
        texts: `load_log_texts`.
        slugs: Those of all releases.
    """
    owners: dict[str, str] = {}
    for name, text in texts.items():
        for slug in (text.name, *text.also):
            is_first = owners.setdefault(slug, name) == name
            if slug in slugs and is_first:
                continue
            place = _read(folder / f"{name}.yml").line_of(slug)
            wrong = "no release logs it; remove it or mend its name" if is_first else f"{owners[slug]}.yml has it too"
            yield f"{place}: {slug}: {wrong}"


def texts_by_slug(texts: Mapping[str, LogText], patterns: Mapping[str, str]) -> dict[str, str]:
    """Slug → name of the text that is said of it.

    Args:
        texts: `load_log_texts`.
        patterns: Slug → wording, of all releases.
    """
    named = {slug: name for name, text in texts.items() for slug in (text.name, *text.also) if slug in patterns}
    worded = {wording_of(patterns[slug]): name for slug, name in named.items()}
    same = {slug: worded.get(wording_of(pattern)) for slug, pattern in patterns.items()}
    return {slug: name for slug, name in same.items() if name is not None} | named


def wording_of(pattern: str) -> str:
    """A pattern whatever its placeholders are called."""
    return _PLACEHOLDER.sub("{}", pattern)


def _read(path: Path) -> _Read:
    where = f"docs/explanations/{FOLDER}/{path.name}"
    text = read_file(path, where, LogText)
    if file_stem(text.name) != path.stem:
        raise InputError(f"{where}: $.name: {text.name!r} does not belong in this file")
    for language in LANGUAGES:
        if not text.why[language].strip():
            raise InputError(f"{where}: $.why.{language}: empty")
    for problem in detail_problems(text.details):
        raise InputError(f"{where}: {problem}")
    return _Read(text=text, where=where, nodes=compose_yaml(path, where))


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    level: list[Any] = [node]
    while level:
        one = level.pop(0)
        if isinstance(one, yaml.ScalarNode):
            yield one
        elif isinstance(one, yaml.SequenceNode):
            level += one.value
        elif isinstance(one, yaml.MappingNode):
            level += [part for pair in one.value for part in pair]

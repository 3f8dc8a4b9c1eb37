"""Says what changed between two releases in a language, as text or as Markdown for a change ticket."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from nova_states.catalog.noticed_changes import Change
from nova_states.catalog.serialisation import ANY
from nova_states.facts.json_value import Json

_FILE = Path(__file__).with_name("change_words.toml")
_TEXT = ("", "", "  ", "")
_MARKDOWN = ("## ", "### ", "- ", "`")
"""Before the title, an area and a change, and around what a change is about."""
_FOLDED = ("new", "removed", "other", "conditions")
"""Words of which all that they hold for stand in one line."""
_FIELD = "field"
"""The word whose values name a field of a fact."""
_CHECKS = "checks"
"""The word whose values are names of Nova's functions, which say little to an operator."""


@functools.cache
def words_in(language: str) -> Mapping[str, Mapping[str, str]]:
    """Texts by section ("area", "change", "line") and name; {…} are filled in."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {section: {name: texts[language] for name, texts in words.items()} for section, words in found.items()}


def text_lines(changes: Sequence[Change], before: str, after: str, language: str) -> Iterator[str]:
    """Lines for a terminal, by area."""
    yield from _lines(changes, before, after, language, _TEXT)


def markdown_lines(changes: Sequence[Change], before: str, after: str, language: str) -> Iterator[str]:
    """The same as Markdown."""
    yield from _lines(changes, before, after, language, _MARKDOWN)


def said(change: Change, language: str) -> str:
    """A change in words, without what it is about."""
    words = words_in(language)
    told = change.values
    if change.word == _CHECKS:
        told = {**told, "delta": [_check(str(one), words["check"]) for one in change.values["delta"]]}
    if change.word == _FIELD:
        told = {**told, "field": words["field"].get(str(told["field"]), told["field"])}
    values = {name: _shown(value, words["line"]) for name, value in told.items()}
    text = words["change"][change.word].format_map(values)
    return f"{words['line']['in_a_case']}: {text}" if change.values.get("in_a_case") else text


def _lines(
    changes: Sequence[Change], before: str, after: str, language: str, signs: tuple[str, str, str, str]
) -> Iterator[str]:
    words, (title, head, item, quote) = words_in(language), signs
    yield title + words["line"]["title"].format(before=before, after=after, count=len(changes))
    if not changes:
        yield words["line"]["nothing"]
    for area, members in groupby(changes, key=lambda change: change.area):
        yield ""
        yield head + words["area"][area]
        folded: dict[tuple[str, str, str], list[str]] = {}
        for change in members:
            marks = "".join(_marks(change, language))
            place = words["kind"][change.kind]
            if change.word in _FOLDED:
                folded.setdefault((place, change.word, marks), []).append(f"{quote}{change.subject}{quote}")
            else:
                subject = f"{quote}{change.subject}{quote}" if change.subject else ""
                yield f"{item}{' '.join(filter(None, (place, subject)))}: {said(change, language)}{marks}"
        for (place, word, marks), subjects in folded.items():
            yield f"{item}{place}: {words['change'][word]}: {', '.join(subjects)}{marks}"


def _check(signed: str, words: Mapping[str, str]) -> str:
    """A check that was added or went, by what it asks of a server, and by its name."""
    sign, name = signed[0], signed[1:]
    return f"{sign}{words[name]} ({name})" if name in words else signed


def _marks(change: Change, language: str) -> Iterator[str]:
    words = words_in(language)["line"]
    if change.backported_to:
        yield f" [{words['backport'].format(version=change.backported_to)}]"
    if change.is_unread:
        yield f" [? {words['unread']}]"


def _shown(value: Json, words: Mapping[str, str]) -> str:
    if value is None:
        return words["none"]
    if value == ANY:
        return words["any"]
    if isinstance(value, list):
        return ", ".join(_shown(one, words) for one in value) or words["none"]
    if isinstance(value, dict):
        return _way(value, words)
    return str(value)


def _way(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Who does what, and the states it writes; what stays as it was is not said."""
    states = [f"{key} {_shown(state, words)}" for key, state in row["to"].items() if state != "="]
    does = " ".join(row[key] for key in ("actor", "outcome", "effect") if key in row)
    return " → ".join(filter(None, (does, ", ".join(states))))

"""Says what changed between two releases in a language, as text or as Markdown for a change ticket."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

from nova_states.catalog.noticed_changes import WAYS, Change
from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.serialisation import ANY
from nova_states.catalog.ways import FIELDS, Clause
from nova_states.facts.json_value import Json

_FILE = Path(__file__).with_name("change_words.toml")
_TEXT = ("", "", "  ", "")
_MARKDOWN = ("## ", "### ", "- ", "`")
"""Before the title, an area and a change, and around what a change is about."""
_LISTED = ("new", "removed", "other", "conditions", "cases", "translations", "written")
"""Words after which stands all that they hold for."""
_BRIEF = ("translations", "other", "written")
"""Words of which the first that they hold for are named, and the others counted."""
_NUMEROUS = ("errors", "log_messages")
"""Kinds of which hundreds come and go from series to series; so many are named (`--format json` has them all)."""
_NAMED_OF_NUMEROUS = 20
_USUAL = "usual"
"""The word that tells of states in which another reaction is usual."""
_YES_OR_NO = ("mutable", "in_progress")
"""Fields whose value is whether something is so."""
_FAULTS = "faults"
"""The word whose values are actions, often most of them."""
_MANY, _FEW = 8, 4
"""States, and conditions, of which that many are told at most."""
_Words: TypeAlias = Mapping[str, Mapping[str, str]]
_FIELD = "field"
"""The word whose values name a field of a fact."""
_CHECKS = "checks"
"""The word whose values are names of Nova's functions, which say little to an operator."""


@functools.cache
def words_in(language: str) -> _Words:
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
    told = dict(change.values)
    if change.word == _CHECKS:
        told["delta"] = _checks([str(one) for one in change.values["delta"]], words)
    if change.word == _FIELD:
        if told["field"] in _YES_OR_NO:
            line = words["line"]
            told |= {side: line["yes" if str(told[side]) == "True" else "no"] for side in ("before", "after")}
        told["field"] = words["field"].get(str(told["field"]), told["field"])
    if change.word == _USUAL:
        told = {name: words["effect"][told[name]] for name in ("before", "after")} | {"states": _states(told, words)}
    if change.word == _FAULTS:
        told["delta"] = _few(told["delta"], words)
    if change.kind in WAYS and "states" in told and change.word != _USUAL:
        told["states"] = _few(told["states"], words)
    for name in ("when", "was"):
        if name in told:
            told[name] = _when(told[name], language)
    values = {name: _shown(value, words) for name, value in told.items()}
    text = words["change"][change.word].format_map(values)
    is_bare = "when" in told and "{when}" not in words["change"][change.word]
    return words["line"]["in_a_case"].format(text=text, when=told["when"]) if is_bare else text


@dataclass(kw_only=True, slots=True)
class _Line:
    place: str
    subjects: list[str]
    says: str
    marks: str
    is_list: bool
    """Whether all that something short holds for is listed after it: "new: A, B"."""
    most: int | None
    """So many of these are named, as who reads it looks for no single one; None: all."""


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
        for line in _folded(members, language):
            names = ", ".join(f"{quote}{subject}{quote}" for subject in line.subjects[: line.most])
            if line.most is not None and len(line.subjects) > line.most:
                names = words["line"]["more"].format(list=names, count=len(line.subjects) - line.most)
            parts = (f"{line.place}: {line.says}", names) if line.is_list else (_named(line.place, names), line.says)
            yield f"{item}{': '.join(filter(None, parts))}{line.marks}"


def _named(place: str, names: str) -> str:
    return " ".join(filter(None, (place, names)))


def _folded(changes: Iterable[Change], language: str) -> list[_Line]:
    """What is told of several things alike is one line, where it is told first; lists stand at the end."""
    words = words_in(language)
    found: dict[tuple[str, str, str], _Line] = {}
    for change in changes:
        place, says, marks = words["kind"][change.kind], said(change, language), "".join(_marks(change, language))
        line = _Line(
            place=place,
            subjects=[],
            says=says,
            marks=marks,
            is_list=change.word in _LISTED,
            most=_most(change),
        )
        line = found.setdefault((place, says, marks), line)
        # What is done by itself tells its effect, which is what the facts call it by.
        if change.subject and change.kind not in REACTION_KINDS:
            line.subjects.append(change.subject)
    return sorted(found.values(), key=lambda line: line.is_list)


def _most(change: Change) -> int | None:
    if change.word in _BRIEF:
        return _MANY
    return _NAMED_OF_NUMEROUS if change.kind in _NUMEROUS and change.word in _LISTED else None


def _checks(signed: Sequence[str], words: _Words) -> str:
    """The checks that were added and those that went, each by what it asks of a server, and by its name."""
    told = []
    for word, sign in (("required", "+"), ("not_required", "\N{MINUS SIGN}")):
        names = [one[1:] for one in signed if one[0] == sign]
        checks = [f"{words['check'][name]} ({name})" if name in words["check"] else name for name in names]
        if checks:
            told.append(words["line"][word].format(list=", ".join(checks)))
    return "; ".join(told)


def _marks(change: Change, language: str) -> Iterator[str]:
    words = words_in(language)["line"]
    if change.backported_to:
        yield f" [{words['backport'].format(version=change.backported_to)}]"
    if change.is_unread:
        yield f" [? {words['unread']}]"


def _shown(value: Json, words: _Words) -> str:
    if value is None:
        return words["line"]["none"]
    if value == ANY:
        return words["line"]["any"]
    if isinstance(value, list):
        return ", ".join(_shown(one, words) for one in value) or words["line"]["none"]
    if isinstance(value, dict):
        return _way(value, words)
    return str(value)


def _way(row: Mapping[str, Any], words: _Words) -> str:
    """Who does what, and the states it writes; what stays as it was is not said."""
    line = words["line"]
    if "to" not in row:
        return ", ".join(words["outcome"][outcome] for outcome in row["outcome"])
    written = [(name, row["to"][name]) for name in ("vm_state", "task_state") if row["to"][name] != "="]
    states = ", ".join(f"{name} {_shown(state, words)}" for name, state in written)
    if "effect" in row:
        effect = words["effect"][row["effect"]]
        return line["then"].format(effect=effect, states=states) if states else effect
    actor, outcome = words["actor"].get(row["actor"], row["actor"]), words["outcome"][row["outcome"]]
    return line["writes" if states else "keeps"].format(actor=actor, states=states, outcome=outcome)


def _states(told: Mapping[str, Any], words: _Words) -> str:
    """The states of a reaction by field; what may be any is not said."""
    fields = [(field, told[field]) for field in FIELDS if told[field] != ANY]
    return (
        ", ".join(f"{field.removesuffix('s')} {_few(states, words)}" for field, states in fields)
        or words["line"]["any"]
    )


def _few(values: Any, words: _Words) -> str:  # noqa: ANN401 - a list, or `*`
    """Values of which the first are named, and the others counted."""
    if not isinstance(values, list) or len(values) <= _MANY:
        return _shown(values, words)
    return words["line"]["more"].format(list=_shown(values[: _MANY - 1], words), count=len(values) - _MANY + 1)


def _when(groups: Sequence[Sequence[Clause]], language: str) -> str:
    """Conditions of which each is enough: clauses of each together, the first conditions whole, the others counted."""
    line = words_in(language)["line"]
    told = [
        line["if"].format(
            clauses=line["and"].join([*(clause[language][0] for clause in group[:-1]), group[-1][language][1]])
        )
        for group in groups
    ]
    if len(told) <= _FEW:
        return "; ".join(told)
    return line["more"].format(list="; ".join(told[: _FEW - 1]), count=len(told) - _FEW + 1)

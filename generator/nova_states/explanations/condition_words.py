"""Loads docs/explanations/conditions: what each part of a condition says, where it holds and where it does not.

A condition names variables of Nova's code, which mean something else in another place and at times the opposite of what
they say. So people write, once for each literal, a clause in both languages; `condition_sentences` joins the clauses.

A file is a theme. An entry names the literals it is about as `facts --format json` prints them, without `holds`, and
may be `only` for some places: actions, or kinds of facts that belong to no action ("startup").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from nova_states.errors import CheckError, InputError
from nova_states.explanations.korean import stem_of
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.microversion_words import microversion_clause
from nova_states.facts.condition import (
    AllOf,
    AnyOf,
    CodeTest,
    Condition,
    LiteralCondition,
    Race,
    Raises,
    Unread,
    all_of,
    literals,
    negated,
)
from nova_states.facts.condition_codec import condition_from_plain

FOLDER: Final = "conditions"
"""Below docs/explanations."""
_AS_USUAL: Final[Mapping[str, Mapping[str, object]]] = {"test": {"holds": True}, "raises": {"by": None}}
"""What an entry need not say of a literal, by the key that tells its sort."""
_SIDES: Final = ("holds", "fails")
_CUT: Final = ("…", "...")
"""What stands for a part that is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """The clauses of some literals that say the same."""

    where: str
    """File below the checkout."""
    theme: str
    """Name of the file: what the literals have to do with."""
    atoms: tuple[LiteralCondition, ...]
    """The literals, each as `atom_of` gives it."""
    only: tuple[str, ...]
    """Places where this is what they say; empty: wherever no other entry has them."""
    holds: Text
    """Clause for a literal that holds: English to follow "if", Korean with its verb in the form of a dictionary."""
    fails: Text | None
    """The same for one that does not hold; None for what cannot be denied: nothing says that no exception is raised."""
    ordinary: bool | None
    """Whether it holds in the ordinary way of things; None: neither way is out of the ordinary."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionWords:
    """All entries, found by literal and place."""

    entries: tuple[Entry, ...] = ()
    themes: Mapping[str, Text] = field(default_factory=dict)
    """Name of each theme → what people call it."""
    _by_atom: Mapping[tuple[LiteralCondition, str | None], Entry] = field(default_factory=dict, repr=False)

    def entry(self, literal: LiteralCondition, place: str) -> Entry | None:
        """The entry of a literal in a place; None where there is none."""
        atom = atom_of(literal)
        return self._by_atom.get((atom, place)) or self._by_atom.get((atom, None))

    def parts(self, literal: LiteralCondition, place: str) -> tuple[LiteralCondition, ...]:
        """The literals that are worded for one: itself, or each exception of several that have no entry together."""
        if isinstance(literal, Raises) and len(literal.exceptions) > 1 and self.entry(literal, place) is None:
            return tuple(replace(literal, exceptions=(name,)) for name in literal.exceptions)
        return (literal,)

    def clause(self, literal: LiteralCondition, place: str, *, denied: bool = False) -> Text:
        """What a literal says, or what its denial says.

        Raises:
            InputError: nobody has written it.
        """
        entry = self.entry(literal, place)
        holds = _holds(literal) is not denied
        text = None if entry is None else entry.holds if holds else entry.fails
        text = text or microversion_clause(literal, holds=holds)
        if text is None:
            raise InputError(
                f"docs/explanations/{FOLDER}: no words for “{atom_of(literal)}”"
                f"{'' if holds else ' where it does not hold'} ({place}); write them in Korean and English"
            )
        return text

    def is_ordinary(self, condition: Condition | None, place: str) -> bool:
        """Whether a condition is one of the ordinary way of things, on which a story need not dwell."""
        match condition:
            case None:
                return True
            case AllOf(conditions=members):
                return all(self.is_ordinary(one, place) for one in members)
            case AnyOf(conditions=members, holds=True):
                return any(self.is_ordinary(one, place) for one in members)
            case AnyOf(conditions=members):
                denials = [negated(one) for one in members]
                return all(one is not None and self.is_ordinary(one, place) for one in denials)
        found = [self.entry(part, place) for part in self.parts(condition, place)]
        return any(entry is not None and entry.ordinary is _holds(condition) for entry in found)

    def out_of_the_ordinary(self, condition: Condition | None, place: str) -> Condition | None:
        """What is left of a condition without what is ordinary; None where nothing is."""
        members = condition.conditions if isinstance(condition, AllOf) else () if condition is None else (condition,)
        return all_of(one for one in members if not self.is_ordinary(one, place))

    def themes_of(self, condition: Condition | None, place: str) -> tuple[str, ...]:
        """The themes of a condition, in the order in which it tells them."""
        parts = (part for literal in literals(condition) for part in self.parts(literal, place))
        found = (self.entry(part, place) for part in parts)
        return tuple(dict.fromkeys(entry.theme for entry in found if entry is not None))


def atom_of(literal: LiteralCondition) -> LiteralCondition:
    """A literal, whether it holds or not, in whichever order it names exceptions, whichever call it could not read."""
    match literal:
        case CodeTest(text=text):
            return CodeTest(text=text, holds=True)
        case Raises(exceptions=exceptions, other_than=other_than):
            return replace(literal, exceptions=tuple(sorted(exceptions)), other_than=tuple(sorted(other_than)))
        case Unread():
            return Unread(call="*")
    return literal


def _holds(literal: LiteralCondition) -> bool:
    return not isinstance(literal, CodeTest) or literal.holds


@dataclass(frozen=True, kw_only=True, slots=True)
class _EntryText:
    """An entry as people write it."""

    atoms: tuple[dict[str, Any], ...]
    holds: Text
    fails: Text | None = None
    ordinary: str | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Theme:
    """A file as people write it."""

    label: Text
    conditions: tuple[_EntryText, ...]


def load_condition_words(folder: Path) -> ConditionWords:
    """Read all themes in a folder.

    Raises:
        CheckError: files do not fit, each with its place: no literal, an empty clause, one that cannot be joined to
            others, two that say different things of one literal.
    """
    from nova_states.explanations.folders import read_files  # noqa: PLC0415 - a wheel has words, and nothing for YAML

    themes: dict[str, Text] = {}
    entries: list[Entry] = []
    problems: list[str] = []
    for stem, where, theme in read_files(folder, FOLDER, _Theme, problems):
        themes[stem] = theme.label
        for number, text in enumerate(theme.conditions):
            place = f"{where}: $.conditions[{number}]"
            problems.extend(f"{place}{problem}" for problem in _problems(text))
            try:
                entries.append(_entry(text, stem, where))
            except ValueError as error:
                problems.append(f"{place}.atoms: {error}")
    by_atom: dict[tuple[LiteralCondition, str | None], Entry] = {}
    for entry in entries:
        for atom in entry.atoms:
            for one in entry.only or (None,):
                other = by_atom.setdefault((atom, one), entry)
                if other is not entry:
                    problems.append(f"{entry.where}: “{atom}” is also in {other.where}; say it once")
    if problems:
        raise CheckError(tuple(problems))
    return ConditionWords(entries=tuple(entries), themes=themes, _by_atom=by_atom)


def words_of(entries: Iterable[Entry]) -> ConditionWords:
    """Entries that were checked before, as words."""
    found = tuple(entries)
    by_atom = {(atom, one): entry for entry in found for atom in entry.atoms for one in entry.only or (None,)}
    return ConditionWords(entries=found, _by_atom=by_atom)


def _entry(text: _EntryText, theme: str, where: str) -> Entry:
    atoms = tuple(atom(plain) for plain in text.atoms)
    ordinary = None if text.ordinary is None else text.ordinary == "holds"
    if ordinary is None and all(isinstance(atom, Raises | Race) for atom in atoms):
        ordinary = (
            False  # an error, or a request that gets in between, is out of the ordinary unless people say it is not
        )
    return Entry(
        where=where,
        theme=theme,
        atoms=atoms,
        only=text.only,
        holds=text.holds,
        fails=text.fails,
        ordinary=ordinary,
    )


def atom(plain: dict[str, Any]) -> LiteralCondition:
    """A literal that an entry names, as `atom_of` gives it.

    Raises:
        ValueError: it is more than one literal, or none.
    """
    usual = next((values for key, values in _AS_USUAL.items() if key in plain), {})
    condition = condition_from_plain({**usual, **plain})
    if isinstance(condition, AllOf | AnyOf):
        raise ValueError(f"{plain!r} is more than one literal")  # noqa: TRY004 - one error for all that does not fit
    return atom_of(condition)


def _problems(text: _EntryText) -> Iterator[str]:
    """What is wrong with the clauses of an entry, each with its place in it."""
    if not text.atoms:
        yield ".atoms: empty"
    if text.ordinary not in (None, *_SIDES):
        yield f".ordinary: {text.ordinary!r} is neither 'holds' nor 'fails'"
    if text.fails is None and any("test" in plain for plain in text.atoms):
        yield ".fails: missing; a test can fail"
    for side, clauses in zip(_SIDES, (text.holds, text.fails), strict=True):
        if clauses is None:
            continue
        for language in LANGUAGES:
            clause = clauses[language]
            if clause != clause.strip() or not clause or clause.endswith((".", ",")):
                yield f".{side}.{language}: {clause!r} is no clause; write one without a stop or spaces at its ends"
            if any(cut in clause for cut in _CUT):
                yield f".{side}.{language}: {clause!r}: a part is cut away; say what the literal means"
        if stem_of(clauses.ko) is None:
            yield f".{side}.ko: {clauses.ko!r}: end it in a regular verb or adjective, as a dictionary has it (-다)"

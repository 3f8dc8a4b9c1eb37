"""Says a condition in a language: "if the server has a host and no task", "서버에 호스트가 있고 작업이 없으면".

The condition is first put into alternatives and conjunctions of clauses, without repetitions, so that what is denied is
said by the clauses for what does not hold. Then each language joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nova_states.explanations.condition_words import ConditionWords
from nova_states.explanations.korean import Ending, conjugated
from nova_states.explanations.languages import Text
from nova_states.facts.condition import AllOf, AnyOf, Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """Clauses that all hold, or of which one holds; at least two."""

    members: tuple[_Phrase, ...]
    any: bool


_Phrase: TypeAlias = Text | _Group


def sentence(words: ConditionWords, condition: Condition, place: str, language: str) -> str:
    """A condition as a clause that begins a sentence, on one line.

    Args:
        words: What literals say.
        condition: The condition of a fact.
        place: The fact's action, or its kind where it belongs to no action ("startup").
        language: "ko" or "en".

    Raises:
        InputError: a literal has no words.
    """
    return _LANGUAGES[language](_phrase(words, condition, place, denied=False))


def alternatives(words: ConditionWords, condition: Condition, place: str, language: str) -> tuple[str, ...]:
    """A condition as a list of which one holds: each a sentence as above; one for a condition without alternatives.

    Raises:
        InputError: a literal has no words.
    """
    phrase = _phrase(words, condition, place, denied=False)
    members = phrase.members if isinstance(phrase, _Group) and phrase.any else (phrase,)
    return tuple(_LANGUAGES[language](member) for member in members)


def _phrase(words: ConditionWords, condition: Condition, place: str, *, denied: bool) -> _Phrase:
    match condition:
        case AllOf(conditions=members):
            return _group((_phrase(words, one, place, denied=denied) for one in members), any_of_them=denied)
        case AnyOf(conditions=members, holds=holds):
            inner = denied if holds else not denied
            return _group((_phrase(words, one, place, denied=inner) for one in members), any_of_them=not inner)
    parts = words.parts(condition, place)
    return _group((words.clause(part, place, denied=denied) for part in parts), any_of_them=not denied)


def _group(phrases: Iterable[_Phrase], *, any_of_them: bool) -> _Phrase:
    """Phrases as one, without those that say what another one says."""
    members: list[_Phrase] = []
    for phrase in phrases:
        members.extend(phrase.members if isinstance(phrase, _Group) and phrase.any is any_of_them else (phrase,))
    distinct = tuple(dict.fromkeys(members))
    return distinct[0] if len(distinct) == 1 else _Group(members=distinct, any=any_of_them)


def _english(phrase: _Phrase) -> str:
    return f"if {_english_clause(phrase)}"


def _english_clause(phrase: _Phrase) -> str:
    if isinstance(phrase, Text):
        return phrase.en
    texts = [_english_member(one) for one in phrase.members]
    word = "or" if phrase.any else "and"
    before = ", " if any(isinstance(one, _Group) for one in phrase.members) else " "
    return f"{', '.join(texts[:-1])}{before}{word} {texts[-1]}"


def _english_member(phrase: _Phrase) -> str:
    """A phrase among others; "either" shows where alternatives begin."""
    is_choice = isinstance(phrase, _Group) and phrase.any
    return f"either {_english_clause(phrase)}" if is_choice else _english_clause(phrase)


def _korean(phrase: _Phrase) -> str:
    return _korean_clause(phrase, "면")


def _korean_clause(phrase: _Phrase, ending: Ending) -> str:
    """A phrase whose last verb has an ending, and the others the one that joins them to it."""
    if isinstance(phrase, Text):
        return conjugated(phrase.ko, ending)
    joined: Ending = "거나" if phrase.any else "고"
    texts = [_korean_clause(one, joined) for one in phrase.members[:-1]]
    is_long = len(phrase.members) > 2 or any(isinstance(one, _Group) for one in phrase.members)  # noqa: PLR2004 - a pair
    return (", " if is_long else " ").join([*texts, _korean_clause(phrase.members[-1], ending)])


_LANGUAGES: Final[Mapping[str, Callable[[_Phrase], str]]] = {"ko": _korean, "en": _english}

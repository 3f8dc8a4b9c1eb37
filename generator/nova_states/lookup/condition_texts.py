"""Words for the conditions that answers tell of: an answer has them as code, a reader wants sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.release import Release
from nova_states.explanations.condition_coverage import place_of
from nova_states.explanations.condition_sentences import sentence
from nova_states.explanations.condition_words import ConditionWords
from nova_states.facts.condition import Condition, to_text


def told_conditions(releases: Iterable[Release], tables: Mapping[str, Any]) -> dict[str, tuple[Condition, str]]:
    """The conditions of steps and notes.

    Args:
        releases: Those of which the tables were made, the oldest first.
        tables: `nova_states.lookup.table_compiler.compile_tables`.

    Returns:
        Text → the condition, and the place that its words depend on (`nova_states.explanations.condition_sentences`);
        where one text has several places the newest release tells which. An option's value is no condition of Nova's.
    """
    steps = tables["steps"]
    place_in_row = steps["fields"].index("condition")
    wanted = {row[place_in_row] for row in steps["rows"]}
    wanted |= {text for table in tables["notes"] for _, text in table["guards"]}
    found: dict[str, tuple[Condition, str]] = {}
    for release in releases:
        for condition, place in _conditions(release):
            if (text := to_text(condition)) in wanted and text is not None:
                found[text] = (condition, place)
    return dict(sorted(found.items()))


def condition_texts(told: dict[str, tuple[Condition, str]], words: ConditionWords, language: str) -> dict[str, str]:
    """Text of a condition → the condition as a clause of a language: "if the guest does not run", "게스트가 …이면".

    Raises:
        InputError: one has no words.
    """
    return {text: sentence(words, condition, place, language) for text, (condition, place) in told.items()}


def _conditions(release: Release) -> Iterator[tuple[Condition, str]]:
    for kind in ("transitions", *REACTION_KINDS, "guards"):
        for fact in release.bare(kind):
            condition = fact.when if kind == "guards" else fact.condition
            if condition is not None:
                yield condition, place_of(fact, kind)

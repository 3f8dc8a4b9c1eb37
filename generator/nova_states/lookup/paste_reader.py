"""Finds records in whatever people have: JSON of any client or of the API, tables, lines, messages, logs, a word.

`nova_states.lookup.reading` does it, and docs/assets/lookup/reading does the same in the page; tests hold both to the
same answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.facts.json_value import Json
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.reader import read_parsed, read_paste
from nova_states.lookup.reading.unwrapping import tidy
from nova_states.lookup.report import Report, report_of
from nova_states.lookup.vocabulary import Vocabulary

_DEEPEST: Final = 8
_LIKE_JSON: Final = re.compile(r"[\ufeff \t\r\n]*[{[]")
_BEGUN_JSON: Final = re.compile(r"[\ufeff \t\r\n]*[{[][{[ \t\r\n]*(?:\"[^\"]{0,200}(?:$|\"[ \t\r\n]*(?:$|[:,\]]))|$)")
"""What JSON may begin with; what a program prints of its objects in brackets begins otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why nothing could be read; `nearest` are known words for one that is unknown."""

    id: str
    """Its text is in docs/explanations/lookup.yml: "problem_empty"."""
    nearest: tuple[str, ...] = ()
    product: str = ""
    """What the text is of, where that is not Nova."""

    def describe(self, words: Mapping[str, str]) -> str:
        """One line, in the language of the words."""
        nearest = f" ({words['nearest'].format(words=', '.join(self.nearest))})" if self.nearest else ""
        text = words[self.id].replace("`", "").replace("{product}", words.get(self.product, self.product))
        return f"{text}{nearest}"


def read_reports(text: str, vocabulary: Vocabulary) -> list[Report] | Problem:
    """The records a text tells of, in its order; none for an empty list."""
    is_like_json = _LIKE_JSON.match(text) is not None
    if not is_like_json and not tidy(text).strip():
        return Problem(id="problem_empty")
    grammar = Grammar(vocabulary=vocabulary)
    reading = read_paste(text, grammar)
    if reading.reports or reading.is_empty_list:
        return reading.reports
    if reading.product:
        return Problem(id="problem_product", product=reading.product)
    if reading.is_json:
        return Problem(id="problem_no_server")
    if _BEGUN_JSON.match(text):
        return Problem(id="problem_json")
    return Problem(id="problem_unreadable", nearest=vocabulary.nearest(tidy(text).strip()))


def read_records(
    records: Mapping[str, Any] | Sequence[Mapping[str, Any]], vocabulary: Vocabulary
) -> list[Report] | Problem:
    """The records that parsed JSON tells of: one, or several in their order."""
    reading = read_parsed([_plain(records, 0)], Grammar(vocabulary=vocabulary))
    return reading.reports if reading.reports or reading.is_empty_list else Problem(id="problem_no_server")


def _plain(value: object, depth: int) -> Json:
    """What is used like a dict or a list as JSON would have it, as deep as records are looked for; no other objects."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, depth + 1) for inner in value]
    return value if isinstance(value, (str, int, float)) else None


def read_flags(*, vm_state: str | None, task_state: str | None, power_state: str | None) -> Report:
    """The report that three values make, as the command line or an address gives them.

    Raises:
        InputError: none of them was given.
    """
    fields = {"vm_state": vm_state, "task_state": task_state, "power_state": power_state}
    report = report_of((key, value) for key, value in fields.items() if value is not None)
    if report is None:
        raise InputError("no state given: name --vm-state, --task-state or --power-state")
    return report

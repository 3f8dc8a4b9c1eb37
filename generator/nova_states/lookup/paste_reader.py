"""Finds servers in whatever people have: JSON of any client or of the API, tables, lines, a 409 message, a word.

docs/assets/lookup/reading.js does the same in the page; tests hold both to the same answers. Nothing here runs longer
than its input is long, and nothing of the input is ever run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.facts.json_value import Json
from nova_states.lookup.report import Report, clean, report_of
from nova_states.lookup.text_formats import find_message, read_lines, read_table, read_values, read_words
from nova_states.lookup.vocabulary import Vocabulary

_DEEPEST: Final = 6
_LONGEST_MESSAGE: Final = 200_000
"""Characters in which a 409 is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why nothing could be read; `nearest` are known words for one that is unknown."""

    id: str
    """Its text is in docs/explanations/lookup.yml: "problem_empty"."""
    nearest: tuple[str, ...] = ()

    def describe(self, words: Mapping[str, str]) -> str:
        """One line, in the language of the words."""
        nearest = f" ({words['nearest'].format(words=', '.join(self.nearest))})" if self.nearest else ""
        return f"{words[self.id].replace('`', '')}{nearest}"


def read_reports(text: str, vocabulary: Vocabulary) -> list[Report] | Problem:
    """The servers a text tells of, in its order; none for an empty list."""
    if not text.strip():
        return Problem(id="problem_empty")
    is_json = text.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    if is_json:
        try:
            documents = list(_documents(text))
        except (ValueError, RecursionError):
            documents = None
        if documents is not None:
            return _of_documents(documents, vocabulary)
    cleaned = clean(text)
    asked = find_message(cleaned[:_LONGEST_MESSAGE], vocabulary)
    for read in (read_table, read_lines, read_values, read_words):
        reports = read(cleaned, vocabulary)
        if reports:
            return [replace(report, asked=asked.asked) for report in reports] if asked else reports
    if asked:
        return [asked]
    if is_json:
        return Problem(id="problem_json")
    return Problem(id="problem_unreadable", nearest=vocabulary.nearest(cleaned.strip()))


def read_records(
    records: Mapping[str, Any] | Sequence[Mapping[str, Any]], vocabulary: Vocabulary
) -> list[Report] | Problem:
    """The servers that parsed JSON tells of: one, or several in their order."""
    return _of_documents([_plain(records, 0)], vocabulary)


def _plain(value: object, depth: int) -> Json:
    """What is used like a dict or a list as JSON would have it, as deep as servers are looked for; no other objects."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, depth + 1) for inner in value]
    return value if isinstance(value, (str, int, float)) else None


def _documents(text: str) -> Iterator[Any]:
    """One JSON value or several, as pages of the API come one after the other."""
    decoder = json.JSONDecoder()
    text = text.lstrip("\ufeff \t\r\n")
    place = 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        yield value
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1


def _of_documents(documents: list[Any], vocabulary: Vocabulary) -> list[Report] | Problem:
    reports = [report for document in documents for report in _reports_in(document, vocabulary, 0)]
    if reports or all(_is_empty(document) for document in documents):
        return reports
    return Problem(id="problem_no_server")


def _is_empty(document: Json) -> bool:
    return document == [] or (isinstance(document, dict) and document.get("servers") == [])


def _reports_in(value: Json, vocabulary: Vocabulary, depth: int) -> Iterator[Report]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _reports_in(item, vocabulary, depth + 1)
    elif isinstance(value, dict):
        inner = value.get("servers", value.get("server"))
        if isinstance(inner, (dict, list)):
            yield from _reports_in(inner, vocabulary, depth + 1)
        elif message := _message_in(value, vocabulary):
            yield message
        elif report := (report_of(value.items()) if value else Report()):
            yield report


def _message_in(value: dict[str, Any], vocabulary: Vocabulary) -> Report | None:
    """The refusal in an error of the API: {"conflictingRequest": {"code": 409, "message": "…"}}."""
    inner: Iterable[Any] = (value, *(item for item in value.values() if isinstance(item, dict)))
    messages = (item.get("message") for item in inner)
    return next(
        (found for text in messages if isinstance(text, str) and (found := find_message(clean(text), vocabulary))), None
    )


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

"""Reads a text that is JSON and nothing else: one value, or several as pages of the API come one after the other.

docs/assets/lookup/reading/documents.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from nova_states.lookup.reading.grammar import Grammar

_HOLDERS: Final = frozenset({dict, list})
"""What a decoder of JSON makes of objects and lists."""


def documents_in(text: str, grammar: Grammar) -> list[Any] | None:
    """One value of JSON or several, as pages of the API come one after the other; None where it is no JSON."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    found: list[Any] = []
    place = 0
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            found.append(value)
            while place < len(text) and text[place] in " \t\r\n,":
                place += 1
    except (ValueError, RecursionError):
        return None
    is_deep = any(_is_deep(value, grammar.limit("deepest_json")) for value in found)
    return None if is_deep or not all(isinstance(value, (dict, list)) for value in found) else found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deep(value: Any, deepest: int) -> bool:  # noqa: ANN401 - whatever JSON holds
    level: list[Any] = [value]
    for _ in range(deepest):
        level = [
            member
            for item in level
            for member in (item.values() if type(item) is dict else item)
            if type(member) in _HOLDERS
        ]
        if not level:
            return False
    return True


def lists_nothing(document: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Whether a document lists servers, and there are none."""
    return document == [] or (isinstance(document, dict) and document.get("servers") == [])

"""Facts to JSON and back. Reading names every wrong place of a row at once and knows no unknown key.

A stored row is a fact without its line: lines change with every edit above them, facts do not. The line is kept
beside the row's id in the document of the files it was read from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from cattrs import Converter, transform_error
from cattrs.errors import BaseValidationError

from nova_states.errors import InputError
from nova_states.facts.json_value import Json
from nova_states.facts.model import Action, Evidence, Fact

T = TypeVar("T")

_converter = Converter(forbid_extra_keys=True, prefer_attrib_converters=True)


def _one_of(*types: type) -> Callable[[object, object], object]:
    """A hook that takes values of exactly these types; cattrs itself would make 1 of True and "1" of 1."""

    def check(value: object, _: object) -> object:
        if type(value) not in types:
            raise TypeError(f"{value!r} is no {' or '.join(kind.__name__ for kind in types)}")
        return value

    return check


_converter.register_structure_hook(str, _one_of(str))
_converter.register_structure_hook(int, _one_of(int))
_converter.register_structure_hook(bool, _one_of(bool))
_converter.register_structure_hook(str | int, _one_of(str, int))
_converter.register_structure_hook(int | str | None, _one_of(int, str, type(None)))
_converter.register_structure_hook(str | int | float | bool | None, _one_of(str, int, float, bool, type(None)))


def canonical(value: object) -> str:
    """JSON on one line in one way only: keys sorted, no spaces, text as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_plain(fact: object) -> dict[str, Any]:
    """A fact, or any other dataclass, as a dict of dicts, lists and constants."""
    plain: dict[str, Any] = _converter.unstructure(fact)
    return plain


def to_json(value: object) -> Json:
    """Anything made of facts as JSON can hold it."""
    plain: Json = _converter.unstructure(value)
    return plain


def from_plain(value: object, kind: type[T], where: str) -> T:
    """Plain data as `kind`.

    Raises:
        InputError: it does not fit; the message has every wrong place ("rows.jsonl:3: $.evidence.file: ...").
    """
    try:
        return _converter.structure(value, kind)
    except (BaseValidationError, AttributeError, TypeError, ValueError, KeyError) as error:
        places = "; ".join(transform_error(error))
        raise InputError(f"{where}: {places}") from error


def lines_of(fact: Fact) -> tuple[int, ...]:
    """The lines a fact's evidence stands in, its own first, then those of its endpoints."""
    return tuple(place.line for place in _places(fact))


def without_lines(fact: Fact) -> Fact:
    """The fact as it is stored: all lines zero."""
    return with_lines(fact, tuple(0 for _ in _places(fact)))


def with_lines(fact: Fact, lines: tuple[int, ...]) -> Fact:
    """A stored fact with its lines put in, in the order of `lines_of`."""
    own, *others = lines
    changed: dict[str, Any] = {"evidence": _at(fact.evidence, own)}
    if isinstance(fact, Action):
        pairs = zip(fact.endpoints, others, strict=True)
        changed["endpoints"] = tuple(replace(e, evidence=_at(e.evidence, line)) for e, line in pairs)
    return replace(fact, **changed)


def _at(place: Evidence, line: int) -> Evidence:
    return Evidence(file=place.file, line=line, function=place.function)


def _places(fact: Fact) -> Iterator[Evidence]:
    yield fact.evidence
    if isinstance(fact, Action):
        yield from (endpoint.evidence for endpoint in fact.endpoints)

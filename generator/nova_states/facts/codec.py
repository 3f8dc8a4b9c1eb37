"""Facts to JSON and back. Reading names every wrong place of a row at once and knows no unknown key.

A stored row is a fact without its line: lines change with every edit above them, facts do not. The line is kept
beside the row's id in the document of the files it was read from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_args

from cattrs import Converter, transform_error
from cattrs.errors import BaseValidationError
from cattrs.v import format_exception

from nova_states.errors import InputError
from nova_states.facts.condition import Condition
from nova_states.facts.condition_codec import condition_fields, condition_from_plain, condition_to_plain
from nova_states.facts.json_value import Json
from nova_states.facts.model import Action, Evidence, Fact, Gap, MigrationStatus, Section

T = TypeVar("T")

_converter = Converter(forbid_extra_keys=True, prefer_attrib_converters=True)


def _one_of(*types: type) -> Callable[[object, object], object]:
    """A hook that takes values of exactly these types; cattrs itself would make 1 of True and "1" of 1."""

    def check(value: object, _: object) -> object:
        if type(value) not in types:
            raise TypeError(f"{value!r} is no {' or '.join(kind.__name__ for kind in types)}")
        return value

    return check


def _condition(value: object) -> Condition | None:
    try:
        return None if value is None else condition_from_plain(value)
    except ValueError as error:
        raise InputError(str(error)) from error


def _said(error: BaseException, expected: type | None) -> str:
    """What is wrong with a part; our own words where a hook of ours found it."""
    return str(error) if isinstance(error, InputError) else format_exception(error, expected)


_converter.register_structure_hook(str, _one_of(str))
_converter.register_structure_hook(int, _one_of(int))
_converter.register_structure_hook(bool, _one_of(bool))
_converter.register_structure_hook(str | int, _one_of(str, int))
_converter.register_structure_hook(int | float | None, _one_of(int, float, type(None)))
_converter.register_structure_hook(int | str | None, _one_of(int, str, type(None)))
_converter.register_structure_hook(str | int | float | bool | None, _one_of(str, int, float, bool, type(None)))
_converter.register_structure_hook(Condition | None, lambda value, _: _condition(value))
for _kind in get_args(Condition):
    _converter.register_unstructure_hook(_kind, condition_to_plain)


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


def with_condition(row: Mapping[str, Any], name: str, condition: Condition | None) -> dict[str, Any]:
    """A row of JSON for others, with both forms of its condition in the place of what it has under `name`."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        found |= condition_fields(name, condition) if key == name else {key: value}
    return found


def from_plain(value: object, kind: type[T], where: str) -> T:
    """Plain data as `kind`.

    Raises:
        InputError: it does not fit; the message has every wrong place ("rows.jsonl:3: $.evidence.file: ...").
    """
    try:
        return _converter.structure(value, kind)
    except (BaseValidationError, AttributeError, TypeError, ValueError, KeyError) as error:
        places = "; ".join(transform_error(error, format_exception=_said))
        raise InputError(f"{where}: {places}") from error


def lines_of(fact: Fact) -> tuple[int, ...]:
    """The lines a fact's evidence stands in, its own first, then those of its parts."""
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
    elif isinstance(fact, MigrationStatus):
        changed["written"] = tuple(_at(place, line) for place, line in zip(fact.written, others, strict=True))
    elif others:
        raise ValueError(f"{len(lines)} lines for one place")
    return replace(fact, **changed)


def places_in(plain: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every piece of evidence of a fact in plain form, wherever it stands; of damaged data what looks like one."""
    for value in plain.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                if "file" in item:
                    yield item
                else:
                    yield from places_in(item)


def _at(place: Evidence, line: int) -> Evidence:
    return Evidence(file=place.file, line=line, function=place.function)


def _places(fact: Fact) -> Iterator[Evidence]:
    yield fact.evidence
    if isinstance(fact, Action):
        yield from (endpoint.evidence for endpoint in fact.endpoints)
    if isinstance(fact, MigrationStatus):
        yield from fact.written


def plain_section(section: Section[Any]) -> Section[Any]:
    """The section, each fact of which is plain data of its shape; what is not becomes a gap.

    A reader may take for a state what only shows when Nova runs. Such a value must not be printed, stored or compared.
    """
    facts: list[Any] = []
    gaps = list(section.gaps)
    for fact in section.facts:
        try:
            plain = to_plain(fact)
            json.dumps(plain, allow_nan=False)
            _converter.structure(plain, type(fact))
        except (BaseValidationError, AttributeError, TypeError, ValueError, KeyError, RecursionError):
            place = fact.evidence
            subject = next((str(getattr(fact, name)) for name in _SUBJECTS if hasattr(fact, name)), type(fact).__name__)
            reason = f"{subject}: a value that only shows when Nova runs is no fact"
            gaps.append(Gap(file=place.file, line=place.line, reason=reason))
        else:
            facts.append(fact)
    if len(gaps) == len(section.gaps):
        return section
    return replace(section, facts=tuple(facts), gaps=tuple(dict.fromkeys(gaps)))


_SUBJECTS = ("name", "action", "id", "effect", "state", "vm_state")
"""What a fact is about, by the first of these that it has."""

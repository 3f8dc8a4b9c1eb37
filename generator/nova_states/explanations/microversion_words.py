"""Says tests of a request's microversion in words: nobody has to write a clause for each number."""

from __future__ import annotations

import re
from typing import Final

from nova_states.explanations.languages import Text
from nova_states.facts.condition import CodeTest, LiteralCondition

_RANGE: Final = re.compile(r"(?:(2\.\d+) <= )?microversion(?: <= (2\.\d+))?")
"""How the introspection writes a range of microversions in which there is a request."""
_SUPPORTED: Final = re.compile(r"api_version_request\.is_supported\(req, (?:min_version=)?'(2\.\d+)'\)")
_LOWEST: Final = "2.1"
"""No request has a lower one."""


def microversion_clause(literal: LiteralCondition, *, holds: bool) -> Text | None:
    """What a test of the microversion says, or its denial; None for any other test."""
    if not isinstance(literal, CodeTest):
        return None
    found = _RANGE.fullmatch(literal.text)
    supported = _SUPPORTED.fullmatch(literal.text)
    lowest, highest = (found[1], found[2]) if found else (supported[1], None) if supported else (None, None)
    if lowest == _LOWEST:
        lowest = None
    if lowest is None and highest is None:
        return None
    return _within(lowest, highest) if holds else _outside(lowest, highest)


def _within(lowest: str | None, highest: str | None) -> Text:
    if highest is None:
        return Text(ko=f"마이크로버전이 {lowest} 이상이다", en=f"the microversion is {lowest} or later")
    if lowest is None:
        return Text(ko=f"마이크로버전이 {highest} 이하이다", en=f"the microversion is {highest} or earlier")
    return Text(
        ko=f"마이크로버전이 {lowest} 이상 {highest} 이하이다", en=f"the microversion is between {lowest} and {highest}"
    )


def _outside(lowest: str | None, highest: str | None) -> Text:
    if highest is None:
        return Text(ko=f"마이크로버전이 {lowest}보다 낮다", en=f"the microversion is before {lowest}")
    if lowest is None:
        return Text(ko=f"마이크로버전이 {highest}보다 크다", en=f"the microversion is after {highest}")
    return Text(
        ko=f"마이크로버전이 {lowest}보다 낮거나 {highest}보다 크다",
        en=f"the microversion is before {lowest} or after {highest}",
    )

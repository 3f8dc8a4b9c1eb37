"""A detail: what a message says beyond that it was recognised, and what is told with the values that stand in it.

Errors, lines of a log and causes have them. A pattern takes values out of the message by named groups; the text has
them in braces, so that the answer says what the figures of this very message mean, not that some message has figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.steps import Step

_ENDLESS: Final = re.compile(r"(?<!\\)[.\])][*+]")
"""What may take long on a text that was made for it."""
_NAMED: Final = re.compile(r"\(\?P<([a-z_]+)>")
_GROUP: Final = re.compile(r"(?<!\\)\((?!\?)")
_SLOT: Final = re.compile(r"\{([a-z_]+)(?::gib)?\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """What is said where a message has more to say."""

    pattern: str
    """A regular expression that Python and JavaScript read alike but for the names of its groups (`(?P<name>…)`),
    matched in any case against the message; where it is found several times, the last counts."""
    why: Text
    """What it means, the groups' values in braces; inline Markdown (code only). `{disk:gib}` says bytes in GiB."""
    records: tuple[str, ...] = ()
    """Kinds of records that it is told of: what was refused made nothing, a fault did; none: all."""
    instead: bool = False
    """Whether it is said in place of what is said in general; else before that."""
    steps: tuple[Step, ...] = ()
    """What to do in place of the general steps, values in braces as well; none: the general ones."""


def bare_pattern(pattern: str) -> tuple[str, list[str]]:
    """The pattern without names of groups, and these in order: the two languages spell them differently."""
    return _NAMED.sub("(", pattern), _NAMED.findall(pattern)


def detail_problems(details: Iterable[Detail], where: str = "$.details") -> Iterator[str]:
    """What is wrong with details, each with its place."""
    for place, detail in enumerate(details):
        at = f"{where}[{place}]"
        bare, names = bare_pattern(detail.pattern)
        yield from (f"{at}.pattern: {detail.pattern!r}{problem}" for problem in pattern_problems(bare))
        if _GROUP.search(_NAMED.sub("", detail.pattern)):
            yield f"{at}.pattern: {detail.pattern!r}: a group without a name; write (?:…)"
        for language in LANGUAGES:
            if not detail.why[language].strip():
                yield f"{at}.why.{language}: empty"
            for slot in _SLOT.findall(detail.why[language]):
                if slot not in names:
                    yield f"{at}.why.{language}: {{{slot}}}: no group of the pattern is named so"


@cache
def pattern_problems(pattern: str) -> tuple[str, ...]:
    """What is wrong with a pattern that is looked for in what people paste, as it goes on behind the pattern."""
    return tuple(_pattern_problems(pattern))


def _pattern_problems(pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f": {error}"
    if _ENDLESS.search(pattern):
        yield " has no end; write how many characters at most, as in .{0,80}"
    if re.search(r"[A-Z]", re.sub(r"\\.", "", pattern)):
        yield ": write it in lower case, it is looked for in any"

"""What a message says in particular, with the values that stand in it: put into what is said of its cause in general.

A quota's figures, the seconds that were waited, the number of an error: each decides what to do, and only the message
has them. docs/assets/lookup/details.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from nova_states.lookup.filling import quoted
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import SAID, message_of

DETAILS: Final = 5
"""Where details stand in what helps, behind why, steps, runbook, verdict and whether that is all."""
CAUSED: Final = 6
"""Where stands what is said in place of why where a cause is told: that one knows none would contradict it."""
_SLOT: Final = re.compile(r"\{([a-z_]+)(:gib)?\}")
_GIB: Final = 2**30
_LONGEST: Final = 200
_SHOWN: Final = (0, 2)
"""Where text and caution stand in a step; its command is between them."""
_COMMAND: Final = 1
_UNSAFE: Final = "VALUE"

Found = tuple[str, int, tuple[str, ...]]
"""Name of what helps, place of its detail, the values in the order of the pattern's groups."""


def find_details(names: Iterable[str | None], report: Report, texts: Mapping[str, Any]) -> tuple[Found, ...]:
    """The first detail that fits of each of what is told of a record.

    Args:
        names: Among what helps: those of the record's causes, errors and line.
        report: What was read.
        texts: `nova_states.lookup.texts`.
    """
    helping = texts["help"]
    known = [
        name for name in dict.fromkeys(filter(None, names)) if name in helping and any(helping[name][DETAILS:CAUSED])
    ]
    if not known:
        return ()
    text = "\n".join(told for told in _told(report) if told)
    return tuple(found for name in known for found in _first(name, helping[name][DETAILS], text, report.record))


def with_details(texts: Mapping[str, Any], details: Iterable[Found], *, is_caused: bool = False) -> Mapping[str, Any]:
    """The texts, what is told in particular being part of what helps.

    Args:
        texts: `nova_states.lookup.texts`.
        details: `find_details`.
        is_caused: Whether a cause is told: of all else only what came of it is said then.
    """
    helping = texts["help"]
    # Without a value it says in general what has failed: what has caused it says more.
    told = {
        name: _detailed(helping[name], place, values)
        for name, place, values in details
        if values or not (is_caused and helping[name][CAUSED:])
    }
    for name, known in helping.items() if is_caused else ():
        if name not in told and known[CAUSED:]:
            _, steps, runbook, *_ = known
            told[name] = [known[CAUSED], steps, runbook]
    return {**texts, "help": {**helping, **told}} if told else texts


def _told(report: Report) -> Iterator[str]:
    """All that a record quotes, and what stands beside it."""
    read = report.read or {}
    yield message_of(report)
    yield (read.get("failure") or {}).get("message") or ""
    yield from read.get(SAID, ())
    yield from (message_of(one) for one in read.get("beside", ()))


def _first(name: str, rows: Sequence[Sequence[Any]], text: str, record: str) -> Iterator[Found]:
    for place, (pattern, _, _, _, _, records) in enumerate(rows):
        if records and record not in records:
            continue
        found = None
        for found in _compiled(pattern).finditer(text):  # noqa: B007 - the last counts
            pass
        if found and all(value is not None for value in found.groups()):
            yield name, place, tuple(map(_plain, found.groups()))
            return


def _plain(value: str) -> str:
    """A value on one line, which closes no code that it stands in."""
    return " ".join(value.replace("`", "'").split())[:_LONGEST]


def _detailed(helping: Sequence[Any], place: int, values: Sequence[str]) -> list[Any]:
    why, steps, *others = helping
    _, names, said, is_instead, more, _ = helping[DETAILS][place]
    by_name = dict(zip(names, values, strict=True))
    told = _filled(said, by_name)
    own = [_filled_step(step, by_name) for step in more]
    return [told if is_instead else f"{told} {why}", own or steps, *others]


def _filled_step(step: Sequence[Any], values: Mapping[str, str]) -> list[Any]:
    filled = [_filled(told, values) if place in _SHOWN and told else told for place, told in enumerate(step)]
    if len(filled) > _COMMAND and filled[_COMMAND]:
        filled[_COMMAND] = _filled(filled[_COMMAND], _quoted_all(values))
    return filled


def _filled(text: str, values: Mapping[str, str]) -> str:
    def said(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        return _gib(value) if found[2] and value.isdecimal() else value

    return _SLOT.sub(said, text)


def _gib(value: str) -> str:
    """Bytes in GiB, to a hundredth; in whole numbers, which JavaScript rounds alike."""
    parts = (int(value) * 100 + _GIB // 2) // _GIB
    return f"{parts // 100}.{parts % 100:02}"


def _quoted_all(values: Mapping[str, str]) -> dict[str, str]:
    """The values for the shell; what would be read as an option is left to whoever types it."""
    return {name: quoted(value) or _UNSAFE for name, value in values.items()}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)

"""The places in Nova's source that are known not to be read, each with its reason (gaps.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nova_states.errors import InputError
from nova_states.facts.codec import from_plain
from nova_states.facts.model import KINDS, Gap

_LIST = Path(__file__).with_name("gaps.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownGap:
    """Something that is not read and why that is right."""

    kind: str
    """Kind of fact that it would have told."""
    file: str
    unread: str
    """Part of what the gap says of itself."""
    reason: str

    def covers(self, kind: str, gap: Gap) -> bool:
        """Whether this is the entry of a gap of `kind`."""
        return (self.kind, self.file) == (kind, gap.file) and self.unread in gap.reason


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """An entry as it is written."""

    file: str
    reason: str
    unread: str | None = None
    function: str | None = None
    """Of a write site."""


def load_known_gaps(path: Path = _LIST) -> tuple[KnownGap, ...]:
    """All entries of gaps.toml.

    Raises:
        InputError: the file does not fit, with the entry.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from error
    unknown = table.keys() - KINDS.keys()
    if unknown:
        raise InputError(f"{path.name}: unknown kinds of fact {', '.join(sorted(unknown))}")
    return tuple(
        _entry(kind, one, f"{path.name}: {kind}: {number}")
        for kind, entries in table.items()
        for number, one in enumerate(entries if isinstance(entries, list) else [entries], 1)
    )


def _entry(kind: str, plain: object, where: str) -> KnownGap:
    entry = from_plain(plain, _Entry, where)
    # A write site is named by its function, and a gap of it says the entry's own reason (unreached_writes.py).
    return KnownGap(kind=kind, file=entry.file, unread=entry.unread or entry.reason, reason=entry.reason)


def reason_of(kind: str, gap: Gap, known: tuple[KnownGap, ...]) -> str | None:
    """Why a gap of a kind is right; None for one that is not listed."""
    return next((one.reason for one in known if one.covers(kind, gap)), None)


def unlisted(gaps: Iterable[tuple[str, str, Gap]], known: tuple[KnownGap, ...]) -> Iterator[str]:
    """Gaps (version, kind, gap) without an entry, and entries without a gap, each as one line."""
    used: set[KnownGap] = set()
    for version, kind, gap in gaps:
        entry = next((one for one in known if one.covers(kind, gap)), None)
        if entry is None:
            yield f"{version}: {kind}: {gap.file}:{gap.line}: {gap.reason}; list it in gaps.toml with a reason"
        else:
            used.add(entry)
    for entry in known:
        if entry not in used:
            yield f"gaps.toml: {entry.kind}: {entry.file}: {entry.unread}: occurs in no release any more; remove it"

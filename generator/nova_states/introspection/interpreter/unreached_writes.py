"""The write sites that are not read, each with its reason (gaps.toml): by file and function, for all releases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nova_states.facts.model import Gap
from nova_states.introspection.interpreter.write_sites import WriteSite

_LIST = Path(__file__).parent.parent / "gaps.toml"
UNLISTED = "writes a state and is not reached from any entry point"


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadFunction:
    """A function whose writes are not read."""

    file: str
    function: str
    """Qualified name; nested functions are meant too."""
    reason: str


def load_gaps(path: Path = _LIST) -> tuple[UnreadFunction, ...]:
    """The known gaps of transitions."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("transitions", [])
    return tuple(UnreadFunction(file=one["file"], function=one["function"], reason=one["reason"]) for one in entries)


def explain(sites: Iterable[WriteSite], known: tuple[UnreadFunction, ...]) -> Iterator[Gap]:
    """What is to be said of write sites that were not reached."""
    for site in sites:
        reason = next((gap.reason for gap in known if _covers(gap, site)), UNLISTED)
        yield Gap(file=site.path, line=site.line, reason=reason)


def _covers(gap: UnreadFunction, site: WriteSite) -> bool:
    return gap.file == site.path and (site.function == gap.function or site.function.startswith(f"{gap.function}."))

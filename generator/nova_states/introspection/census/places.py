"""The places that mention states and tell no fact, each with its reason (census.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Any

from nova_states.errors import InputError
from nova_states.introspection.census.judgement import Judged

_LIST = Path(__file__).with_name("census.toml")
_KEYS = {"paths", "functions", "sorts", "names", "reason"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPlace:
    """A rule that says of mentions why they tell nothing."""

    identity: str
    paths: re.Pattern[str]
    functions: re.Pattern[str] | None
    """Which functions, by qualified name; None: any place."""
    sorts: frozenset[str] | None
    """Which sorts of mention; None: any but writes of state, which are never listed with others."""
    names: re.Pattern[str] | None
    reason: str

    def covers(self, judged: Judged) -> bool:
        """Whether a mention is one of those."""
        mention = judged.mention
        function = mention.scope.name if mention.scope else ""
        return (
            bool(self.paths.match(judged.path))
            and (mention.sort != "write" if self.sorts is None else mention.sort in self.sorts)
            and (self.functions is None or bool(self.functions.match(function)))
            and (self.names is None or bool(self.names.fullmatch(mention.name)))
        )


@cache
def load_places(path: Path = _LIST) -> tuple[ListedPlace, ...]:
    """All entries of census.toml.

    Raises:
        InputError: the file does not fit, with the entry.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_place(identity, entry, path.name) for identity, entry in table.items())


def _place(identity: str, entry: dict[str, Any], file: str) -> ListedPlace:
    if not {"paths", "reason"} <= entry.keys() <= _KEYS:
        raise InputError(f"{file}: {identity}: needs paths and reason, and knows {', '.join(sorted(_KEYS))}")
    return ListedPlace(
        identity=identity,
        paths=_any_of(entry["paths"]),
        functions=_any_of(entry["functions"]) if "functions" in entry else None,
        sorts=frozenset(entry["sorts"]) if "sorts" in entry else None,
        names=re.compile(entry["names"]) if "names" in entry else None,
        reason=entry["reason"],
    )


def _any_of(globs: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(translate(glob) for glob in globs))

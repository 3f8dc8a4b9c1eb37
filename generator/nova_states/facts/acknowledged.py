"""The losses that people have looked at and found to be Nova's own (acknowledged.toml), each with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nova_states.errors import InputError

_LIST = Path(__file__).with_name("acknowledged.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """What certain versions rightly tell no more."""

    versions: tuple[str, ...]
    """The versions that are the first without it, as patterns."""
    names: tuple[tuple[str, str], ...]
    """What is lost: kind, and a name or a pattern of names."""
    reason: str

    def covers(self, version: str, kind: str, name: str) -> tuple[str, tuple[str, str]] | None:
        """The version and the name of this entry that a loss is acknowledged by, if it is."""
        found = next((one for one in self.versions if fnmatchcase(version, one)), None)
        lost = next((one for one in self.names if one[0] == kind and fnmatchcase(name, one[1])), None)
        return (found, lost) if found and lost else None


def load_acknowledged(kinds: tuple[str, ...], path: Path = _LIST) -> tuple[Acknowledgement, ...]:
    """All entries of acknowledged.toml; `kinds` are what can be lost.

    Raises:
        InputError: the file does not fit, with the entry.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if table.keys() - {"losses"}:
        raise InputError(f"{path.name}: knows nothing but [[losses]]")
    return tuple(_entry(number, one, kinds, path.name) for number, one in enumerate(table.get("losses", []), 1))


def _entry(number: int, entry: dict[str, Any], kinds: tuple[str, ...], file: str) -> Acknowledgement:
    lost = {kind: names for kind, names in entry.items() if kind not in ("versions", "reason")}
    if not lost or not {"versions", "reason"} <= entry.keys() or lost.keys() - set(kinds):
        raise InputError(f"{file}: entry {number}: needs versions, a reason and names of {', '.join(kinds)}")
    return Acknowledgement(
        versions=tuple(entry["versions"]),
        names=tuple((kind, name) for kind, names in lost.items() for name in names),
        reason=entry["reason"],
    )

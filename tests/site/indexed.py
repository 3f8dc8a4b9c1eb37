"""What a built search index holds, as the page's own script reads it (docs/assets/search/names.js)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """One thing that can be found."""

    id: str
    label: str
    sentence: str
    aliases: tuple[str, ...]
    address: str


def read_index(site: Path, language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / language / "search/index.json").read_text(encoding="utf-8"))
    return found


def read_documents(site: Path, language: str) -> list[Indexed]:
    """Everything that can be found, in its order."""
    columns = read_index(site, language)
    written, labels, sentences, aliases = (
        columns[key].split("\n") for key in ("ids", "labels", "sentences", "aliases")
    )
    ids: list[str] = []
    for name in written:  # only the first of a kind has the kind
        ids.append(name if ":" in name else f"{ids[-1].partition(':')[0]}:{name}")
    assert len(ids) == len(labels) == len(sentences) == len(aliases)
    return [
        Indexed(
            id=identity,
            label=labels[place] or identity.partition(":")[2],
            sentence=sentences[place],
            aliases=tuple(aliases[place].split("|")) if aliases[place] else (),
            address=columns["hrefs"].get(str(place)) or _address(identity, columns["anchored"]),
        )
        for place, identity in enumerate(ids)
    ]


def _address(identity: str, anchored: list[str]) -> str:
    kind, _, name = identity.partition(":")
    if kind in anchored:
        return f"{kind}/#{name}" if name else f"{kind}/"
    page, _, section = name.lower().partition("#")
    return f"{kind}/" + (f"{page}/" if page else "") + (f"#{section}" if section else "")

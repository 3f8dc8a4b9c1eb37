"""Where observations are kept: `observations/<version>.<kind>.json`; `tests.live.observe` writes them, nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from nova_states.facts.atomic_files import write_together

FOLDER: Final = Path(__file__).with_name("observations")


def read_kept(release: str, kind: str, harness: int | None = None, folder: Path = FOLDER) -> dict[str, Any] | None:
    """What is kept of a kind; None where nobody looked, or where another harness did.

    Args:
        release: A version of Nova.
        kind: "guards", "statuses", "writes" or "reactions".
        harness: Whose notes count; None: anybody's.
        folder: Where they are kept.
    """
    path = folder / _name(release, kind)
    if not path.is_file():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept if harness is None or kept["harness"] == harness else None


def keep(text: str, release: str, kind: str, folder: Path = FOLDER) -> Path:
    """Keep a text in place of what was kept of a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, {_name(release, kind): text})
    return folder / _name(release, kind)


def _name(release: str, kind: str) -> str:
    return f"{release}.{kind}.json"

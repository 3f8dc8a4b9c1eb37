"""Keeps what a build rendered for the next: most builds change no fact, text or template of what is rendered.

Each sort is one file in a folder of build/, named by a digest of all that it is made of: it can be missing, never out
of date. What pages fetch of other releases is made of less than the pages are, so an edit of prose leaves it; what the
search learned in a language, of names and questions alone. What is wrong with facts and explanations is kept
likewise, and what prose claims of facts in vain, which should be nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from nova_states.explanations.languages import LANGUAGES

_PARTS: Final = ("generator/nova_states", "templates/parts", "templates/macros", "templates/words.yml",
                 "docs/explanations")  # fmt: skip
_PROSE: Final = tuple(f"docs/{language}" for language in LANGUAGES)
LEARNED: Final = "learned/{language}"
MADE_OF: Final[Mapping[str, Sequence[str]]] = {
    "problems": ("generator/nova_states", "docs/explanations", "docs/errata"),
    "claims": ("generator/nova_states", *_PROSE),
    **{LEARNED.format(language=language): ("generator/nova_states/site/search",) for language in LANGUAGES},
    "lens": _PARTS,
    "pages": (*_PARTS, "templates/pages", "docs/errata", *_PROSE),
}
"""Sort → what it is made of, below the root; what the package says of an address of its own is not part of a page."""
_KEPT: Final = 3
"""Files there: so many states of the checkout."""
_QUICK: Final = 1
"""As little as possible is done to make the file small."""


def kept(root: Path, sort: str, also: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What was made of the same before, or else what `make` returns, kept for the next time.

    Args:
        root: Of the checkout.
        sort: One of `MADE_OF`.
        also: What it is made of besides files.
        make: Makes it; what it raises leaves nothing to be kept.
    """
    file = _file(root, sort, also)
    try:
        found: dict[str, str] = json.loads(zlib.decompress(file.read_bytes()))
    except (OSError, ValueError, zlib.error):
        found = make()
        _keep(file, found)
    return found


def _file(root: Path, sort: str, also: str) -> Path:
    digest = hashlib.blake2b(also.encode(), digest_size=16)
    for path in sorted(path for place in MADE_OF[sort] for path in _files(root / place)):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return root / "build" / sort / f"{digest.hexdigest()}.z"


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    yield from (path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _keep(file: Path, found: Any) -> None:  # noqa: ANN401 - JSON
    """Write the file as a whole, and remove those that nobody has asked for lately; a cache may fail."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_suffix(f".{os.getpid()}")
        own.write_bytes(zlib.compress(json.dumps(found).encode(), _QUICK))
        own.replace(file)
        for old in sorted(file.parent.glob("*.z"), key=lambda path: -path.stat().st_mtime)[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return

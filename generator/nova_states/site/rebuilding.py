"""What `mkdocs serve` keeps from one build to the next, so that an edit makes anew only what it touches.

MkDocs loads its plugins anew for each build; what is kept lies in this module, which is forgotten with all others of
ours as soon as anything changes that the models of pages rest on (`fingerprint`). A page is kept as it was built while
its own content and all that pages share, its frame, are the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nova_states.explanations.cause_texts import FOLDER as CAUSE_FOLDER
from nova_states.explanations.loading import is_of_name
from nova_states.rendering.theme_templates import forget_changed
from nova_states.site.content_security import InlineScripts
from nova_states.site.served_folder import ServedFolder
from nova_states.site.written_page import Renderings

if TYPE_CHECKING:
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

TEMPLATE: Final = "kept.html"
"""Prints a page that was built before."""

EXPLAINED: Final = "docs/explanations"
"""Where people write of names."""
MODELLED_FROM: Final = ("generator", "templates/words.yml", EXPLAINED, "docs/errata")
"""What the models of pages rest on, below the root."""
FRAMED_BY: Final = ("templates/theme", "mkdocs.yml")
"""What every built page rests on besides its own content, below the root."""


def fingerprint(root: Path, places: Sequence[str], is_named_only: Callable[[Path], bool] = lambda _: False) -> str:
    """Tell whether anything in `places` below `root` has changed, by the times and sizes of files.

    Args:
        root: Of the checkout.
        places: Files, and folders with all below them.
        is_named_only: Whether no more counts of a file than that it is there.
    """
    digest = hashlib.blake2b()
    for file in sorted(file for place in places for file in _files(root / place)):
        digest.update(os.fsencode(file))  # a locale may know no letter of it
        if not is_named_only(file):
            stat = file.stat()
            digest.update(f" {stat.st_mtime_ns} {stat.st_size}".encode())
        digest.update(b"\n")
    return digest.hexdigest()


def model_fingerprint(root: Path) -> str:
    """Tell whether anything has changed that models rest on, but for what is said of names and of causes.

    Which names there are counts; what is said of them does not (`nova_states.site.edited_site`).
    """
    explanations = root / EXPLAINED

    def is_named_only(file: Path) -> bool:
        folder = file.parent
        return folder.parent == explanations and (is_of_name(folder) or folder.name == CAUSE_FOLDER)

    return fingerprint(root, MODELLED_FROM, is_named_only)


def _files(place: Path) -> Iterable[Path]:
    if place.is_file():
        return (place,)
    return (file for file in place.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


class KeptPages:
    """The pages of the last build, by their sources' paths."""

    def __init__(self) -> None:
        self._outputs: dict[str, tuple[str, str]] = {}
        self._keys: dict[str, str] = {}
        self.scripts = InlineScripts()
        self.renderings = Renderings()
        self.folder = ServedFolder()
        self._environment: tuple[str, Any] | None = None

    def look_around(self, root: Path, files: Files) -> None:
        """Tell what the Markdown of all pages rests on."""
        self.renderings.around = fingerprint(root, ("mkdocs.yml",)) + repr([(file.src_uri, file.url) for file in files])

    def environment(self, root: Path, made: Any) -> Any:  # noqa: ANN401 - only rendering names Jinja
        """Jinja's environment of the last build with all that it compiled of templates that are as they were.

        It is `made` where there are others: one of the theme's own may now be hidden by one of ours.
        """
        named = fingerprint(root, FRAMED_BY, lambda file: file.suffix == ".html")
        if self._environment is None or self._environment[0] != named:
            self._environment = (named, made)
        _, kept = self._environment
        forget_changed(kept)
        return kept

    def choose(self, root: Path, pages: Sequence[Page]) -> None:
        """Mark those of the `pages`, all of the site in their order, that are as they were."""
        frame = fingerprint(root, FRAMED_BY) + repr([(page.file.src_uri, page.title) for page in pages])
        self._keys = {page.file.src_uri: _digest(frame, repr(page.meta), page.content or "") for page in pages}
        for page in pages:
            key, _ = self._outputs.get(page.file.src_uri, ("", ""))
            if key == self._keys[page.file.src_uri]:
                page.meta["template"] = TEMPLATE

    def output(self, page: Page) -> str | None:
        """Return the page as it was built before, if it is as it was."""
        return self._outputs[page.file.src_uri][1] if page.meta.get("template") == TEMPLATE else None

    def keep(self, page: Page, output: str) -> None:
        """Keep the page for the next build."""
        if page.file.src_uri in self._keys:
            self._outputs[page.file.src_uri] = (self._keys[page.file.src_uri], output)


def _digest(*texts: str) -> str:
    digest = hashlib.blake2b()
    for text in texts:
        digest.update(text.encode())
    return digest.hexdigest()


KEPT: Final = KeptPages()

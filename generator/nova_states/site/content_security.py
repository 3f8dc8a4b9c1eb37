"""The site works under a strict Content-Security-Policy: no script and no style stands inside a page.

The policy is part of every page, as not every host sends headers; a host that does can send the same. What Material
writes inside its pages is moved to files named by their content as each page is finished, rather than by overriding
the partials that print it: copies of them would hide Material's later changes.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from mkdocs.utils import get_relative_url

_IMAGES: Final = "img-src 'self' data:"
"""Material's style sheet draws its icons from data of its own."""
POLICY: Final = f"default-src 'self'; {_IMAGES}; base-uri 'self'; form-action 'self'; object-src 'none'"
SERVED_POLICY: Final = f"{POLICY}; script-src 'self' 'unsafe-inline'"
"""While a site is edited: MkDocs adds the script that loads a page anew to each page that it serves."""

_FOLDER: Final = "assets/scripts"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)  # with a type they are data, with a source they are files


class InlineScripts:
    """The scripts that stood inside the pages of one build."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        """By the address of the file below the site."""

    def move(self, html: str, url: str) -> str:
        """Return the page at `url` with its inline scripts loaded from files, at the same places."""

        def load(match: re.Match[str]) -> str:
            text = match[1].strip()
            address = f"{_FOLDER}/{hashlib.sha256(text.encode()).hexdigest()[:8]}.js"
            self._texts[address] = text
            return f'<script src="{get_relative_url(address, url)}"></script>'

        return _INLINE.sub(load, html)

    def write(self, site: Path) -> None:
        """Write the files below the folder of the built site."""
        for address, text in sorted(self._texts.items()):
            file = site / address
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n", encoding="utf-8")

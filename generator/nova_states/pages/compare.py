"""The page that compares any two releases: what it needs to start; what changed is joined in the browser."""

from __future__ import annotations

import json
from typing import Final

from nova_states.pages.components import Head
from nova_states.pages.models import ComparePage
from nova_states.pages.urls import COMPARE, HOME
from nova_states.pages.writer import Writer

COMPARED: Final = "assets/compare/"
"""Below the site: where what the page fetches lies, a file an area."""
_WORDS: Final = ("from", "to", "swap", "copy", "copied", "unknown", "failed", "waiting", "areas")


def build_compare(writer: Writer) -> ComparePage:
    """The pickers' frame; the newest release and the one it replaced are named for readers without script."""
    page = writer.on(COMPARE)
    return ComparePage(
        head=Head(
            title=page.words("compare_title"),
            description=page.words("compare_description"),
            kind="compare",
            hide=("toc",),
        ),
        folder=page.urls.beside(COMPARED),
        root=page.urls.to(HOME),
        actions=" ".join(page.queries.actions),
        labels=json.dumps({word: page.words(f"compare_{word}") for word in _WORDS}, ensure_ascii=False),
        command=f"nova-states diff {' '.join(newest_pair(page))} --lang {page.language}",
    )


def newest_pair(page: Writer) -> tuple[str, str]:
    """The newest release of the series before the newest, and the newest of all."""
    series = page.catalog.series[-2:]
    return page.catalog.versions_of(series[0])[-1], page.catalog.latest

"""The search index, one a language: a reader downloads only theirs and finds only pages they can read.

Material writes one index for the whole site, from the HTML of the pages. Prose stays with that; generated pages know
their words (`PageHead`) and are indexed from them, without tables, one document a page, which keeps the index small
enough to be loaded with every page. Rests on Material's worker: it loads `search/search_index.json` below the `base`
of the page's `__config`, and takes any field that the index' configuration names.
"""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nova_states.site.generated_page import PageHead

INDEX = Path("search/search_index.json")


def describe(head: PageHead, url: str) -> dict[str, Any]:
    """Return the search document of a generated page; `alias` is searched and never shown."""
    document: dict[str, Any] = {
        "location": url,
        "title": escape(head.title, quote=False),
        "text": f"<p>{escape(head.text or head.description, quote=False)}</p>",
    }
    if head.aliases:
        document["alias"] = escape(" | ".join(head.aliases), quote=False)
    if head.boost != 1:
        document["boost"] = head.boost
    return document


def split_index(site: Path, generated: Mapping[str, PageHead], languages: Iterable[str]) -> None:
    """Replace the one index below `site` by one below each language's folder; `generated` are heads by address."""
    index = json.loads((site / INDEX).read_text(encoding="utf-8"))
    documents = index["docs"] + [describe(head, url) for url, head in generated.items()]
    for language in languages:
        prefix = f"{language}/"
        own = [
            {**document, "location": document["location"].removeprefix(prefix) or "./"}
            for document in documents
            if document["location"].startswith(prefix)
        ]
        file = site / language / INDEX
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"config": index["config"], "docs": own}, ensure_ascii=False, separators=(",", ":"))
        file.write_text(text, encoding="utf-8")
    shutil.rmtree((site / INDEX).parent)

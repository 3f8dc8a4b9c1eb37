"""What pages fetch when a reader looks at another release: the list of releases, and a file beside each page.

A build writes all files; `mkdocs serve` makes each when a browser asks for it, so that an edit waits for none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.fact_ids import FactIds
from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.leads import Leads
from nova_states.explanations.loading import Explanations
from nova_states.pages.urls import HOME, Urls
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering.lens import LensRenderer
from nova_states.rendering.pages import load_words
from nova_states.site.generated_page import render_headings
from nova_states.site.side_by_side import side_by_side

RELEASE_LIST: Final = "assets/releases.json"


def render_release_list(catalog: Catalog) -> str:
    """The series that the reference speaks of, oldest first, with their versions likewise."""
    series = [
        {
            "name": one.name,
            "codename": one.codename,
            "status": one.status,
            "eol": one.eol.isoformat() if one.eol else None,
            "unmaintained": one.unmaintained.isoformat() if one.unmaintained else None,
            "planned": {"status": one.planned.status, "date": one.planned.date.isoformat()} if one.planned else None,
            "versions": catalog.versions_of(one),
        }
        for one in catalog.series
    ]
    return json.dumps({"series": series}, ensure_ascii=False, separators=(",", ":"))


def lens_renderers(queries: CatalogQueries, explanations: Explanations, leads: Leads) -> Iterator[LensRenderer]:
    """One a language."""
    ids = FactIds(catalog=queries.catalog)
    keys: dict[tuple[str, str], list[int | None]] = {}
    for language in LANGUAGES:
        words = PageWords(language=language, table=load_words())
        urls = Urls(page=HOME)
        writer = Writer(queries=queries, explanations=explanations, words=words, urls=urls, leads=leads)
        yield LensRenderer(writer=writer, ids=ids, finish=render_headings, keys=keys)


def render_lens_files(queries: CatalogQueries, explanations: Explanations, leads: Leads) -> dict[str, str]:
    """Path below the site → text of each page's file."""
    files = [
        (path, renderer, page)
        for renderer in lens_renderers(queries, explanations, leads)
        for path, page in renderer.pages().items()
    ]
    # What decides about the parts of a page is the same in all languages.
    ordered = sorted(files, key=lambda file: file[0].partition("/")[2])
    texts = side_by_side(lambda file: file[1].render(file[2]), ordered)
    rendered = dict(zip((path for path, _, _ in ordered), texts, strict=True))
    return {path: rendered[path] for path, _, _ in files}

"""Everything the generator adds to the site: pages, and whatever else is published beside them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.errors import CheckError
from nova_states.explanations.claims import claims_of, find_false_claims
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.errata import ErrataFile, find_untrue_errata, load_errata
from nova_states.explanations.leads import Leads, find_unknown_leads, load_leads
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.pages.compare import COMPARED
from nova_states.pages.machine_map import unplaced_states
from nova_states.rendering.pages import ServedPages, load_words, model_pages, render_page
from nova_states.rendering.pictures import render_pictures
from nova_states.site.api import render_api, render_lookup_data
from nova_states.site.compare_files import render_compare_files
from nova_states.site.generated_page import read_head
from nova_states.site.kept_files import kept
from nova_states.site.lens_files import RELEASE_LIST, lens_renderers, render_lens_files, render_release_list
from nova_states.site.links import find_broken_links
from nova_states.site.rebuilding import MODELLED_FROM, fingerprint
from nova_states.site.search.index import render_search
from nova_states.stories.coverage import find_story_problems

log = logging.getLogger("mkdocs.plugins.nova-states")


def render_site(root: Path, *, is_served: bool = False) -> Mapping[str, str]:
    """Path below the site's source folder → text; while served without what pages fetch of other releases.

    Raises:
        CheckError: a name is not explained, an explanation has no name, a fact contradicts what prose or an erratum
            claims, a way or a link to prose leads nowhere, or nobody sees it; each with its file.
        InputError: facts, a template or a word are wrong, with the place.
    """
    if is_served:
        return _of_newest(root, is_served=True)
    docs = root / "docs"
    state = fingerprint(root, MODELLED_FROM)
    found = kept(root, "pages", "", lambda: _of_newest(root))
    leads = load_leads(load_explanations(), docs)
    return {**found, **kept(root, "lens", repr(leads), lambda: _of_all_releases(docs, state, leads))}


def _of_newest(root: Path, *, is_served: bool = False) -> dict[str, str]:
    """Pages and what is published beside them, after all checks."""
    docs = root / "docs"
    state = fingerprint(root, MODELLED_FROM)
    queries, explanations, _ = _read(docs, state)
    problems = (
        *_find_problems_of_data(docs, state),
        *_false_claims(docs, queries),
        *find_unknown_leads(explanations, docs),
    )
    if problems:
        raise CheckError(problems)
    for name in unplaced_states(queries.latest):
        log.info("pages/machine_layout.toml: no place for vm_state %s; it is drawn at the edge of the picture", name)
    pages = _render(docs, state, load_leads(explanations, docs), is_served=is_served)
    if broken := tuple(find_broken_links(docs, pages)):
        raise CheckError(broken)
    heads = {path: read_head(path, text) for path, text in pages.items()}
    return {**pages, **render_search(docs, heads, queries, explanations, load_words()), **_beside(docs, state)}


def _false_claims(docs: Path, queries: CatalogQueries) -> Iterator[str]:
    """Each claim of prose that does not hold; while served, one that was checked is not asked for again."""
    for claim in claims_of(docs):
        yield from queries.memo.once(
            ("claim", repr(claim)),
            lambda claim=claim: tuple(find_false_claims(queries.catalog, (claim,))),  # type: ignore[misc]
        )


def _of_all_releases(docs: Path, state: str, leads: Leads) -> dict[str, str]:
    queries, explanations, _ = _read(docs, state)
    return {**render_lens_files(queries, explanations, leads), **render_compare_files(queries.catalog)}


def render_on_request(root: Path, path: str) -> str | None:
    """What pages fetch of other releases, made when it is asked for; None where nothing of this path is."""
    docs = root / "docs"
    state = fingerprint(root, MODELLED_FROM)
    queries, explanations, _ = _read(docs, state)
    if path.startswith(COMPARED):
        return _compared(docs, state).get(path)
    for renderer in lens_renderers(queries, explanations, load_leads(explanations, docs)):
        page = renderer.pages().get(path)
        if page is not None:
            return renderer.render(page)
    return None


# One build makes each of these once; the builds of `mkdocs serve` find them as long as `state` is the same.
@lru_cache(maxsize=1)
def _read(docs: Path, state: str) -> tuple[CatalogQueries, Explanations, tuple[ErrataFile, ...]]:  # noqa: ARG001 - the key
    return CatalogQueries(catalog=load_catalog()), load_explanations(), load_errata(docs)


@lru_cache(maxsize=1)
def _find_problems_of_data(docs: Path, state: str) -> tuple[str, ...]:
    """What is wrong with explanations, stories and errata, which prose has no part in."""
    queries, explanations, errata = _read(docs, state)
    return (
        *find_problems(queries.catalog, explanations),
        *find_story_problems(queries.catalog, explanations),
        *find_untrue_errata(queries.catalog, errata),
    )


def _render(docs: Path, state: str, leads: Leads, *, is_served: bool) -> dict[str, str]:
    if is_served:
        return _served(docs, state, repr(leads)).render()
    queries, explanations, errata = _read(docs, state)
    # Models are many times larger than their pages: none is kept.
    return {page.path: render_page(page) for page in model_pages(queries, explanations, errata, leads)}


@lru_cache(maxsize=1)
def _served(docs: Path, state: str, leads: str) -> ServedPages:  # noqa: ARG001 - front matter leads as well
    queries, explanations, errata = _read(docs, state)
    return ServedPages(model_pages(queries, explanations, errata, load_leads(explanations, docs)))


@lru_cache(maxsize=1)
def _compared(docs: Path, state: str) -> dict[str, str]:
    """What the page fetches that compares two releases: all of its files are made together."""
    queries, _, _ = _read(docs, state)
    return render_compare_files(queries.catalog)


@lru_cache(maxsize=1)
def _beside(docs: Path, state: str) -> dict[str, str]:
    """What is published beside the pages."""
    queries, explanations, _ = _read(docs, state)
    return {
        **render_pictures(queries, explanations),
        **render_api(queries.catalog, explanations),
        **render_lookup_data(),
        RELEASE_LIST: render_release_list(queries.catalog),
    }


def newest_facts(rendered: Mapping[str, str]) -> Mapping[str, str]:
    """Release and date of the newest facts, as the public JSON says."""
    index = json.loads(rendered["api/v1/index.json"])
    newest = next(release for release in index["releases"] if release["version"] == index["latest"])
    return {"release": newest["version"], "date": newest["date"] or ""}

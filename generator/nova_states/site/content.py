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
from nova_states.explanations.clauses import clauses_by
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.errata import ErrataFile, find_untrue_errata, load_errata
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.leads import Leads, find_unknown_leads, load_leads
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.explanations.prose import read_anew, written_pages
from nova_states.explanations.source_words import load_source_words
from nova_states.pages.compare import COMPARED
from nova_states.pages.machine_map import unplaced_states
from nova_states.pages.section_indexes import GUIDES, RUNBOOKS
from nova_states.rendering.pages import load_words, plan_pages, render_page
from nova_states.rendering.pictures import render_pictures
from nova_states.site.api import render_api, render_lookup_data
from nova_states.site.compare_files import render_compare_files
from nova_states.site.edited_site import EditedSite
from nova_states.site.generated_page import read_head
from nova_states.site.kept_files import kept
from nova_states.site.lens_files import RELEASE_LIST, lens_renderers, render_lens_files, render_release_list
from nova_states.site.links import find_broken_links
from nova_states.site.rebuilding import EXPLAINED, fingerprint, model_fingerprint
from nova_states.site.search.index import render_search
from nova_states.site.written_checks import find_unfinished_prose
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
    found = kept(root, "pages", "", lambda: _of_newest(root))
    leads = load_leads(load_explanations(), root / "docs")
    return {**found, **kept(root, "lens", repr(leads), lambda: _of_all_releases(root, leads))}


def _of_newest(root: Path, *, is_served: bool = False) -> dict[str, str]:
    """Pages and what is published beside them, after all checks."""
    docs = root / "docs"
    state = model_fingerprint(root)
    (queries, errata), explanations = _read(docs, state), _explanations(root)
    problems = (
        *find_unfinished_prose(docs),
        *_find_problems_of_data(docs, state),
        *_false_claims(docs, queries, is_served=is_served),
        *find_unknown_leads(explanations, docs),
    )
    if problems:
        raise CheckError(problems)
    for name in unplaced_states(queries.latest):
        log.info("pages/machine_layout.toml: no place for vm_state %s; it is drawn at the edge of the picture", name)
    leads = load_leads(explanations, docs)
    if is_served:
        read_anew()
        titles = [written_pages(language, folder) for language in LANGUAGES for folder in (GUIDES, RUNBOOKS)]
        site = _edited(docs, state, repr((leads, titles)))
        site.tell(explanations)
        pages, beside = site.pages(), site.beside()
    else:
        # Models are many times larger than their pages: none is kept.
        pages = {page.path: render_page(page.modelled()) for page in plan_pages(queries, explanations, errata, leads)}
        beside = {**render_pictures(queries, explanations), **render_api(queries.catalog, explanations)}
    if broken := tuple(find_broken_links(docs, pages)):
        raise CheckError(broken)
    heads = {path: read_head(path, text) for path, text in pages.items()}
    return {
        **pages,
        **render_search(docs, heads, queries, explanations, load_words()),
        **beside,
        **_lookup_data(fingerprint(root, (EXPLAINED, "generator"))),
        RELEASE_LIST: render_release_list(queries.catalog),
    }


def _false_claims(docs: Path, queries: CatalogQueries, *, is_served: bool) -> Iterator[str]:
    """Each claim of prose that does not hold; one that was checked is not asked for again."""
    if not is_served:
        found = kept(
            docs.parent, "claims", "", lambda: dict.fromkeys(find_false_claims(queries.catalog, claims_of(docs)), "")
        )
        yield from found
        return
    for claim in claims_of(docs):
        yield from queries.memo.once(
            ("claim", repr(claim)),
            lambda claim=claim: tuple(find_false_claims(queries.catalog, (claim,))),  # type: ignore[misc]
        )


def _of_all_releases(root: Path, leads: Leads) -> dict[str, str]:
    queries, _ = _read(root / "docs", model_fingerprint(root))
    explanations = _explanations(root)
    compared = render_compare_files(queries.catalog, clauses_by(explanations.conditions))
    return {**render_lens_files(queries, explanations, leads), **compared}


def render_on_request(root: Path, path: str) -> str | None:
    """What pages fetch of other releases, made when it is asked for; None where nothing of this path is."""
    docs = root / "docs"
    state = model_fingerprint(root)
    if path.startswith(COMPARED):
        return _compared(root, state).get(path)
    (queries, _), explanations = _read(docs, state), _explanations(root)
    for renderer in lens_renderers(queries, explanations, load_leads(explanations, docs)):
        page = renderer.pages().get(path)
        if page is not None:
            return renderer.render(page)
    return None


def _explanations(root: Path) -> Explanations:
    return _explained(fingerprint(root, (EXPLAINED,)))


# One build makes each of these once; the builds of `mkdocs serve` find them as long as `state` is the same.
@lru_cache(maxsize=1)
def _read(docs: Path, state: str) -> tuple[CatalogQueries, tuple[ErrataFile, ...]]:  # noqa: ARG001 - the key
    return CatalogQueries(catalog=load_catalog()), load_errata(docs)


@lru_cache(maxsize=1)
def _explained(state: str) -> Explanations:  # noqa: ARG001 - the key
    load_explanations.cache_clear()
    load_source_words.cache_clear()
    return load_explanations()


@lru_cache(maxsize=1)
def _find_problems_of_data(docs: Path, state: str) -> tuple[str, ...]:
    """What is wrong with explanations, stories and errata, whatever is said of names and in prose."""
    (queries, errata), explanations = _read(docs, state), load_explanations()

    def find() -> Iterator[str]:
        yield from find_problems(queries.catalog, explanations)
        yield from find_story_problems(queries.catalog, explanations)
        yield from find_untrue_errata(queries.catalog, errata)

    return tuple(kept(docs.parent, "problems", "", lambda: dict.fromkeys(find(), "")))


@lru_cache(maxsize=1)
def _edited(docs: Path, state: str, prose: str) -> EditedSite:  # noqa: ARG001 - pages name and lead to prose as well
    (queries, errata), explanations = _read(docs, state), load_explanations()
    return EditedSite(queries, errata, explanations, load_leads(explanations, docs))


@lru_cache(maxsize=1)
def _compared(root: Path, state: str) -> dict[str, str]:
    """What the page fetches that compares two releases: all of its files are made together."""
    queries, _ = _read(root / "docs", state)
    return render_compare_files(queries.catalog, clauses_by(_explanations(root).conditions))


@lru_cache(maxsize=1)
def _lookup_data(state: str) -> dict[str, str]:  # noqa: ARG001 - the key
    return render_lookup_data()


def newest_facts(rendered: Mapping[str, str]) -> Mapping[str, str]:
    """Release and date of the newest facts, as the public JSON says."""
    index = json.loads(rendered["api/v1/index.json"])
    newest = next(release for release in index["releases"] if release["version"] == index["latest"])
    return {"release": newest["version"], "date": newest["date"] or ""}

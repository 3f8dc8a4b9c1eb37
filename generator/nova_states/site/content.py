"""Everything the generator adds to the site: pages, and whatever else is published beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.errors import CheckError
from nova_states.explanations.claims import claims_of, find_false_claims
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.errata import ErrataFile, find_untrue_errata, load_errata
from nova_states.explanations.leads import find_unknown_leads
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.rendering.pages import load_words, render_pages
from nova_states.site.api import render_api, render_lookup_data
from nova_states.site.generated_page import read_head
from nova_states.site.rebuilding import RENDERED_FROM, fingerprint
from nova_states.site.search.index import render_search


def render_site(root: Path) -> Mapping[str, str]:
    """Path below the site's source folder → text.

    Raises:
        CheckError: a name is not explained, an explanation has no name, a fact contradicts what prose or an erratum
            claims, or prose says that it is reached from something that does not exist; each with its file.
        InputError: facts, a template or a word are wrong, with the place.
    """
    docs = root / "docs"
    state = fingerprint(root, RENDERED_FROM)
    queries, explanations, _ = _read(docs, state)
    catalog = queries.catalog
    problems = (
        *_find_problems_of_data(docs, state),
        *find_false_claims(catalog, claims_of(docs)),
        *find_unknown_leads(explanations, docs),
    )
    if problems:
        raise CheckError(problems)
    pages, others = _render(docs, state)
    heads = {path: read_head(path, text) for path, text in pages.items()}
    return {**pages, **render_search(docs, heads, queries, explanations, load_words()), **others}


# One build makes each of these once; the builds of `mkdocs serve` find them as long as `state` is the same.
@lru_cache(maxsize=1)
def _read(docs: Path, state: str) -> tuple[CatalogQueries, Explanations, tuple[ErrataFile, ...]]:  # noqa: ARG001 - the key
    return CatalogQueries(catalog=load_catalog()), load_explanations(), load_errata(docs)


@lru_cache(maxsize=1)
def _find_problems_of_data(docs: Path, state: str) -> tuple[str, ...]:
    """What is wrong with explanations and errata, which prose has no part in."""
    queries, explanations, errata = _read(docs, state)
    return (*find_problems(queries.catalog, explanations), *find_untrue_errata(queries.catalog, errata))


@lru_cache(maxsize=1)
def _render(docs: Path, state: str) -> tuple[dict[str, str], dict[str, str]]:
    """The pages, and what is published beside them."""
    queries, explanations, errata = _read(docs, state)
    others = {**render_api(queries.catalog, explanations), **render_lookup_data()}
    return dict(render_pages(queries, explanations, errata)), others

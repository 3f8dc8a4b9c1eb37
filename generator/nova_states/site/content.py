"""Everything the generator adds to the site: pages, and whatever else is published beside them."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.errors import CheckError
from nova_states.explanations.claims import claims_of, find_false_claims
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.errata import find_untrue_errata, load_errata
from nova_states.explanations.leads import find_unknown_leads
from nova_states.explanations.loading import load_explanations
from nova_states.pages.machine_map import unplaced_states
from nova_states.rendering.pages import load_words, render_pages
from nova_states.rendering.pictures import render_pictures
from nova_states.site.api import render_api, render_lookup_data
from nova_states.site.generated_page import read_head
from nova_states.site.search.index import render_search

log = logging.getLogger("mkdocs.plugins.nova-states")


def render_site(root: Path) -> Mapping[str, str]:
    """Path below the site's source folder → text.

    Raises:
        CheckError: a name is not explained, an explanation has no name, a fact contradicts what prose or an erratum
            claims, or prose says that it is reached from something that does not exist; each with its file.
        InputError: facts, a template or a word are wrong, with the place.
    """
    catalog = load_catalog()
    explanations = load_explanations()
    docs = root / "docs"
    errata = load_errata(docs)
    problems = (
        *find_problems(catalog, explanations),
        *find_false_claims(catalog, claims_of(docs)),
        *find_untrue_errata(catalog, errata),
        *find_unknown_leads(explanations, docs),
    )
    if problems:
        raise CheckError(problems)
    queries = CatalogQueries(catalog=catalog)
    for name in unplaced_states(queries.latest):
        log.info("pages/machine_layout.toml: no place for vm_state %s; it is drawn at the edge of the picture", name)
    pages = render_pages(queries, explanations, errata)
    heads = {path: read_head(path, text) for path, text in pages.items()}
    return {
        **pages,
        **render_search(docs, heads, queries, explanations, load_words()),
        **render_pictures(queries, explanations),
        **render_api(catalog, explanations),
        **render_lookup_data(),
    }


def newest_facts(rendered: Mapping[str, str]) -> Mapping[str, str]:
    """Release and date of the newest facts, as the public JSON says."""
    index = json.loads(rendered["api/v1/index.json"])
    newest = next(release for release in index["releases"] if release["version"] == index["latest"])
    return {"release": newest["version"], "date": newest["date"] or ""}

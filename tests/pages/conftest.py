"""The writer of each language over the committed facts, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.leads import load_leads
from nova_states.explanations.loading import load_explanations
from nova_states.pages.urls import HOME, Urls
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering.pages import load_words

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="session")
def queries() -> CatalogQueries:
    return CatalogQueries(catalog=load_catalog())


@pytest.fixture(params=["ko", "en"])
def writer(request: pytest.FixtureRequest, queries: CatalogQueries) -> Writer:
    words = PageWords(language=request.param, table=load_words())
    explanations = load_explanations()
    leads = load_leads(explanations, DOCS)
    return Writer(queries=queries, explanations=explanations, words=words, urls=Urls(page=HOME), leads=leads)

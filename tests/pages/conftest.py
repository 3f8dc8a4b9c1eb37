"""The writer of each language over the committed facts, made once."""

from __future__ import annotations

import pytest

from generator.catalog.catalog import load_catalog
from generator.explanations.loading import load_explanations
from generator.pages.survey import Survey
from generator.pages.urls import HOME, Urls
from generator.pages.writer import Words, Writer
from generator.rendering.pages import load_words


@pytest.fixture(scope="session")
def survey() -> Survey:
    return Survey(catalog=load_catalog())


@pytest.fixture(params=["ko", "en"])
def writer(request: pytest.FixtureRequest, survey: Survey) -> Writer:
    words = Words(language=request.param, table=load_words())
    return Writer(survey=survey, explanations=load_explanations(), words=words, urls=Urls(page=HOME))

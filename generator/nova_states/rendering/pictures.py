"""The pictures that are published as files beside the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations
from nova_states.pages.machine_map import build_machine_map, picture_file
from nova_states.pages.urls import HOME, Urls
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering.machine_drawing import Scheme, draw_map_file
from nova_states.rendering.pages import load_words


def render_pictures(queries: CatalogQueries, explanations: Explanations) -> Mapping[str, str]:
    """Path below the site → SVG, in each language and for light and dark."""
    files = {}
    for language in LANGUAGES:
        words = PageWords(language=language, table=load_words())
        page = Writer(queries=queries, explanations=explanations, words=words, urls=Urls(page=HOME))
        picture = build_machine_map(page, with_links=False)
        for scheme in get_args(Scheme):
            files[picture_file(language, scheme)] = draw_map_file(picture, scheme)
    return files

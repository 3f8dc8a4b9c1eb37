"""Renders all pages of all languages to the files that MkDocs reads."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields

from nova_states.catalog.queries import CatalogQueries
from nova_states.errors import InputError
from nova_states.explanations.errata import ErrataFile
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.leads import Leads
from nova_states.explanations.loading import Explanations
from nova_states.explanations.yaml_text import read_yaml
from nova_states.pages import builders
from nova_states.pages.components import Head
from nova_states.pages.models import PageModel
from nova_states.pages.urls import HOME, Urls, file_of
from nova_states.pages.writer import Keep, PageWords, Writer, make_anew
from nova_states.rendering.environment import TEMPLATES, digest_of, render

_WORDS = TEMPLATES / "words.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelledPage:
    """A page before its template is filled."""

    path: str
    """Below the site's source folder."""
    words: PageWords
    model: PageModel


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPage:
    """A page before anything is looked up for it."""

    path: str
    """As of a modelled page."""
    words: PageWords
    build: Callable[[], PageModel]

    def modelled(self) -> ModelledPage:
        """The page with its model."""
        return ModelledPage(path=self.path, words=self.words, model=self.build())


def plan_pages(
    queries: CatalogQueries,
    explanations: Explanations,
    errata: Sequence[ErrataFile],
    leads: Leads,
    keep: Keep = make_anew,
) -> Iterator[PlannedPage]:
    """Every generated page, in the order of the site.

    Args:
        queries: The facts.
        explanations: What is said of their names.
        errata: What is corrected.
        leads: The ways to prose.
        keep: Of a site that is edited.

    Raises:
        InputError: a word is wrong, with its place.
    """
    table = load_words()
    for language in LANGUAGES:
        words = PageWords(language=language, table=table)
        urls = Urls(page=HOME)
        writer = Writer(queries=queries, explanations=explanations, words=words, urls=urls, leads=leads, keep=keep)
        for page, build in builders.plan_pages(writer, errata):
            yield PlannedPage(path=file_of(language, page), words=words, build=build)


def render_page(page: ModelledPage) -> str:
    """The text of a page.

    Raises:
        InputError: its template is wrong, with the place.
    """
    model = page.model
    body = render(template_of(type(model)), page.words, **_variables(model))
    return f"---\n{_front_matter(model.head)}\n---\n\n{body}"


class ServedPages:
    """The pages of a site that is edited: only those of another model or an edited template are filled anew."""

    def __init__(self) -> None:
        self._filled: dict[str, tuple[ModelledPage, str, str]] = {}
        """Path → the page, what its template was, and the text."""

    def render(self, pages: Iterable[ModelledPage]) -> dict[str, str]:
        """Path below the site's source folder → text, for every page; one that is the same object is the same page.

        Raises:
            InputError: a template is wrong, with the place.
        """
        digests: dict[str, str] = {}
        found: dict[str, tuple[ModelledPage, str, str]] = {}
        for page in pages:
            name = template_of(type(page.model))
            if name not in digests:
                digests[name] = digest_of(f"pages/{name}")
            before = self._filled.get(page.path)
            if before is None or before[0] is not page or before[1] != digests[name]:
                before = (page, digests[name], render_page(page))
            found[page.path] = before
        self._filled = found
        return {path: text for path, (_, _, text) in found.items()}


@functools.cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """The words of the interface by key and language.

    Raises:
        InputError: the file does not say every word in both languages.
    """
    table = read_yaml(_WORDS, f"templates/{_WORDS.name}")
    for key, word in table.items():
        if not isinstance(word, dict) or set(word) != set(LANGUAGES) or not all(word.values()):
            raise InputError(f"templates/{_WORDS.name}: {key}: needs one word in each of {', '.join(LANGUAGES)}")
    found: Mapping[str, Mapping[str, str]] = table
    return found


def template_of(model: type) -> str:
    """Name of the template of a page model: StatePage → "state.md"."""
    name = model.__name__.removesuffix("Page")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_") + ".md"


def _variables(model: PageModel) -> dict[str, object]:
    return {field.name: getattr(model, field.name) for field in fields(model)}


def _front_matter(head: Head) -> str:
    """The head as one line of JSON, what has its default left out."""
    given = {field.name: getattr(head, field.name) for field in fields(Head)}
    defaults = {field.name: field.default for field in fields(Head) if field.default is not MISSING}
    kept = {name: value for name, value in given.items() if name not in defaults or value != defaults[name]}
    return json.dumps(kept, ensure_ascii=False)

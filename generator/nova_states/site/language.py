"""Two languages in one build: while a page is built, the configuration speaks that page's language.

Material reads its language, the site's name and the palette's labels from the configuration each time it renders a
template, and MkDocs renders one page after the other. So changing them in between gives every page its own words
without overriding the templates that print them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_relative_url

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mkdocs.config.defaults import MkDocsConfig


FALLBACK = "en"
"""For whoever reads none of the languages; docs/assets/root.js goes there too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One language of the site, as mkdocs.yml describes it."""

    code: str
    """ko, en: the first folder of its pages."""
    name: str
    """What the language calls itself."""
    site_name: str
    site_description: str
    permalink: str
    """The title of the link beside a heading."""
    palette: tuple[str, ...]
    """What each switch of the palette does, in the palette's order."""
    labels: Mapping[str, str]
    """Words for parts of the page: `search` and `failed` for templates/theme/partials/search_box.html, `facts`, `how`,
    `licence`, `report` and `code` for copyright.html beside it, `guess` and those after it for the theme's 404.html,
    the others for what Material leaves without a name, see `nova_states.site.theme_patches`."""
    not_found: str
    """The sentence of the page for addresses that do not exist."""


def read_languages(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Language]:
    """Return the languages of mkdocs.yml by their codes, in its order."""
    return {
        code: Language(code=code, **{**words, "palette": tuple(words["palette"])}) for code, words in options.items()
    }


def speak(config: MkDocsConfig, language: Language) -> None:
    """Make `config` speak `language` until it is called again."""
    config.site_name = language.site_name
    config.site_description = language.site_description
    config.theme["language"] = language.code
    config.theme["palette"] = [
        {**option, "toggle": {**option["toggle"], "name": name}}
        for option, name in zip(config.theme["palette"], language.palette, strict=True)
    ]


def link_translations(
    path: str, url: str, languages: Mapping[str, Language], paths: Collection[str]
) -> list[dict[str, Any]]:
    """Where a page is to be found in each language.

    Args:
        path: File of the page in MkDocs' folder, "ko/vm_state/active.md".
        url: Its address below the site.
        languages: By code.
        paths: Files of all pages.

    Returns:
        For each language `language`, the absolute `url` below the site, `link` relative to the page, `current`, and
        `known`: a page without its translation gets the home page of the other language.
    """
    here = path.partition("/")[0]
    translations = []
    for code, language in languages.items():
        known = code + path.removeprefix(here) in paths
        there = code + url.removeprefix(here) if known else f"{code}/"
        translations.append(
            {
                "language": language,
                "url": there,
                "link": get_relative_url(there, url),
                "current": code == here,
                "known": known,
            }
        )
    return translations


def name_alternates(translations: Sequence[Mapping[str, Any]], url: str, site_url: str | None) -> list[tuple[str, str]]:
    """What search engines are told of a page's translations, as hreflang and address.

    Args:
        translations: What `link_translations` gives.
        url: The page's own address below the site.
        site_url: Where the site is published; addresses are relative where that is not known.
    """
    alternates = [(found["language"].code, found["url"]) for found in translations if found["known"]]
    homes = [f"{code}/" for code, _ in alternates]
    # Whoever reads neither language: the root asks the browser, every other page has none but English to offer.
    default = "" if url in homes else dict(alternates).get(FALLBACK, url)
    return [
        (code, site_url + there if site_url else get_relative_url(there or ".", url))
        for code, there in (*alternates, ("x-default", default))
    ]

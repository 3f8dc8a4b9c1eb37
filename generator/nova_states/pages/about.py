"""The lookup on a page of its own, and its form for others."""

from __future__ import annotations

from nova_states.lookup.form import MESSAGES, SAID, STEPS, TABLES, Links, LookupForm, build_form
from nova_states.pages.components import Head
from nova_states.pages.models import LookupPage
from nova_states.pages.urls import HOME, LOOKUP, SOURCE_LINE
from nova_states.pages.writer import Writer

HOW, SOURCES = "about/", "about/sources/"


def build_lookup(writer: Writer) -> LookupPage:
    """The lookup alone."""
    page = writer.on(LOOKUP)
    text = page.words("lookup_description")
    head = Head(title=page.words("lookup_title"), description=text, kind="lookup", hide=("toc",))
    return LookupPage(head=head, form=lookup_form(page))


def lookup_form(page: Writer) -> LookupForm:
    """The lookup's form, as any page may show it."""
    links = Links(
        tables=page.urls.beside(TABLES.format(language=page.language)),
        messages=page.urls.beside(MESSAGES.format(language=page.language)),
        said=page.urls.beside(SAID.format(language=page.language, part="{part}")),
        steps=page.urls.beside(STEPS),
        root=page.urls.to(HOME),
        source=SOURCE_LINE,
    )
    return build_form(page.catalog, page.explanations, page.language, links)

"""Guides and runbooks that a page leads to: those whose front matter says so (`leads_from`), by their own titles."""

from __future__ import annotations

from nova_states.explanations.prose import addresses_led_to, title_of
from nova_states.pages.components import Link
from nova_states.pages.writer import Writer


def reading_links(page: Writer, kind: str, name: str) -> tuple[Link, ...]:
    """What to read on about a name, and what to do about it."""
    return tuple(guide_link(page, address) for address in addresses_led_to().get(f"{kind}:{name}", ()))


def guide_link(page: Writer, address: str) -> Link:
    """A page that people wrote, by its own title: "guide/compare/"."""
    return Link(text=title_of(page.language, address), href=page.urls.to(address))

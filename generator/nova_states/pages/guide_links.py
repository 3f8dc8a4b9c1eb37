"""Links to pages that people wrote, by their own titles."""

from __future__ import annotations

from nova_states.explanations.prose import title_of
from nova_states.pages.components import Link
from nova_states.pages.writer import Writer


def guide_link(page: Writer, address: str) -> Link:
    """A page that people wrote, by its own title: "guide/compare/"."""
    return Link(text=title_of(page.language, address), href=page.urls.to(address))

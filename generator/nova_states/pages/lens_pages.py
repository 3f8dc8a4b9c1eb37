"""All pages that can be looked at as any release has them."""

from __future__ import annotations

from nova_states.pages.action_lens import action_pages
from nova_states.pages.home_lens import home_pages
from nova_states.pages.lens import LensPages
from nova_states.pages.list_lens import list_pages
from nova_states.pages.matrix_lens import matrix_pages
from nova_states.pages.state_lens import state_pages
from nova_states.pages.writer import Writer


def lens_pages(writer: Writer) -> LensPages:
    """Each page with its parts, in the order of the site."""
    yield from home_pages(writer)
    yield from state_pages(writer)
    yield from action_pages(writer)
    yield from matrix_pages(writer)
    yield from list_pages(writer)

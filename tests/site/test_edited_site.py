"""After an edit of explanations a site that is edited is what a site made from nothing is, and little of it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.errata import load_errata
from nova_states.explanations.languages import Text
from nova_states.explanations.leads import load_leads
from nova_states.explanations.loading import Explanation, Explanations, load_explanations
from nova_states.rendering import pages
from nova_states.site import edited_site
from nova_states.site.edited_site import EditedSite
from tests.site.conftest import ROOT

FEW = 60
"""Pages that show what is meant by a state, an action or an exception; there are twelve times as many."""


def edited(explanations: Explanations, kind: str, name: str, **says: Text) -> Explanations:
    old: Explanation = explanations.by_kind[kind][name]
    named = explanations.by_kind[kind] | {name: replace(old, **says)}  # type: ignore[operator, arg-type]
    return replace(explanations, by_kind=explanations.by_kind | {kind: named})  # type: ignore[operator]


def in_korean(*given: Any) -> Iterator[pages.PlannedPage]:  # noqa: ANN401 - as `plan_pages` is given
    """One language alone: the other is made alike."""
    return (page for page in pages.plan_pages(*given) if page.path.startswith("ko/"))


@pytest.mark.all_pages
def test_an_edit_makes_what_shows_it_and_gives_what_all_made_anew_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edited_site, "plan_pages", in_korean)
    queries, errata, before = CatalogQueries(catalog=load_catalog()), load_errata(ROOT / "docs"), load_explanations()
    leads = load_leads(before, ROOT / "docs")
    site = EditedSite(queries, errata, before, leads)
    first = site.pages() | site.beside()
    new = Text(ko="편집한 글입니다.", en="An edited text.")
    after = edited(before, "vm_state", "stopped", meaning=new)
    after = edited(after, "action", "rebuild", meaning=new)
    after = edited(after, "error", "novalidhost", meaning=new, summary=new)
    after = edited(after, "event", "compute_start_instance", summary=new, meaning=new)
    filled: list[str] = []
    own = pages.render_page

    def render_page(page: pages.ModelledPage) -> str:
        filled.append(page.path)
        return own(page)

    monkeypatch.setattr(pages, "render_page", render_page)
    site.tell(after)
    found = site.pages() | site.beside()
    few = len(filled)
    anew = EditedSite(queries, errata, after, leads)
    assert found == anew.pages() | anew.beside()
    assert {path for path in found if found[path] != first[path]} >= {
        "ko/vm_state/stopped.md", "ko/action/rebuild.md", "ko/error/novalidhost.md", "api/v1/i18n/ko.json",
    }  # fmt: skip
    assert 0 < few < FEW
    site.tell(before)
    assert site.pages() | site.beside() == first

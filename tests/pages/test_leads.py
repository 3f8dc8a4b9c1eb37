"""Pages of states, actions, errors and rows of records show the runbooks and guides for them, near the top."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from nova_states.explanations.leads import Leads, load_leads
from nova_states.explanations.loading import load_explanations
from nova_states.pages.actions import build_action
from nova_states.pages.errors import build_error
from nova_states.pages.events import build_events
from nova_states.pages.migration_statuses import build_migration_statuses
from nova_states.pages.models import PageModel
from nova_states.pages.states import build_state
from nova_states.pages.statuses import build_status
from nova_states.pages.writer import Writer
from nova_states.rendering.environment import render
from nova_states.rendering.pages import template_of

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def leading(writer: Writer) -> Writer:
    return replace(writer, leads=load_leads(load_explanations(), DOCS))


def printed(page: Writer, model: PageModel) -> str:
    variables = {field.name: getattr(model, field.name) for field in fields(model)}
    return render(template_of(type(model)), page.words, **variables)


def test_pages_lead_to_runbooks_before_their_first_heading(leading: Writer) -> None:
    deleting = next(c for c in leading.latest.constants["task_state"].values() if c.value == "deleting")
    pages: dict[str, PageModel] = {
        "stuck-deleting": build_state(leading, "task_state", deleting),
        "verify-resize": build_status(leading, "VERIFY_RESIZE"),
        "evacuate-refused": build_action(leading, "evacuate"),
        "error-after-build": build_error(leading, "NoValidHost"),
    }
    for slug, model in pages.items():
        top = printed(leading, model).partition("\n## ")[0]
        assert top.count('class="leads"') == 1
        assert f'/runbook/{slug}/">' in top


def test_rows_of_records_lead_to_runbooks(leading: Writer) -> None:
    events = printed(leading, build_events(leading))
    row = events.partition('id="evacuate"')[2].partition("</div>\n\n<div")[0]
    assert row.count("/runbook/") == 2
    migrations = printed(leading, build_migration_statuses(leading))
    row = migrations.partition("{#finished}")[2].partition("\n## ")[0]
    assert "/runbook/verify-resize/" in row


def test_a_page_that_nothing_leads_on_from_has_no_empty_line(writer: Writer) -> None:
    nothing = replace(writer, leads=Leads())
    assert 'class="leads"' not in printed(nothing, build_status(nothing, "VERIFY_RESIZE"))

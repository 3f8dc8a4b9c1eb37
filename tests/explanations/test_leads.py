"""A page may say that it is reached only from what exists and shows the way; texts lead only to runbooks that exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.explanations.leads import SHOWN_ON, find_unknown_leads, load_leads, prose_pages
from nova_states.explanations.loading import Explanations, load_explanations

DOCS = Path(__file__).parents[2] / "docs"
EXPLANATIONS = load_explanations()
NAMING_NO_RUNBOOK = Explanations(
    by_kind={
        kind: {stem: replace(explanation, runbook=None) for stem, explanation in named.items()}
        for kind, named in EXPLANATIONS.by_kind.items()
    }
)


def page_that_leads_from(docs: Path, leads: str, slug: str = "page") -> Path:
    page = docs / "en" / "runbook" / f"{slug}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"---\ndescription: x\nleads_from: {leads}\n---\n\n# Page\n", encoding="utf-8")
    return docs


def test_ids_of_every_kind_whose_pages_show_the_way_are_known(tmp_path: Path) -> None:
    leads = [f"{kind}:{next(iter(EXPLANATIONS.by_kind[kind].values())).name}" for kind in SHOWN_ON]
    assert list(find_unknown_leads(NAMING_NO_RUNBOOK, page_that_leads_from(tmp_path, str(leads)))) == []


@pytest.mark.parametrize(
    ("leads", "problem"),
    [
        ("[task_state:deletting]", "3: leads_from: nothing is called task_state:deletting; task_state:deleting is"),
        ("\n  [action:lock,\n  error:novalidhost]", "5: leads_from: nothing is called error:novalidhost"),
        ("[deleting]", "3: leads_from: nothing is called deleting"),
        ("[action:lock,\n action:unlock, action:lock]", "4: leads_from: action:lock stands there twice"),
        ("[verdict:stable]", "3: leads_from: no page shows what verdict:stable leads to"),
        ("[advice:locked_note]", "3: leads_from: the answer of advice:locked_note leads to no runbook; see docs/expl"),
    ],
)
def test_a_way_that_nobody_sees_is_told_with_file_and_line(tmp_path: Path, leads: str, problem: str) -> None:
    (found,) = find_unknown_leads(NAMING_NO_RUNBOOK, page_that_leads_from(tmp_path, leads))
    assert found.startswith("docs/en/runbook/page.md:")
    assert problem in found


@pytest.mark.parametrize("leads", ["action:lock", "[{action: lock}]", "[1]"])
def test_what_is_no_list_of_ids_is_refused_with_file_and_line(tmp_path: Path, leads: str) -> None:
    with pytest.raises(InputError, match=r"docs/en/runbook/page\.md:3: leads_from: "):
        list(prose_pages(page_that_leads_from(tmp_path, leads)))


def test_a_text_that_leads_to_no_runbook_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = tmp_path / "explanations" / "action" / "lock.yml"
    text.parent.mkdir(parents=True)
    text.write_text("name: lock\nrunbook: loked\n", encoding="utf-8")
    lock = replace(EXPLANATIONS.of("action", "lock"), runbook="loked")
    found = find_unknown_leads(
        Explanations(by_kind={"action": {"lock": lock}}), page_that_leads_from(tmp_path, "[]", "locked")
    )
    assert list(found) == [
        "docs/explanations/action/lock.yml:2: runbook: there is no docs/en/runbook/loked.md; locked is near"
    ]


def test_the_runbook_of_a_text_comes_first_and_guides_last() -> None:
    leads = load_leads(EXPLANATIONS, DOCS)
    own = EXPLANATIONS.of("task_state", "migrating").runbook
    found = leads.to("task_state:migrating")
    assert own == "live-migration-hangs"
    assert found[0].slug == own
    assert [page.folder for page in leads.to("action:evacuate")][-1] == "guide"
    assert leads.to("action:nothing") == ()
    assert set(found[0].titles) == {"ko", "en"}


def test_our_pages_are_reached_from_what_exists() -> None:
    assert list(find_unknown_leads(EXPLANATIONS, DOCS)) == []
    reached = {page.slug for page in prose_pages(DOCS) if page.folder == "runbook" and page.leads}
    assert reached == {path.stem for path in (DOCS / "en" / "runbook").glob("*.md")}

"""A page may say that it is reached only from what exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.explanations.leads import find_unknown_leads, leads_of
from nova_states.explanations.loading import load_explanations

DOCS = Path(__file__).parents[2] / "docs"
EXPLANATIONS = load_explanations()


def page_that_leads_from(docs: Path, leads: str) -> Path:
    page = docs / "en" / "runbook" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text(f"---\nleads_from: {leads}\n---\n\n# Page\n", encoding="utf-8")
    return docs


def test_ids_of_every_kind_that_is_explained_are_known(tmp_path: Path) -> None:
    leads = [f"{kind}:{next(iter(named.values())).name}" for kind, named in EXPLANATIONS.by_kind.items()]
    assert list(find_unknown_leads(EXPLANATIONS, page_that_leads_from(tmp_path, str(leads)))) == []


@pytest.mark.parametrize(
    ("leads", "problem"),
    [
        ("[task_state:deletting]", "nothing is called task_state:deletting; task_state:deleting is near"),
        ("[error:novalidhost]", "nothing is called error:novalidhost"),
        ("[deleting]", "nothing is called deleting"),
        ("[action:lock, action:unlock, action:lock]", "action:lock stands there twice"),
    ],
)
def test_an_id_of_nothing_and_one_given_twice_are_named_with_the_page(tmp_path: Path, leads: str, problem: str) -> None:
    (found,) = find_unknown_leads(EXPLANATIONS, page_that_leads_from(tmp_path, leads))
    assert found.startswith("docs/en/runbook/page.md: leads_from: ")
    assert problem in found


@pytest.mark.parametrize("leads", ["action:lock", "[{action: lock}]", "[1]"])
def test_what_is_no_list_of_ids_is_refused_with_the_page(tmp_path: Path, leads: str) -> None:
    with pytest.raises(InputError, match=r"docs/en/runbook/page\.md: leads_from: "):
        list(leads_of(page_that_leads_from(tmp_path, leads)))


def test_our_pages_are_reached_from_what_exists() -> None:
    assert list(find_unknown_leads(EXPLANATIONS, DOCS)) == []
    assert len(list(leads_of(DOCS))) > 50

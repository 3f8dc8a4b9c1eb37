"""What guides compare: ids in their front matter, each of which has to exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import CheckError
from nova_states.site.search.comparisons import load_comparisons
from tests.site.conftest import ROOT
from tests.site.indexed import read_documents

KNOWN = {"action:pause", "action:stop"}


def write(docs: Path, front_matter: str) -> Path:
    folder = docs / "en/guide"
    folder.mkdir(parents=True)
    (folder / "one.md").write_text(f"---\norder: 1\n{front_matter}\n---\n\n# One {{#one}}\n", encoding="utf-8")
    return docs


def test_a_guide_says_what_it_compares(tmp_path: Path) -> None:
    docs = write(tmp_path, "compares: [action:pause, action:stop]")
    assert load_comparisons(docs, KNOWN) == {"guide:one": ("action:pause", "action:stop")}


def test_a_guide_that_compares_nothing_is_left_out(tmp_path: Path) -> None:
    assert load_comparisons(write(tmp_path, "leads_from: [action:pause]"), KNOWN) == {}


@pytest.mark.parametrize(
    ("front_matter", "problem"),
    [
        ("compares: [action:pause, action:halt]", "docs/en/guide/one.md:3: compares: there is no action:halt"),
        ("compares: [action:pause]", "docs/en/guide/one.md:3: compares: needs a list of two ids or more"),
        ("compares: action:pause", "docs/en/guide/one.md:3: compares: needs a list of two ids or more"),
    ],
)
def test_what_cannot_be_compared_is_named(tmp_path: Path, front_matter: str, problem: str) -> None:
    with pytest.raises(CheckError) as raised:
        load_comparisons(write(tmp_path, front_matter), KNOWN)
    assert raised.value.problems == (problem,)


def test_what_the_guides_compare_exists(built_site: Path) -> None:
    known = {document.id for document in read_documents(built_site, "en")}
    assert len(load_comparisons(ROOT / "docs", known)) > 1

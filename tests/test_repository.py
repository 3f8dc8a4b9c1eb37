"""What a repository has beside its code: decisions in order, forms that ask what is needed, owners of what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
WRITTEN = [ROOT / name for name in ("README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PARTS = ["## Context", "## Decision", "## Consequences", "## When to think again"]


def of_form(name: str) -> dict[str, dict[str, Any]]:
    """The questions of a form by their id."""
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))
    return {part["id"]: part for part in form["body"] if part["type"] != "markdown"}


def required(name: str) -> set[str]:
    return {question for question, part in of_form(name).items() if part.get("validations", {}).get("required") is True}


def test_decisions_are_numbered_without_a_hole_and_listed() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", index) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_was_weighed_and_fits_on_a_page(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {path.name[:4]}: ")
    assert [line for line in lines if line.startswith("## ")] == PARTS
    assert len(lines) <= 60


@pytest.mark.parametrize("path", [*WRITTEN, *DECISIONS, ROOT / "docs/decisions/README.md"], ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_a_wrong_fact_is_reported_with_release_states_and_novas_line() -> None:
    assert {"release", "states", "line"} <= required("fact.yml")


def test_what_was_not_understood_is_reported_with_the_paste_or_the_question() -> None:
    assert {"asked", "where"} <= required("lookup.yml")
    assert of_form("lookup.yml")["asked"]["attributes"]["render"] == "text"


@pytest.mark.parametrize("path", [form for form in FORMS if form.name != "config.yml"], ids=lambda path: path.name)
def test_a_form_has_what_makes_it_one(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert all(isinstance(form[key], str) and form[key] for key in ("name", "description"))
    assert all(part["attributes"]["label"] for part in of_form(path.name).values())


def test_owners_are_named_for_paths_that_there_are() -> None:
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    assert entries[0][0] == "*"
    assert [path for path, *_ in entries[1:] if not (ROOT / path.removeprefix("/")).exists()] == []
    assert all(owner.startswith("@") for _, *owners in entries for owner in owners)


def test_the_glossary_has_each_word_once() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    glossary = text.partition("## Glossary")[2].partition("\n## ")[0]
    words = re.findall(r"^\| ([a-z][a-z ]*) \|", glossary, re.MULTILINE)[1:]
    assert len(set(words)) == len(words)
    assert {"state", "transition", "edge", "summary", "view", "gap", "span", "guard", "reaction"} <= set(words)

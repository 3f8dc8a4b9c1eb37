"""Pages of prose that lack something are named with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.locations import explanations_folder
from nova_states.site.written_checks import find_unfinished_prose

WHOLE = "---\ndescription: What it is.\n---\n\n# A title {#title}\n\n```bash\n# a comment\n```\n\n## A part {#part}\n"


def write(docs: Path, **texts: str) -> Path:
    for language, text in texts.items():
        (docs / language / "guide").mkdir(parents=True)
        (docs / language / "guide/one.md").write_text(text, encoding="utf-8")
    return docs


def test_a_whole_page_lacks_nothing(tmp_path: Path) -> None:
    assert not list(find_unfinished_prose(write(tmp_path, ko=WHOLE, en=WHOLE)))


def test_all_that_is_written_is_whole() -> None:
    assert not list(find_unfinished_prose(explanations_folder().parent))


def test_a_page_without_its_twin_is_named_with_its_line(tmp_path: Path) -> None:
    problems = list(find_unfinished_prose(write(tmp_path, en=WHOLE)))
    assert problems == ["docs/en/guide/one.md:1: has no twin; write docs/ko/guide/one.md"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("---\ndescription: What it is.\n---\n\n", "", ":1: has no description"),
        ("description: What it is.", "order: 1\ndescription:", ":3: has no description"),
        ("# A title {#title}", "# A title", ":5: “# A title” has no id"),
        ("## A part {#part}", "## A part", ":11: “## A part” has no id"),
        ("```\n\n## A part {#part}", "```\n\n### A part {part}", ":11: “### A part {part}” has no id"),
    ],
)
def test_what_a_page_lacks_is_named_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    problems = list(find_unfinished_prose(write(tmp_path, ko=WHOLE.replace(old, new, 1), en=WHOLE)))
    assert len(problems) == 1
    assert problems[0].startswith(f"docs/ko/guide/one.md{problem}")

"""The home page asks and shows, the indexes list all, and how we know is told with figures of the facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.pages.home import build_home
from nova_states.pages.models import HowPage, SectionPage
from nova_states.pages.section_indexes import plan_section_indexes
from nova_states.pages.sources import build_how
from nova_states.pages.statuses import build_status
from nova_states.pages.writer import Writer

DOCS = Path(__file__).parents[2] / "docs"


def sections(writer: Writer) -> dict[str, SectionPage]:
    return {target: build() for target, build in plan_section_indexes(writer)}


def test_home_asks_shows_examples_and_the_picture(writer: Writer) -> None:
    page = build_home(writer)
    assert page.question.endswith("?")
    assert len(page.form.examples) >= 4
    assert {box.name for box in page.picture.boxes} >= set(writer.latest.vm_states)


def test_what_is_stuck_comes_with_its_cure_and_a_runbook(writer: Writer) -> None:
    rows = {row.link.text: row for row in build_home(writer).stuck}
    assert {"deleting", "spawning", "migrating", "resized", "error"} <= rows.keys()
    assert rows["deleting"].link.href == "task_state/deleting/#stuck"
    assert rows["deleting"].cure.endswith(".")
    assert [link.href for link in rows["deleting"].reading] == ["runbook/stuck-deleting/"]


def test_trust_has_the_figures_of_the_facts(writer: Writer) -> None:
    text = " ".join(build_home(writer).trust)
    assert str(len(writer.catalog.versions)) in text
    counts = writer.latest.counts("transitions")
    assert str(sum(count.found - count.read for count in counts)) in text


@pytest.mark.parametrize("folder", ["guide", "runbook"])
def test_an_index_lists_every_page_that_people_wrote(writer: Writer, folder: str) -> None:
    rows = sections(writer)[f"{folder}/"].rows
    files = {file.stem for file in (DOCS / writer.language / folder).glob("*.md")}
    assert {row.link.href for row in rows} == {f"../{folder}/{stem}/" for stem in files}
    assert all(row.text and row.link.text for row in rows)


def test_the_index_of_matrices_asks_a_question_of_each(writer: Writer) -> None:
    rows = sections(writer)["matrix/"].rows
    assert {"../matrix/guards/", "../matrix/startup/", "../matrix/transitions/"} <= {row.link.href for row in rows}
    assert len({row.text for row in rows}) == len(rows)


def test_how_we_know_tells_what_was_not_read(writer: Writer) -> None:
    page: HowPage = build_how(writer)
    counted = {name: (read, found) for name, read, found in page.counts}
    read, found = counted[writer.words("counted_transitions")]
    assert read < found  # known gaps, listed with their reasons
    assert page.uncovered
    assert page.checks


def test_comparisons_are_linked_from_what_they_compare(writer: Writer) -> None:
    page = writer.on("vm_state/paused/")
    for kind, name in (("vm_state", "paused"), ("vm_state", "shelved"), ("action", "suspend"), ("action", "stop")):
        assert "../../guide/compare/" in [link.href for link in page.leads_from(kind, name)], name
    assert "../../guide/holds/" in [link.href for link in build_status(writer, "SHUTOFF").leads]
    assert "../../guide/resize/" in [link.href for link in page.leads_from("action", "evacuate")]

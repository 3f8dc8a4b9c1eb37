"""The page of errata: what stands in a row, and where it leads."""

from __future__ import annotations

from pathlib import Path

from nova_states.explanations.errata import load_errata
from nova_states.pages.components import Link, SourceLink
from nova_states.pages.errata import ERRATA, build_errata
from nova_states.pages.writer import Writer
from nova_states.rendering.environment import render

DOCS = Path(__file__).parents[2] / "docs"


def test_every_erratum_has_a_row_with_its_releases_and_places(writer: Writer) -> None:
    files = load_errata(DOCS)
    page = build_errata(writer, files)
    tables = {section.id: section.tables[0] for section in page.sections}
    assert tables.keys() == {file.name for file in files}
    for file in files:
        table = tables[file.name]
        assert len(table.rows) == len(table.ids) == len(file.document.errata)
        for (says, truth, since, places), erratum in zip(table.rows, file.document.errata, strict=True):
            assert says[0] == erratum.says[writer.language]
            assert truth[0] == erratum.truth[writer.language]
            assert [cell.text for cell in truth[1:] if isinstance(cell, Link)] == [
                identity.partition(":")[2] for identity in erratum.about
            ]
            assert since
            assert places
            assert all(isinstance(place, SourceLink) and place.line for place in places)


def test_marks_tell_until_when(writer: Writer) -> None:
    page = build_errata(writer, load_errata(DOCS))
    (section,) = (section for section in page.sections if section.id == "vm-states")
    rows = dict(zip(section.tables[0].ids, section.tables[0].rows, strict=True))
    (mark,) = rows["vm-states-rebuild-to"][2]
    assert isinstance(mark, str)
    assert "13.0.0" in mark
    assert "19.0.0" in mark
    (link,) = section.more
    assert link.href.endswith(f"/src/tag/{writer.latest.version}/doc/source/reference/vm-states.rst")
    assert page.sections[0] is section


def test_it_stands_among_the_guides_and_renders(writer: Writer) -> None:
    page = build_errata(writer, load_errata(DOCS))
    assert (ERRATA, page.head.kind) == ("guide/errata/", "guide")
    text = render(
        "errata.md", writer.words, head=page.head, intro=page.intro, command=page.command, sections=page.sections
    )
    assert "nova-states export vm-states --release" in text
    assert '<tr id="vm-states-pause-from">' in text
    assert "../../action/pause/" in text

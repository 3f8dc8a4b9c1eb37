"""The page of errata: what stands in an entry, and where it leads."""

from __future__ import annotations

from pathlib import Path

from nova_states.explanations.errata import load_errata
from nova_states.pages.errata import ERRATA, build_errata
from nova_states.pages.writer import Writer
from nova_states.rendering.environment import render

DOCS = Path(__file__).parents[2] / "docs"


def test_every_erratum_has_an_entry_with_its_releases_and_places(writer: Writer) -> None:
    files = {file.name: file.document for file in load_errata(DOCS)}
    page = build_errata(writer, load_errata(DOCS))
    assert {document.id for document in page.documents} == files.keys()
    for document in page.documents:
        errata = files[document.id].errata
        assert [entry.id for entry in document.errata] == [f"{document.id}-{erratum.id}" for erratum in errata]
        for entry, erratum in zip(document.errata, errata, strict=True):
            assert (entry.says, entry.truth) == (erratum.says[writer.language], erratum.truth[writer.language])
            assert [link.text for link in entry.about] == [identity.partition(":")[2] for identity in erratum.about]
            assert entry.releases
            assert entry.places
            assert all(place.line for place in entry.places)


def test_marks_tell_until_when(writer: Writer) -> None:
    document = build_errata(writer, load_errata(DOCS)).documents[0]
    assert document.id == "vm-states"
    assert document.source.href.endswith(f"/src/tag/{writer.latest.version}/doc/source/reference/vm-states.rst")
    (mark,) = next(entry.releases for entry in document.errata if entry.id == "vm-states-rebuild-to")
    assert "13.0.0" in mark
    assert "19.0.0" in mark


def test_it_stands_among_the_guides_and_renders(writer: Writer) -> None:
    page = build_errata(writer, load_errata(DOCS))
    assert (ERRATA, page.head.kind) == ("guide/errata/", "guide")
    text = render(
        "errata.md", writer.words, head=page.head, intro=page.intro, command=page.command, documents=page.documents
    )
    assert "nova-states export vm-states --release" in text
    assert '<p id="vm-states-pause-from">' in text
    assert "../../action/pause/" in text

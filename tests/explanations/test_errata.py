"""Statements of Nova's documents that we call wrong: each borne out by the facts, and told where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.release import Release
from nova_states.errors import CheckError
from nova_states.explanations.claim_evidence import places_of
from nova_states.explanations.claims import ask
from nova_states.explanations.errata import contradicted_in, find_untrue_errata, load_errata, stated_in

CATALOG = load_catalog()
DOCS = Path(__file__).parents[2] / "docs"

FILE = """\
title: {ko: 문서, en: Document}
paths: [{path: doc/old.rst, until: 15.1.5}, {path: doc/new.rst}]
errata:
  - id: pause
    section: Part
    about: [action:pause]
    stated: [[13.0.0, null]]
    found_by: x
    says: {ko: 말, en: word}
    truth: {ko: 참, en: truth}
    claims:
      - {guard: pause, vm_state: stopped, is: refused}
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the file with some of its text replaced, and gives the folder of docs."""

    def made(*changes: tuple[str, str]) -> Path:
        text = FILE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "errata").mkdir()
        (tmp_path / "errata" / "page.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return made


def test_what_is_true_has_no_problems(write: Write) -> None:
    (file,) = load_errata(write())
    assert list(find_untrue_errata(CATALOG, [file])) == []
    assert [file.document.path_at(version) for version in ("13.0.0", "15.1.5", "16.0.0")] == [
        "doc/old.rst",
        "doc/old.rst",
        "doc/new.rst",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # As if the code had come to do what the document says.
        ("is: refused", "is: allowed", "docs/errata/page.yml:12: pause: claim 1: guard pause"),
        (
            "guard: pause",
            "guard: pauze",
            "page.yml:12: pause: claim 1: guard pauze, vm_state stopped, is refused: no rel",
        ),
        ("is: refused}", "is: refused, from: 99.0.0}", "page.yml:12: pause: claim 1: cannot be checked: '99.0.0'"),
        ("{guard: pause,", "{gard: pause,", "claim 1: cannot be checked: it claims nothing that is known"),
        ("[13.0.0, null]", "[13.0.0, 13.1.9]", "page.yml:4: pause: '13.1.9' is no release"),
        ("is: refused}", "is: refused, from: 14.0.0}", ""),
        ("action:pause", "action:pauze", "page.yml:4: pause: action:pauze: no release has it"),
        ("action:pause", "weather:fine", "page.yml:4: pause: weather:fine: no release has it"),
        ("claims:\n      - {guard: pause, vm_state: stopped, is: refused}", "claims: []", "pause: claims nothing"),
    ],
)
def test_what_the_facts_do_not_bear_out_is_told_with_file_and_line(write: Write, old: str, new: str, told: str) -> None:
    found = list(find_untrue_errata(CATALOG, load_errata(write((old, new)))))
    assert [told in line for line in found] == ([True] if told else [])


def test_an_erratum_of_no_release_that_states_it_is_told(write: Write) -> None:
    docs = write(("[13.0.0, null]", "[13.0.0, 13.1.4]"), ("is: refused}", "is: refused, from: 14.0.0}"))
    (found,) = find_untrue_errata(CATALOG, load_errata(docs))
    assert "page.yml:12: pause: claim 1: holds in no release whose document states it" in found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title:", "titel:", "titel"),
        ("en: word", "en: ''", "docs/errata/page.yml: pause: $.says.en: empty"),
        (", until: 15.1.5", "", "docs/errata/page.yml: $.paths: needs an `until` in all but the last"),
        ("  - id: pause\n", "  - *x\n  - &x\n    id: pause\n", "docs/errata/page.yml: not YAML"),
        ("section: Part", "section: 1", "$.errata[0].section"),
    ],
)
def test_a_file_that_does_not_fit_is_told(write: Write, old: str, new: str, told: str) -> None:
    with pytest.raises(CheckError) as error:
        load_errata(write((old, new)))
    assert "docs/errata/page.yml" in str(error.value)
    assert told in str(error.value)


def test_an_id_is_there_once(write: Write) -> None:
    second = FILE[FILE.index("  - id") :]
    with pytest.raises(CheckError, match=r"page\.yml: pause: is there twice"):
        load_errata(write(("is: refused}\n", f"is: refused}}\n{second}")))


def test_ours_are_borne_out_and_have_places_in_the_code() -> None:
    files = load_errata(DOCS)
    assert list(find_untrue_errata(CATALOG, files)) == []
    errata = [erratum for file in files for erratum in file.document.errata]
    assert len(errata) >= 40
    for erratum in errata:
        wrong = contradicted_in(CATALOG, erratum)
        assert wrong
        assert wrong <= stated_in(CATALOG, erratum)
        release: Release = CATALOG.release(max(wrong, key=CATALOG.versions.index))
        places = [places_of(release, says) for says in erratum.claims if ask(CATALOG, says).get(release.version)]
        assert places, erratum.id
        assert all(found and all(place.line > 0 for place in found) for found in places), erratum.id


def test_ranges_follow_document_and_code() -> None:
    errata = {
        f"{file.name}:{erratum.id}": contradicted_in(CATALOG, erratum)
        for file in load_errata(DOCS)
        for erratum in file.document.errata
    }
    # The document was mended in 19.0.0; the code came to allow it in 21.1.0 and older series.
    assert max(errata["vm-states:rebuild-to"], key=CATALOG.versions.index) == "18.3.0"
    paused = errata["servers-actions:snapshot-of-paused"]
    assert {"20.3.0", "21.0.0"}.isdisjoint(paused)
    assert {"19.3.0", "20.4.0", "21.1.0", CATALOG.latest} <= paused

"""What the facts name in English is said in both languages on the page on sources."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.source_words import SourceWord, SourceWords, load_source_words
from nova_states.facts.model import CENSUS, KINDS


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_names_in_a_text_are_kept() -> None:
    word = SourceWord(fact="raises {error} (late)", says=Text(ko="{error} 발생", en="{error} is raised"))
    words = SourceWords(reasons=(word,), counts=())
    assert words.said("reasons", "raises a.B (late)", "ko") == "a.B 발생"
    assert words.said("reasons", "raises a.B", "ko") is None
    assert words.said("counts", "raises a.B (late)", "ko") is None


def test_every_reason_of_a_gap_has_words(catalog: Catalog) -> None:
    reasons = {
        gap.reason for version in catalog.versions for gaps in catalog.release(version).gaps.values() for gap in gaps
    }
    words = load_source_words()
    assert reasons
    assert {one for one in reasons for language in LANGUAGES if words.said("reasons", one, language) is None} == set()


def test_every_count_has_words(catalog: Catalog) -> None:
    latest = catalog.release(catalog.latest)
    names = {count.name for kind in KINDS if kind != CENSUS for count in latest.counts(kind)}
    words = load_source_words()
    assert names
    assert {one for one in names for language in LANGUAGES if words.said("counts", one, language) is None} == set()

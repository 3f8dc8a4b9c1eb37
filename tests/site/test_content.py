"""What is kept while a site is served is read anew when somebody edits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nova_states.explanations import source_words
from nova_states.explanations.source_words import FILE, load_source_words
from nova_states.site.content import _explanations
from nova_states.site.rebuilding import EXPLAINED, model_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WORDS = """
reasons: []
counts:
  - fact: decorators
    says: {{ko: 데코레이터, en: {says}}}
"""


def test_words_for_what_sources_are_about_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / EXPLAINED / FILE
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(source_words, "explanations_folder", lambda: file.parent)
    states = []
    for says in ("decorators", "decorators of methods"):
        file.write_text(WORDS.format(says=says), encoding="utf-8")
        # Pages are modelled anew, of words that are read anew.
        states.append(model_fingerprint(tmp_path))
        _explanations(tmp_path)
        assert load_source_words().said("counts", "decorators", "en") == says
    assert states[0] != states[1]
    load_source_words.cache_clear()

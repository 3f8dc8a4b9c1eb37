"""What happens by itself, and what a check refuses after all, is told in words."""

from __future__ import annotations

import re

import pytest

from nova_states.lookup.table_cache import load_tables

CODE = re.compile(r"==|!=|CONF\.|\braises\b|\bnot \w+\.\w|instance\.\w+")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_condition_of_an_answer_has_words(language: str) -> None:
    tables = load_tables(language)
    column = tables["steps"]["fields"].index("condition")
    told = {row[column] for row in tables["steps"]["rows"] if row[column] and row[0] != "periodic"}
    told |= {text for table in tables["notes"] for _, text in table["guards"]}
    assert told
    assert told <= tables["texts"]["conditions"].keys()
    assert [words for words in tables["texts"]["conditions"].values() if CODE.search(words)] == []


def test_the_words_are_a_clause_of_the_language() -> None:
    korean, english = (load_tables(language)["texts"]["conditions"] for language in ("ko", "en"))
    assert all(words.startswith("if ") for words in english.values())
    assert all(re.search(r"[면때]$", words) for words in korean.values())

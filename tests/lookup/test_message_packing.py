"""The table of messages as it goes over the network tells what the whole one tells."""

from __future__ import annotations

import re

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.lookup.message_packing import packed, unpacked
from nova_states.lookup.message_patterns import compile_messages
from nova_states.lookup.table_cache import load_tables

ENTRIES = [
    ["No valid host was found.", "en", 500, [3]],
    ["유효한 호스트를 찾을 수 없습니다.", "ko_KR", 500, [3]],
    ["Instance %(uuid)s is gone", "en", 404, [1, 5]],
    ["Instance %(uuid)s is gone", "en", 404, ["refusal:start", "refusal:stop"]],
    ["Instance is gone, %(0)s of it", "en", None, ["log_message:instance-is-gone-of-it"]],
    ["Gone", "en", None, ["log_message:gone-0af1"]],
    ["%(0)s: it was", "en", None, ["log_message:line-0af1"]],
    [
        "This line has so many words that not all of them are its name, 1 or 2 of them",
        "en",
        None,
        ["log_message:this-line-has-so-many-words-that-not-all-of-them-are-its-9999", "log_message:other-name"],
    ],
]


def test_what_is_packed_comes_out_as_it_was() -> None:
    table = {"schema": 1, "errors": [["A"], ["B", 1, 0]], "entries": ENTRIES}
    assert unpacked(packed(table)) == table
    assert packed(table)["entries"]["ids"][4:7] == ["", "0af1", "log_message:line-0af1"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_names_of_log_lines_are_made_of_their_words(language: str) -> None:
    ids = load_tables(f"messages_{language}")["entries"]["ids"]
    told = [one for listed in ids for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, str)]
    assert sum(re.fullmatch("[0-9a-f]{0,4}", one) is not None for one in told) > 250
    assert not [one for one in told if one.startswith("log_message:")]


def test_the_tables_of_all_releases_come_out_as_they_were() -> None:
    table = compile_messages(load_catalog().releases(), ("ko_KR",))
    assert unpacked(packed(table)) == table


def test_lines_come_out_as_they_were() -> None:
    lines = {
        "instance-is-gone-of-it": ["error", None, None],
        "gone-0af1": [None, "needs-attention", "gone-0af1"],
        "other-name": ["none", None, "gone-0af1"],
        "that-no-entry-names": ["stop", None, None],
    }
    table = {"schema": 1, "errors": [["A"], ["B", 1, 0]], "entries": ENTRIES, "lines": dict(sorted(lines.items()))}
    short = packed(table)
    assert unpacked(short) == table
    assert short["lines"] == ["error", [None, "needs-attention", 1], 0, 0, ["none", None, "gone-0af1"]]
    assert list(short["other_lines"]) == ["that-no-entry-names"]

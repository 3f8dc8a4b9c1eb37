"""The compiled tables are kept in parts, so that an edit of an explanation compiles only what is made of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.locations import explanations_folder
from nova_states.lookup import compilation, table_cache
from nova_states.lookup.message_patterns import TRANSLATIONS

DECIDING = ("_tables", "_conditions", "_messages")
"""What takes seconds."""
EDITED = ("vm_state", "error", "event", "advice")
"""Kinds of explanations that answers show."""


def edited(explanations: Explanations, kind: str) -> Explanations:
    """With something else said of the first name of a kind."""
    stem, old = next(iter(explanations.by_kind[kind].items()))
    label, why = Text(ko="새 이름", en="a new name"), Text(ko=f"{kind} 새 까닭", en=f"A new reason of {kind}.")
    named = dict(explanations.by_kind[kind]) | {stem: replace(old, label=label, summary=why, why=why, meaning=why)}
    return replace(explanations, by_kind=dict(explanations.by_kind) | {kind: named})


def test_parts_that_were_kept_give_what_a_compilation_of_all_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path))
    before = compilation.compile_languages()
    explanations = load_explanations()
    for kind in EDITED:
        explanations = edited(explanations, kind)
    monkeypatch.setattr(compilation, "load_explanations", lambda: explanations)
    whole = compilation.compile_for_wheel()
    assert whole != before
    for kind in EDITED:
        assert f"A new reason of {kind}." in whole["en"]

    def never(*_: object) -> None:
        pytest.fail("made again")

    for name in DECIDING:
        monkeypatch.setattr(compilation, name, never)
    assert compilation.compile_languages() == whole


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("vm_state/stopped.yml", 0),
        ("cause/{}.yml", 0),
        ("stories/{}.yml", 0),
        ("conditions/{}.yml", 1),
        ("log_message/{}.yml", 1),
        ("advice.yml", 2),
        ("action_uses.yml", 2),
    ],
)
def test_a_part_rests_on_the_texts_that_it_is_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, parts: int
) -> None:
    """How many parts a change of a file makes again."""
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "explanations"
    shutil.copytree(explanations_folder(), folder)
    monkeypatch.setattr(table_cache, "explanations_folder", lambda: folder)
    explanations = load_explanations()
    made: list[str] = []

    def noted(name: str) -> dict[str, dict[str, Any]]:
        made.append(name)
        return {part: {} for part in ("tables", "task_options", *LANGUAGES, *TRANSLATIONS)}

    for name in DECIDING:
        monkeypatch.setattr(compilation, name, lambda *_, name=name: noted(name))
    monkeypatch.setattr(compilation, "packed", lambda table: table)
    monkeypatch.setattr(compilation, "load_explanations", lambda: explanations)
    compilation.compile_languages()
    assert made == list(DECIDING)
    found = next(folder.glob(file.format("*")))
    found.write_text(found.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    compilation.compile_languages()
    assert len(made) == 3 + parts

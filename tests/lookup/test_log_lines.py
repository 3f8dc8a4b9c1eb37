"""What is said of lines of Nova's log: loaded, compiled beside the messages and answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nova_states.catalog.release import Release
from nova_states.errors import CheckError
from nova_states.explanations.loading import load_explanations
from nova_states.explanations.log_texts import find_log_problems, load_log_texts
from nova_states.facts.model import Evidence, LogMessage, Section
from nova_states.lookup.log_lines import line_of, texts_for, with_lines
from nova_states.lookup.log_table import compile_lines
from nova_states.lookup.report import Report

PLACE = Evidence(file="nova/compute/manager.py", line=1, function=None)
TEXT = "name: {}\nwhy: {{ko: 이유, en: why}}\n"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yml").write_text(text, encoding="utf-8")
    return folder


def release(*lines: tuple[str, str, str, str | None]) -> Release:
    facts = tuple(
        LogMessage(slug=slug, level=level, pattern=pattern, effect=effect, evidence=PLACE)
        for slug, level, pattern, effect in lines
    )
    sections: dict[str, Section[Any]] = {"log_messages": Section(facts=facts, gaps=(), counts=())}
    return Release(version="1.0.0", sections=sections)


def compiled(folder: Path, *releases: Release, is_quiet_left_out: bool = False) -> dict[str, Any]:
    return compile_lines(releases, load_log_texts(folder), is_quiet_left_out=is_quiet_left_out)


def test_what_is_wrong_with_a_text_is_named_with_its_place(tmp_path: Path) -> None:
    folder = written(tmp_path, one=TEXT.format("other"), two="name: two\nwhy: {ko: '', en: why}\n")
    with pytest.raises(CheckError) as caught:
        load_log_texts(folder)
    assert caught.value.problems == (
        "docs/explanations/log_message/one.yml: $.name: 'other' does not belong in this file",
        "docs/explanations/log_message/two.yml: $.why.ko: empty",
    )


def test_a_slug_that_no_release_has_is_named_with_file_and_line(tmp_path: Path) -> None:
    also = "name: one\nalso:\n  - two\n  - three\nwhy: {ko: 이유, en: why}\n"
    folder = written(tmp_path, one=also, two=TEXT.format("two"))
    problems = list(find_log_problems(folder, load_log_texts(folder), {"one", "two"}))
    assert problems == [
        "docs/explanations/log_message/one.yml:4: three: no release logs it; remove it or mend its name",
        "docs/explanations/log_message/two.yml:1: two: one.yml has it too",
    ]


def test_a_text_is_said_of_every_slug_of_its_wording(tmp_path: Path) -> None:
    folder = written(tmp_path, moved_1=TEXT.format("moved-1"))
    older = release(("moved-2", "info", "Moved from {} to {}", None), ("other", "error", "Moved", None))
    newer = release(("moved-1", "info", "Moved from {src} to {dst}", None))
    lines = compiled(folder, older, newer)["lines"]
    assert lines == {"moved-1": [None, None, "moved-1"], "moved-2": [None, None, "moved-1"]}


def test_an_effect_is_told_where_all_places_have_the_same(tmp_path: Path) -> None:
    found = release(("a", "warning", "A", "stop"), ("b", "warning", "B", "stop"), ("b", "warning", "B", None))
    assert compiled(tmp_path, found)["lines"] == {"a": ["stop", None, None]}


def test_what_goes_over_the_network_has_quiet_lines_only_with_a_text(tmp_path: Path) -> None:
    folder = written(tmp_path, told=TEXT.format("told"))
    found = release(
        ("told", "info", "Told", "none"), ("quiet", "info", "Quiet", "none"), ("loud", "error", "L", "error")
    )
    assert compiled(folder, found, is_quiet_left_out=True)["lines"].keys() == {"told", "loud"}


def test_a_line_that_tells_of_a_failure_wants_somebody(tmp_path: Path) -> None:
    folder = written(tmp_path, bad=TEXT.format("bad"))
    messages = compiled(folder, release(("bad", "exception", "Bad", "error"))) | {"entries": []}
    texts = {"language": "en", "help": {}}
    report = Report(record="log", read={"log_message": "bad"})
    line = line_of(report, with_lines(texts, messages, {}))
    assert (line.effect, line.verdict, line.help) == ("error", "needs-attention", "log_message:bad")
    assert texts_for([Report(record="server")], texts, lambda: pytest.fail("read for nothing")) is texts


def test_every_runbook_of_a_line_is_there_and_no_text_is_left_without_steps() -> None:
    runbooks = {path.stem for path in (Path(__file__).parents[2] / "docs" / "en" / "runbook").glob("*.md")}
    texts = load_explanations().log_texts
    assert texts
    assert {text.runbook for text in texts.values() if text.runbook} <= runbooks
    assert [name for name, text in texts.items() if not 1 <= len(text.steps) <= 3] == []

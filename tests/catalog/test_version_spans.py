"""Since and until, told in marks: small histories, and the changes known of Nova."""

from __future__ import annotations

import pytest

from nova_states.catalog.version_spans import Mark, Run, runs

KNOWN = ("1.0.0", "1.0.1", "1.0.2", "2.0.0", "2.0.1", "3.0.0", "3.0.1")


def series(version: str) -> str:
    return version.partition(".")[0]


def run(since: str, also: tuple[str, ...] = (), until: Mark | None = None) -> Run:
    return Run(since=Mark(version=since, also=also), until=until)


CASES: list[tuple[str, set[str], tuple[Run, ...]]] = [
    ("never", set(), ()),
    ("always", set(KNOWN), (run("1.0.0"),)),
    ("from a series on", {"2.0.0", "2.0.1", "3.0.0", "3.0.1"}, (run("2.0.0"),)),
    ("with a backport", {"1.0.2", "2.0.1", "3.0.0", "3.0.1"}, (run("3.0.0", ("2.0.1", "1.0.2")),)),
    ("only in the newest point release", {"3.0.1"}, (run("3.0.1"),)),
    ("gone with a series", {"1.0.0", "1.0.1", "1.0.2"}, (run("1.0.0", until=Mark(version="2.0.0", also=())),)),
    (
        "gone with a backport of the removal",
        {"1.0.0", "1.0.1", "2.0.0"},
        (run("1.0.0", until=Mark(version="3.0.0", also=("2.0.1", "1.0.2"))),),
    ),
    (
        "there, gone and back",
        {"1.0.0", "1.0.1", "1.0.2", "3.0.0", "3.0.1"},
        (run("1.0.0", until=Mark(version="2.0.0", also=())), run("3.0.0")),
    ),
    ("gone in the newest point release", set(KNOWN) - {"3.0.1"}, (run("1.0.0", until=Mark(version="3.0.1", also=())),)),
    ("taken back within a series", {"1.0.1"}, (run("1.0.1", until=Mark(version="1.0.2", also=())),)),
    ("in the rest of one series only", {"1.0.1", "1.0.2"}, (run("1.0.1", until=Mark(version="2.0.0", also=())),)),
    ("in all newest point releases", {"2.0.1", "3.0.1"}, (run("3.0.1", ("2.0.1",)),)),
]


@pytest.mark.parametrize(("present", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_runs(present: set[str], expected: tuple[Run, ...]) -> None:
    assert runs(present, KNOWN, series) == expected


def test_mark_reads_like_a_release_note() -> None:
    assert str(Mark(version="22.0.0", also=("21.1.0", "20.4.0", "19.3.0"))) == "22.0.0; also 21.1.0, 20.4.0, 19.3.0"

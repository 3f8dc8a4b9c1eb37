"""Which series a version is of, what a user's word for a release means, and whether the hand-kept list is sound."""

from __future__ import annotations

from datetime import date

import pytest

from nova_states.errors import CheckError, InputError
from nova_states.facts.releases import load_releases, read_releases, resolve_release, series_of, sort_versions

KNOWN = ("34.0.0", "13.0.0", "13.1.4", "14.0.10", "14.0.9", "27.5.1", "33.0.2", "33.0.0", "35.0.0.0rc1")


@pytest.mark.parametrize(
    ("version", "codename"),
    [
        ("2011.3", "diablo"),
        ("2011.3.1", "diablo"),
        ("2015.1.4", "kilo"),
        ("12.0.6", "liberty"),
        ("13.0.0.0rc1", "mitaka"),
        ("13.1.4", "mitaka"),
        ("27.5.1", "antelope"),
        ("34.0.0", "hibiscus"),
    ],
)
def test_series_of(version: str, codename: str) -> None:
    assert series_of(version).codename == codename


@pytest.mark.parametrize("version", ["2011.2", "3.0.0", "130.0.0", "unreleased"])
def test_version_of_no_series(version: str) -> None:
    with pytest.raises(InputError, match=rf"version {version} .*releases\.toml"):
        series_of(version)


@pytest.mark.parametrize(
    ("word", "version"),
    [
        ("13.0.0", "13.0.0"),
        ("35.0.0.0rc1", "35.0.0.0rc1"),
        ("13", "13.1.4"),
        ("13.0", "13.0.0"),
        ("14", "14.0.10"),
        ("35", "35.0.0.0rc1"),
        ("mitaka", "13.1.4"),
        (" Mitaka ", "13.1.4"),
        ("2023.1", "27.5.1"),
        ("antelope", "27.5.1"),
        ("2026.1", "33.0.2"),
        ("latest", "34.0.0"),
    ],
)
def test_resolve_release(word: str, version: str) -> None:
    assert resolve_release(word, KNOWN) == version


def test_a_number_that_is_a_version_and_a_series_is_the_version() -> None:
    assert resolve_release("2014.2", ("2014.2", "2014.2.4")) == "2014.2"
    assert resolve_release("juno", ("2014.2", "2014.2.4")) == "2014.2.4"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("mitka", "did you mean mitaka? Known are 13.0.0 to"),
        ("lastest", "did you mean latest? Known are 13.0.0 to"),
        ("2026.3", "did you mean 2026.2, 2026.1, 2023.1? Known are 13.0.0 to"),
        ("13.1.9", "did you mean 13.1.4, 14.0.9? Known are 13.0.0 to"),
        ("36", "did you mean 35.0.0.0rc1? Known are 13.0.0 to"),
        ("12.0.6", "did you mean 13.0.0? Known are 13.0.0 to"),
        ("liberty", "known are 13.0.0 to"),
        ("", "known are 13.0.0 to"),
    ],
)
def test_unknown_release_names_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(InputError) as error:
        resolve_release(word, KNOWN)
    assert str(error.value).startswith(f"release {word!r} is unknown: {hint}")


def test_nothing_known_says_how_to_begin() -> None:
    with pytest.raises(InputError, match="make facts"):
        resolve_release("latest", ())


def test_sort_versions() -> None:
    assert sort_versions(["14.0.10", "2015.1.0", "14.0.9", "14.0.0.0rc1", "14.0.0"]) == (
        "2015.1.0",
        "14.0.0.0rc1",
        "14.0.0",
        "14.0.9",
        "14.0.10",
    )
    with pytest.raises(InputError, match=r"like 13\.1\.4"):
        sort_versions(["unreleased"])


def test_series_are_complete_in_order_and_told_apart() -> None:
    releases = load_releases()
    assert [series.codename[0] for series in releases] == list("defghijklmnopqrstuvwxyzabcdefgh")
    assert list(releases) == sorted(releases, key=lambda series: series.released)
    prefixes = [prefix for series in releases for prefix in series.major]
    assert all(prefix.endswith(".") for prefix in prefixes)
    assert len(set(prefixes)) == len(prefixes)
    assert prefixes[8:] == [f"{major}." for major in range(12, 35)]


def test_phases_follow_each_other_and_agree_with_the_status() -> None:
    for series in load_releases():
        phases = [series.released, series.extended_maintenance, series.unmaintained, series.eol]
        dates = [phase for phase in phases if phase is not None]
        assert dates == sorted(dates), series.name
        last = {series.eol: "end of life", series.unmaintained: "unmaintained", series.released: "maintained"}
        assert series.status == last[next(day for day in (series.eol, series.unmaintained, series.released) if day)]
        if series.planned is not None:
            assert series.planned.date > dates[-1], series.name


def test_each_fact_has_one_source() -> None:
    for series in load_releases():
        sourced = [fact for source in series.sources for fact in source.facts]
        known = [name for name in type(series).__slots__ if name != "sources" and getattr(series, name) is not None]
        assert sorted(sourced) == sorted(known), series.name
        assert all(source.url.startswith("https://") and "{" not in source.url for source in series.sources)


def test_a_series_own_source_wins() -> None:
    (series,) = read_releases("""
        [[sources]]
        facts = ["name", "codename", "released", "status", "major"]
        url = "https://example.org/{codename}"
        [[series]]
        name = "2026.2"
        codename = "hibiscus"
        major = ["34."]
        released = 2026-09-30
        status = "maintained"
        sources = [{ facts = ["major"], url = "https://example.org/own" }]
    """)
    assert series.released == date(2026, 9, 30)
    assert {fact: source.url for source in series.sources for fact in source.facts} == {
        "major": "https://example.org/own",
        **dict.fromkeys(("name", "codename", "released", "status"), "https://example.org/hibiscus"),
    }


def test_all_faults_of_the_file_are_named_with_their_place() -> None:
    with pytest.raises(CheckError) as error:
        read_releases("""
            sources = []
            [[series]]
            name = "mitaka"
            major = ["13."]
            released = 2016-04-07T00:00:00
            status = "dead"
            end = 2017-04-10
        """)
    places = [problem.partition(" @ ")[2] for problem in error.value.problems]
    assert places == ["$.series[0].codename", "$.series[0].released", "$.series[0].status", "$.series[0]"]
    assert all(problem.startswith("releases.toml: ") for problem in error.value.problems)


def test_broken_toml_is_one_problem() -> None:
    with pytest.raises(CheckError, match=r"^releases\.toml: "):
        read_releases("[[series]")

"""Where a checkout, a wheel and a user's cache are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nova_states import locations
from nova_states.errors import InputError
from nova_states.locations import cache_folder, explanations_folder, find_checkout
from nova_states.lookup import compilation, table_cache

ROOT = Path(__file__).parent.parent


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("NOVA_STATES_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", nobody)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other folders")
@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"NOVA_STATES_CACHE": "/chosen", "XDG_CACHE_HOME": "/caches"}, "/chosen"),
        ({"XDG_CACHE_HOME": "/caches"}, "/caches/nova-states"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/nova-states"),
        ({}, "/home/me/.cache/nova-states"),
    ],
)
def test_cache_folder(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    for name in ("NOVA_STATES_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(folder)


@pytest.mark.usefixtures("no_home")
def test_without_a_home_there_is_no_cache() -> None:
    with pytest.raises(InputError, match="no home folder to keep a cache in; set NOVA_STATES_CACHE"):
        cache_folder()


def test_a_checkout_is_found_by_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_checkout() == ROOT
    assert explanations_folder() == ROOT / "docs" / "explanations"
    monkeypatch.setattr(locations, "COMPILED", tmp_path)
    assert find_checkout() is None
    with pytest.raises(InputError, match="needs a checkout"):
        explanations_folder()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is compiled, in place of what takes seconds."""
    calls: list[str] = []

    def compile_languages() -> dict[str, str]:
        calls.append("made")
        return {"ko": '{"in": "ko"}\n', "en": '{"in": "en"}\n'}

    monkeypatch.setattr(compilation, "compile_languages", compile_languages)
    return calls


def test_a_checkout_compiles_once_for_what_it_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: list[str]
) -> None:
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path / "cache"))
    for language in ("en", "ko", "en"):
        assert table_cache.load_tables(language) == {"in": language}
    assert made == ["made"]
    monkeypatch.setattr(table_cache, "_MADE_OF", (("facts", ".toml"),))
    assert table_cache.load_tables("en") == {"in": "en"}
    assert made == ["made", "made"]


def test_the_cache_keeps_few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: list[str]) -> None:
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path))
    for number in range(10):
        monkeypatch.setattr(table_cache, "_digest", lambda number=number: f"{number:016}")
        table_cache.load_tables("en")
    kept = sorted((tmp_path / "tables").iterdir())
    assert len(made) == 10
    assert len(kept) == 12
    assert tmp_path / "tables" / f"en-{9:016}.json" in kept


@pytest.mark.usefixtures("no_home")
def test_tables_are_made_where_there_is_no_home(made: list[str]) -> None:
    assert [table_cache.load_tables("ko"), table_cache.load_tables("ko")] == [{"in": "ko"}] * 2
    assert made == ["made", "made"]


def test_tables_are_made_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path / "file"))
    assert table_cache.load_tables("en") == {"in": "en"}
    assert made == ["made"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_installation_reads_its_own_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: list[str]) -> None:
    monkeypatch.setattr(locations, "COMPILED", tmp_path)
    monkeypatch.setattr(table_cache, "COMPILED", tmp_path)
    (tmp_path / "en.json").write_text("{}", encoding="utf-8")
    assert table_cache.load_tables("en") == {}
    with pytest.raises(InputError, match=r"ko\.json: cannot be read; install nova-states again"):
        table_cache.load_tables("ko")
    assert not made


def test_a_wheel_is_not_made_without_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilation, "load_catalog", lambda: type("Nothing", (), {"versions": ()}))
    with pytest.raises(InputError, match="facts/data: holds no facts"):
        compilation.compile_for_wheel()

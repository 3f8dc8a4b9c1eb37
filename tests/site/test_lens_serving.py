"""What `mkdocs serve` makes when a browser asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from nova_states.catalog.noticed_changes import AREAS, REST
from nova_states.pages.compare import COMPARED
from nova_states.site.language import Language
from nova_states.site.lens_serving import answer_on_request
from tests.site.conftest import ROOT


def untouched(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("404 Not Found", [])
    return (b"handed on",)


def ask(path: str, site_url: str | None = None) -> tuple[str, bytes]:
    """Status and body."""
    permalinks = {"ko": "이 절의 링크", "en": "Link to this"}
    languages = {
        code: Language(
            code=code, name="", site_name="", site_description="", permalink=title, palette=(), labels={}, not_found=""
        )
        for code, title in permalinks.items()
    }
    said: list[str] = []
    answer = answer_on_request(untouched, ROOT, languages, site_url)
    body = b"".join(answer({"PATH_INFO": path}, lambda status, _headers: said.append(status)))
    return said[0], body


@pytest.mark.parametrize("name", [*AREAS, REST, "words_ko", "words_en"])
def test_the_tables_of_the_comparison_are_made(name: str) -> None:
    status, body = ask(f"/{COMPARED}{name}.json")
    assert status == "200 OK"
    assert json.loads(body)


def test_a_page_of_other_releases_is_made_in_its_language() -> None:
    status, body = ask("/ko/action/start/releases.json")
    assert status == "200 OK"
    assert "이 절의 링크" in body.decode()


def test_a_site_below_an_address_is_asked_below_it() -> None:
    assert ask(f"/nova/{COMPARED}words_en.json", "https://example.org/nova/")[0] == "200 OK"


@pytest.mark.parametrize("path", ["/", "/en/action/start/", "/assets/releases.json", f"/{COMPARED}nothing.json"])
def test_all_else_is_handed_on(path: str) -> None:
    assert ask(path) == ("404 Not Found", b"handed on")

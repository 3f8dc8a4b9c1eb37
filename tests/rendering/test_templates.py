"""A template's variables are its page model's fields, no more and no less."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import jinja2
import jinja2.meta
import pytest

from nova_states.errors import InputError
from nova_states.pages import models
from nova_states.pages.components import Link, SourceLink
from nova_states.pages.writer import PageWords
from nova_states.rendering import environment, pages

if TYPE_CHECKING:
    from pathlib import Path

PAGE_MODELS: list[Any] = [m for name, m in vars(models).items() if name.endswith("Page") and is_dataclass(m)]
GIVEN_TO_ALL = {"words"}
NEED_NOT_BE_NAMED = {"head"}
"""Every page's head is written above its body; few bodies repeat it."""


def variables_of(template: str) -> set[str]:
    """The names a template takes from outside, those its macros are called with and those of its parts included."""
    loaded = environment.load_environment()
    assert loaded.loader is not None
    parsed = loaded.parse(loaded.loader.get_source(loaded, template)[0])
    parts = (name for name in jinja2.meta.find_referenced_templates(parsed) if name and name.startswith("parts/"))
    return jinja2.meta.find_undeclared_variables(parsed).union(*map(variables_of, parts))


@pytest.mark.parametrize("model", PAGE_MODELS, ids=lambda model: model.__name__)
def test_variables_equal_fields(model: Any) -> None:  # noqa: ANN401 - a class, whichever
    named = variables_of(f"pages/{pages.template_of(model)}.jinja") - GIVEN_TO_ALL
    given = {field.name for field in fields(model)}
    assert named <= given
    assert given - named <= NEED_NOT_BE_NAMED


def test_every_template_has_a_model() -> None:
    templates = {path.name.removesuffix(".jinja") for path in (environment.TEMPLATES / "pages").glob("*.jinja")}
    assert templates == {pages.template_of(model) for model in PAGE_MODELS}


def test_undefined_variable_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = jinja2.DictLoader({"pages/broken.md.jinja": "fine\n{{ missing }}\n"})
    broken = environment.load_environment().overlay(loader=loader)
    monkeypatch.setattr(environment, "load_environment", lambda: broken)
    words = PageWords(language="ko", table=pages.load_words())
    with pytest.raises(InputError, match=r"^templates/pages/broken\.md\.jinja.*'missing' is undefined"):
        environment.render("broken.md", words)


def test_texts_are_escaped() -> None:
    assert environment.inline("`a` <b>") == '<code class="id">a</code> &lt;b&gt;'


def test_a_page_rests_on_what_its_template_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "pages/a.md": '{% include "parts/b.md.jinja" %}',
        "pages/other.md": "other",
        "parts/b.md": '{% from "macros/c.jinja" import d %}{{ d() }}',
    }
    for name, text in texts.items():
        file = tmp_path / f"{name}.jinja"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    macros = tmp_path / "macros/c.jinja"
    macros.parent.mkdir()
    macros.write_text("{% macro d() %}d{% endmacro %}", encoding="utf-8")
    monkeypatch.setattr(environment, "TEMPLATES", tmp_path)
    before = [environment.digest_of(f"pages/{name}.md") for name in ("a", "other")]
    macros.write_text("{% macro d() %}changed{% endmacro %}", encoding="utf-8")
    after = [environment.digest_of(f"pages/{name}.md") for name in ("a", "other")]
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)
    (tmp_path / "parts/b.md.jinja").write_text("{% include found %}", encoding="utf-8")
    with pytest.raises(InputError, match=r"^templates/parts/b\.md\.jinja: names a template by a variable"):
        environment.digest_of("pages/a.md")
    macros.unlink()
    (tmp_path / "parts/b.md.jinja").write_text('{% import "macros/c.jinja" as c %}', encoding="utf-8")
    with pytest.raises(InputError, match=r"^templates/macros/c\.jinja: cannot be read"):
        environment.digest_of("pages/a.md")


def test_only_pages_of_a_changed_template_or_model_are_filled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = {"status.md": "1", "group.md": "1"}
    filled: list[str] = []

    def render_page(page: pages.ModelledPage) -> str:
        filled.append(page.path)
        return f"{page.path} {len(filled)}"

    monkeypatch.setattr(pages, "digest_of", lambda name: digests[name.removeprefix("pages/")])
    monkeypatch.setattr(pages, "render_page", render_page)
    words = PageWords(language="ko", table={})
    made: dict[str, Any] = {"a": models.StatusPage, "b": models.GroupPage}
    a, b = (pages.ModelledPage(path=path, words=words, model=model.__new__(model)) for path, model in made.items())
    served = pages.ServedPages()
    assert served.render((a, b)) == {"a": "a 1", "b": "b 2"}
    digests["group.md"] = "2"
    assert served.render((a, b)) == {"a": "a 1", "b": "b 3"}
    assert served.render((a, b)) == {"a": "a 1", "b": "b 3"}
    assert served.render((replace(a), b)) == {"a": "a 4", "b": "b 3"}
    assert served.render((b,)) == {"b": "b 3"}
    assert filled == ["a", "b", "b", "a"]


def test_links_of_which_few_are_shown_are_escaped_and_counted() -> None:
    words = PageWords(language="en", table={"and_more": {"en": "and {count} more"}})
    links = [Link(text=name, href=f"../{name}/", kind="action", title=name) for name in ("a", "b<", "c")]
    assert environment.at_most(links[:1], words, 1) == '<a class="chip chip--action" href="../a/" title="a">a</a> '
    shown = environment.at_most(links, words, 2)
    assert "b&lt;</a> <details><summary>and 1 more</summary><a " in shown
    place = SourceLink(file="nova/compute/api.py", line=7, function="f", href="x#L7", version="1")
    assert environment.at_most((place,), words, 1) == '<a href="x#L7"><code>compute/api.py:7</code></a> '
    assert environment.at_most((), words, 1) == ""

"""A template's variables are its page model's fields, no more and no less."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import jinja2
import jinja2.meta
import pytest

from nova_states.errors import InputError
from nova_states.pages import models
from nova_states.pages.writer import PageWords
from nova_states.rendering import environment, pages

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

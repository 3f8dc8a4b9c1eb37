"""Texts of ours keep their meaning in reStructuredText, whatever signs they hold."""

from __future__ import annotations

import pytest
from docutils import nodes

from nova_states.documents.restructured_text import code, inline, paragraph, table, title
from tests.documents.conftest import parse


@pytest.mark.parametrize(
    ("text", "shown", "literals"),
    [
        ("The `stop` action.", "The stop action.", ["stop"]),
        ("`active`s and `a`-b", "actives and a-b", ["active", "a"]),
        ("a*b* c_ |d| `e`", "a*b* c_ |d| e", ["e"]),
        ("back\\slash and a lone ` here", "back\\slash and a lone ` here", []),
        ("vm_state, __init__ and x_", "vm_state, __init__ and x_", []),
    ],
)
def test_a_text_means_itself(text: str, shown: str, literals: list[str]) -> None:
    tree = parse("\n".join(paragraph(inline(text)))).tree
    assert " ".join(tree.astext().split()) == shown
    assert [found.astext() for found in tree.findall(nodes.literal)] == literals


@pytest.mark.parametrize("name", ["a", "not f(req, '2.20')", "a `b` c", "x == y", "a ``b``"])
def test_code_is_one_literal(name: str) -> None:
    tree = parse("\n".join(paragraph(f"It is {code(name)}, then more."))).tree
    (found,) = tree.findall(nodes.literal)
    assert found.astext().replace("` `", "``") == name


def test_long_paragraphs_are_broken_and_stay_one() -> None:
    text = " ".join(f"word{number} {code(f'a {number} == b')}" for number in range(40))
    lines = list(paragraph(text))
    assert max(map(len, lines)) <= 79
    (found,) = parse("\n".join(lines)).tree.children
    assert isinstance(found, nodes.paragraph)
    assert len(list(found.findall(nodes.literal))) == 40


def test_tables_keep_their_cells_and_need_a_row() -> None:
    assert list(table(("a", "b"), [], (1, 1))) == []
    tree = parse("\n".join(table(("a", "b"), [("one", ""), ("two", "``x`` " * 30)], (1, 2)))).tree
    rows = [[cell.astext() for cell in row.findall(nodes.entry)] for row in tree.findall(nodes.row)]
    assert rows[:2] == [["a", "b"], ["one", ""]]
    assert rows[2][1].split() == ["x"] * 30


def test_titles_have_levels() -> None:
    lines = [*title("Top", "="), *title("Part", "-"), "Text.", "", *title("Piece", "~"), "Text.", ""]
    lines += [*title("Other", "-"), "Text."]
    sections = [found.astext() for found in parse("\n".join(lines)).tree.findall(nodes.title)]
    assert sections == ["Top", "Part", "Piece", "Other"]

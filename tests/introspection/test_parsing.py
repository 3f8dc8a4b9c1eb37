"""Old grammar: each file below `cases/parsing` and the same in today's, with names placed to compare positions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from nova_states.introspection.modules import Modules
from nova_states.introspection.parsing import SourceError, parse
from tests.introspection.synthetic import SyntheticTree, cases

CASES = Path(__file__).parent / "cases" / "parsing"
PLACED = re.compile(r"\bat_\w+")


def positions(tree: ast.Module) -> set[tuple[str, int, int]]:
    return {
        (node.id, node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and PLACED.fullmatch(node.id)
    }


@pytest.mark.parametrize("path", cases(CASES))
def test_old_grammar_reads_as_new(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree = parse(case["old"].encode(), "nova/old.py")
    # Today's grammar has no name `async`, so that `new` spells it another way.
    assert ast.dump(tree) == ast.dump(ast.parse(case["new"])).replace("named_async", "async")


@pytest.mark.parametrize("path", cases(CASES))
def test_names_stay_where_they_are(path: Path) -> None:
    old: str = yaml.safe_load(path.read_text(encoding="utf-8"))["old"]
    tree = parse(old.encode(), "nova/old.py")
    assert "at_" in old
    assert positions(tree) == {
        (match.group(), number, len(line[: match.start()].encode()))
        for number, line in enumerate(old.split("\n"), 1)
        for match in PLACED.finditer(line)
    }


def test_what_follows_an_except_clause_on_its_line_may_shift_by_two() -> None:
    tree = parse(b"try:\n    pass\nexcept E, e: at_here\nat_next\n", "x.py")
    assert positions(tree) == {("at_here", 3, len("except E, e: ") + 2), ("at_next", 4, 0)}


def test_an_octal_number_keeps_its_value() -> None:
    (statement,) = parse(b"chmod(0777, 00, 0o17, 10, 0.5, x0777)\n", "x.py").body
    assert ast.unparse(statement) == "chmod(511, 0, 15, 10, 0.5, x0777)"


def test_lines_of_a_module_are_those_of_the_parser() -> None:
    text = "\ufeff# one\r\n# two \x0c still two\u2028 and still\rA = 1\n"
    module = Modules(tree=SyntheticTree(sources={"nova/x.py": text})).at("nova/x.py")
    assert module.lines[2] == "A = 1"
    assert module.bindings["A"].lineno == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = '\xff'\n", "x.py:2: not UTF-8 text; is this a Nova source file?"),
        (b"a = 1\nb = 'x\0y'\n", "x.py:2: has a null byte; is this a Nova source file?"),
        (b"a = 1\n\na5ync = 2\n", "x.py:3: uses the name a5ync, which stands in for `async` here; please report it"),
        (b"a = 1\nb = (2\n", "x.py:2: cannot be parsed ('(' was never closed); nothing was read from it"),
    ],
)
def test_the_line_of_what_cannot_be_parsed_is_told(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(content, "x.py")
    assert str(caught.value) == message
    assert caught.value.as_gap().line == caught.value.line

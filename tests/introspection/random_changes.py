"""Changes of Nova's source drawn at random: what comes out may mean nothing, and reading it must end in facts and gaps.

Most changes are of syntax trees, as a file that no longer parses is one gap and tries nothing behind the parser.
"""

from __future__ import annotations

import ast
import copy
import random
import re
from collections.abc import Callable
from typing import TypeAlias

Change: TypeAlias = Callable[[str, random.Random], str]
"""A source and a source of chance → the source with one thing changed; the same text where nothing fits."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_VALUES = (None, Ellipsis, True, 0, -1, 10**30, 1.5, "", "active", b"x", "\ud800")
_FORMS = (
    "lambda *a: {x}",
    "[{x} for one in {x}]",
    "{{one: {x} for one in ()}}",
    "not {x}",
    "-{x}",
    "{x} in ({x})",
    "{x} < {x} < {x}",
    "({x},)",
    "{{{x}}}",
    "{{**{x}}}",
    "[*{x}]",
    "f'{{{x}}}'",
    "{x}.value",
    "{x}()",
    "{x}({x}, *{x}, **{x})",
    "{x}[{x}]",
    "{x}[1:{x}]",
    "({x} if {x} else None)",
    "({x} or {x})",
    "(one := {x})",
    "{x} + {x}",
    "{x} % {x}",
    "getattr({x}, 'vm_state')",
    "set({x})",
    "dict({x})",
    "functools.partial({x})",
)


def by_tree(source: str, chance: random.Random) -> str:
    """Change one node of the syntax tree."""
    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(_TREES[chance.randrange(len(_TREES))](tree, chance)))


def by_token(source: str, chance: random.Random) -> str:
    """Leave out, repeat or exchange a word or a sign."""
    tokens = list(_TOKEN.finditer(source))
    one, other = chance.choice(tokens), chance.choice(tokens)
    text = chance.choice(("", f"{one.group()} {one.group()}", other.group()))
    return source[: one.start()] + text + source[one.end() :]


def by_line(source: str, chance: random.Random) -> str:
    """Leave out, repeat, move or indent a line."""
    lines = source.split("\n")
    place = chance.randrange(len(lines))
    line = lines.pop(place)
    match chance.randrange(4):
        case 0:
            pass
        case 1:
            lines[place:place] = [line, line]
        case 2:
            lines.insert(chance.randrange(len(lines) + 1), line)
        case _:
            lines.insert(place, f"    {line}")
    return "\n".join(lines)


def _other_expression(tree: ast.Module, chance: random.Random) -> ast.Module:
    """An expression in the place of another."""
    return _with(tree, chance, lambda _: copy.deepcopy(chance.choice(_expressions(tree))))


def _other_form(tree: ast.Module, chance: random.Random) -> ast.Module:
    """Something made of the expression in its place."""
    form = chance.choice(_FORMS)

    def made(node: ast.expr) -> ast.expr:
        try:
            return ast.parse(form.format(x=f"({ast.unparse(node)})"), mode="eval").body
        except (SyntaxError, ValueError):
            return node  # as a star cannot stand everywhere

    return _with(tree, chance, made)


def _other_value(tree: ast.Module, chance: random.Random) -> ast.Module:
    """A constant in the place of an expression."""
    return _with(tree, chance, lambda _: ast.Constant(value=chance.choice(_VALUES)))


def _other_name(tree: ast.Module, chance: random.Random) -> ast.Module:
    """Another name of the file in the place of a name."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    if names:
        chance.choice(names).id = chance.choice(names).id
    return tree


def _other_block(tree: ast.Module, chance: random.Random) -> ast.Module:
    """Statements left out, repeated, exchanged, or put into a block of their own."""
    blocks = [
        block
        for node in ast.walk(tree)
        for name in _BLOCKS
        if isinstance(block := getattr(node, name, None), list) and block and isinstance(block[0], ast.stmt)
    ]
    block, other = chance.choice(blocks), chance.choice(blocks)
    place = chance.randrange(len(block))
    statement = block[place]
    match chance.randrange(5):
        case 0:
            block[place] = ast.Pass()
        case 1:
            block.insert(place, copy.deepcopy(statement))
        case 2:
            block[place] = copy.deepcopy(chance.choice(other))
        case 3:
            block[place] = ast.If(test=copy.deepcopy(chance.choice(_expressions(tree))), body=[statement], orelse=[])
        case _:
            block[place] = ast.For(
                target=ast.Name(id="one", ctx=ast.Store()),
                iter=copy.deepcopy(chance.choice(_expressions(tree))),
                body=[statement],
                orelse=[],
            )
    return tree


_TREES: tuple[Callable[[ast.Module, random.Random], ast.Module], ...] = (
    _other_expression,
    _other_form,
    _other_form,
    _other_value,
    _other_name,
    _other_block,
)


def _expressions(tree: ast.Module) -> list[ast.expr]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_read(node)]


def _is_read(node: ast.expr) -> bool:
    is_target = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
    return not is_target and not isinstance(node, ast.Starred | ast.Slice | ast.FormattedValue | ast.JoinedStr)


def _with(tree: ast.Module, chance: random.Random, made: Callable[[ast.expr], ast.expr]) -> ast.Module:
    """The tree with one expression made anew."""
    wanted = chance.choice(_expressions(tree))

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if node is wanted:
                return made(wanted)
            kept: ast.AST = self.generic_visit(node)
            return kept

    changed = Put().visit(tree)
    assert isinstance(changed, ast.Module)
    return changed


def change(source: str, chance: random.Random) -> str:
    """The source with one thing changed, mostly so that it can still be parsed."""
    how: Change = chance.choices((by_tree, by_token, by_line), weights=(18, 1, 1))[0]
    try:
        return how(source, chance)
    except (SyntaxError, ValueError, IndexError, RecursionError):
        return source  # what an earlier change broke stays as it is

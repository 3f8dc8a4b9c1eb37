"""The wording of a message in Nova's source as a pattern: what is filled in stands in braces, by name where it has one.

"%(x)s" and "{x}" become "{x}", "%s" and "{}" become "{}"; a brace of the text itself is doubled.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from string import Formatter
from typing import Any

from nova_states.introspection.modules import Function
from nova_states.introspection.path_conditions import leaves
from nova_states.introspection.syntax import blocks, dotted_name

_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([a-zA-Z%])")
_TRANSLATING = frozenset({"_", "_LE", "_LI", "_LW", "_LC", "_N", "_C"})


def pattern(text: str) -> str:
    """A text with %-placeholders as a pattern."""
    parts: list[str] = []
    end = 0
    for match in _PERCENT.finditer(text):
        parts.append(_escaped(text[end : match.start()]))
        parts.append("%" if match[2] == "%" else f"{{{match[1] or ''}}}")
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def formatted_pattern(text: str) -> str:
    """A text for `str.format` as a pattern; one that is no such text stays as it is."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return _escaped(text)
    return "".join(
        _escaped(literal) + ("" if name is None else "{" + re.sub(r"\W.*", "", name) + "}")
        for literal, name, _, _ in parts
    )


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def wordings(node: ast.expr | None, function: Function) -> tuple[str, ...]:
    """The patterns of all texts that an expression can make; a name stands for what reaches it."""
    return tuple(dict.fromkeys(text for value in _values(node, function) if (text := wording(value)) is not None))


def logged_wordings(node: ast.expr, function: Function) -> tuple[str, ...]:
    """The same of a text that a logger fills in."""
    return tuple(dict.fromkeys(text for value in _values(node, function) if (text := template(value)) is not None))


def template(node: ast.expr) -> str | None:
    """The pattern of a text that is filled in elsewhere: its placeholders need no `%` behind it."""
    plain = literal(node)
    return wording(node) if plain is None else pattern(plain)


def _values(node: ast.expr | None, function: Function) -> Sequence[ast.expr]:
    """An expression, or what reaches it where it is a name, filled in or not."""
    match node:
        case None:
            return ()
        case ast.Name(id=name):
            return _reaching(function.body, node, name, ())[1]
        case ast.BinOp(left=ast.Name(id=name) as left, op=ast.Mod() as operator, right=right):
            values = _reaching(function.body, left, name, ())[1]
            return [ast.BinOp(left=value, op=operator, right=right) for value in values]
    return (node,)


def wording(node: ast.expr | None) -> str | None:
    """The pattern of the text that an expression makes; None where it is no text of the source."""
    reader = _READERS.get(type(node))
    return reader(node) if reader else None


def _of_constant(node: ast.Constant) -> str | None:
    return _escaped(node.value) if isinstance(node.value, str) else None


def _of_call(node: ast.Call) -> str | None:
    """A text handed to gettext, or formatted."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in _TRANSLATING:
            text = literal(inner)
            return pattern(text) if text is not None and "%" in text else wording(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="format")):
            text = literal(inner)
            return formatted_pattern(text) if text is not None else None
    return None


def _of_binary(node: ast.BinOp) -> str | None:
    if isinstance(node.op, ast.Mod):
        text = literal(node.left)
        return pattern(text) if text is not None else wording(node.left)
    parts = (wording(node.left), wording(node.right)) if isinstance(node.op, ast.Add) else (None, None)
    return None if parts == (None, None) else "".join("{}" if part is None else part for part in parts)


def _of_joined(node: ast.JoinedStr) -> str:
    return "".join(_escaped(str(v.value)) if isinstance(v, ast.Constant) else "{}" for v in node.values)


_READERS: dict[type, Callable[[Any], str | None]] = {
    ast.Constant: _of_constant,
    ast.Call: _of_call,
    ast.BinOp: _of_binary,
    ast.JoinedStr: _of_joined,
}


def literal(node: ast.expr) -> str | None:
    """The text of a literal, handed to gettext or not."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=func, args=[inner, *_]) if dotted_name(func) in _TRANSLATING:
            return literal(inner)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = literal(left), literal(right)
            return None if first is None or second is None else first + second
    return None


def _reaching(
    body: Sequence[ast.stmt], node: ast.expr, name: str, before: tuple[ast.expr, ...]
) -> tuple[bool, tuple[ast.expr, ...]]:
    """Whether `node` stands in a block, and what `name` holds there, or else after the block."""
    for statement in body:
        inner = list(blocks(statement))
        if statement.lineno <= node.lineno <= (statement.end_lineno or 0):
            for block in inner:
                # In a handler anything that the block before assigned may hold.
                entering = before if block is inner[0] else (*before, *_texts(inner[0], name))
                if isinstance(statement, ast.If):
                    entering = before
                found, values = _reaching(block, node, name, entering)
                if found:
                    return True, values
            return True, before
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                before = (value,)
            case _ if inner:
                after = [_reaching(block, node, name, before)[1] for block in inner if not leaves(block)]
                whole = isinstance(statement, ast.If) and statement.orelse
                together = [value for values in after for value in values]
                before = tuple(dict.fromkeys(together if whole else [*before, *together]))
    return False, before


def _texts(body: Sequence[ast.stmt], name: str) -> Iterator[ast.expr]:
    for statement in body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in part.targets):
                yield part.value

"""Tests of Nova's code as conditions: normalised, a test and its opposite as one test with two outcomes."""

from __future__ import annotations

import ast
from weakref import WeakKeyDictionary

from nova_states.facts.condition import AnyOf, CodeTest, Subject, negated
from nova_states.introspection.tree_walk import walk

_OPTIONS = "CONF"
"""Nova's name for what holds the options of nova.conf."""
SECOND_ANSWER = "uncached_info"
"""Our name, and Nova's, for what the hypervisor tells when it is asked again."""

_CONDITIONS: WeakKeyDictionary[ast.AST, CodeTest | AnyOf] = WeakKeyDictionary()


def code_condition(test: ast.expr) -> CodeTest | AnyOf:
    """A test that holds as a condition; where it is joined by `or` the parts are alternatives."""
    found = _CONDITIONS.get(test)
    if found is None:
        found = _CONDITIONS[test] = _condition(test)
    return found


def _condition(test: ast.expr) -> CodeTest | AnyOf:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return negated(code_condition(operand))
        case ast.BoolOp(op=ast.Or(), values=parts):
            return AnyOf(conditions=tuple(code_test(part) for part in parts))
    return code_test(test)


def code_test(test: ast.expr, *, holds: bool = True) -> CodeTest:
    """A test with its outcome: `a != b` is `a == b` with the other one, and so is `not a`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return code_test(test.operand, holds=not holds)
    about, plain = _about(test), all(_is_plain(node) for node in walk(test))
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        turned = ast.Compare(left=test.left, ops=[_OPPOSITES[type(test.ops[0])]()], comparators=test.comparators)
        if isinstance(test.ops[0], _NEGATIVE):
            return CodeTest(text=_line(turned), holds=not holds, opposite=_line(test), about=about, plain=plain)
        return CodeTest(text=_line(test), holds=holds, opposite=_line(turned), about=about, plain=plain)
    text, opposite = _line(test), _line(ast.UnaryOp(op=ast.Not(), operand=test))
    shown = None if opposite == f"not {text}" else opposite
    return CodeTest(text=text, holds=holds, opposite=shown, about=about, plain=plain)


def _is_plain(node: ast.AST) -> bool:
    is_number = isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes)
    return is_number or isinstance(node, _PLAIN)


def _line(node: ast.expr) -> str:
    return " ".join(ast.unparse(node).split())


def _about(test: ast.expr) -> Subject | None:
    for node in walk(test):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)) if name == _OPTIONS:
                return "configuration"
            case ast.Attribute(value=ast.Name(id=name), attr="state") if name == SECOND_ANSWER:
                return "second_answer"
    return None


_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.NotEq: ast.Eq,
    ast.NotIn: ast.In,
}
_PLAIN = (
    *(ast.Name, ast.Attribute, ast.Subscript, ast.Compare, ast.cmpop, ast.expr_context),
    *(ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop),
)
"""What a test is made of that is short to tell."""
_NEGATIVE = (ast.GtE, ast.IsNot, ast.LtE, ast.NotEq, ast.NotIn)
"""Comparisons that are told as the opposite of another one."""

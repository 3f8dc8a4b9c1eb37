from __future__ import annotations

import ast
from typing import ClassVar

from nova_states.introspection.dispatch import Dispatch

HANDLERS: Dispatch[str, [int], str] = Dispatch()


@HANDLERS.on(ast.If)
def on_if(here: str, node: ast.If, times: int) -> str:
    return f"{here}: if {ast.unparse(node.test)}" * times


@HANDLERS.on(ast.Break, ast.Continue)
def on_leaving(here: str, node: ast.Break | ast.Continue, _times: int) -> str:
    return f"{here}: {type(node).__name__}"


class Reader:
    handlers: ClassVar[Dispatch[Reader, [], str]] = Dispatch()

    def __init__(self, name: str) -> None:
        self.name = name

    @handlers.on(ast.Name)
    def _name(self, node: ast.Name) -> str:
        return f"{self.name} reads {node.id}"


class Inheriting(Reader):
    pass


def test_a_node_goes_to_what_is_for_its_type() -> None:
    found = [HANDLERS.handler(node) for node in ast.parse("if a: pass\nbreak\ncontinue\npass").body]
    assert found == [on_if, on_leaving, on_leaving, None]
    condition = ast.parse("if a: pass").body[0]
    handler = HANDLERS.handler(condition)
    assert handler is not None
    assert handler("here", condition, 2) == "here: if ahere: if a"


def test_a_class_of_ast_is_not_its_subclass() -> None:
    assert HANDLERS.handler(ast.parse("a if b else c", mode="eval").body) is None
    assert HANDLERS.handler(ast.stmt()) is None


def test_methods_are_handlers_of_their_class_and_of_those_that_inherit() -> None:
    node = ast.Name(id="x")
    handler = Reader.handlers.handler(node)
    assert handler is not None
    assert [handler(reader, node) for reader in (Reader("one"), Inheriting("two"))] == ["one reads x", "two reads x"]

"""Puts the parts of the interpreter together."""

from __future__ import annotations

from typing import Final

from nova_states.introspection.interpreter import calls, expressions, refinement, statements
from nova_states.introspection.interpreter.machine import Operations

OPERATIONS: Final = Operations(
    execute=statements.execute,
    evaluate=expressions.evaluate_expression,
    evaluate_call=calls.evaluate_call,
    branch=refinement.branch,
    call=calls.call,
)

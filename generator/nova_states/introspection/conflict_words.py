"""Finds where a request is refused for a server's state, and the word for the action that the 409 puts in quotes."""

from __future__ import annotations

import ast

from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import dotted_name, parameter_names, string_value

_CONFLICT = "raise_http_conflict_for_instance_invalid_state"
_CONFLICT_PARAMETERS = ("exc", "action", "server_id")


def conflict_word(node: ast.AST) -> ast.expr | None:
    """The argument that names the action, if a statement raises the 409 for an invalid state."""
    match node:
        case ast.Expr(value=ast.Call() as call) | ast.Raise(exc=ast.Call() as call):
            given = dict(zip(_CONFLICT_PARAMETERS, call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            return given.get("action") if dotted_name(call.func).endswith(_CONFLICT) else None
    return None


def literal_argument(helper: Function, call: ast.Call, parameter: ast.expr) -> str | None:
    """The literal that a call hands to the helper's parameter."""
    names = parameter_names(helper)
    if names and names[0] == "self":
        names = names[1:]
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    return string_value(given.get(parameter.id)) if isinstance(parameter, ast.Name) else None

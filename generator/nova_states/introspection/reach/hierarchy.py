"""Which exception is caught by which: classes of the tree by their bases, those outside it by what is known of them.

An exception is known by its dotted name: "nova.exception.NoValidHost", "webob.exc.HTTPConflict", "ValueError".
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from nova_states.introspection.modules import Module
from nova_states.introspection.reach.program import Class, Program
from nova_states.introspection.syntax import dotted_name

ANY = "Exception"
HTTP = "webob.exc."
_HTTP_BASES = frozenset({f"{HTTP}HTTPException", f"{HTTP}WSGIHTTPException", f"{HTTP}HTTPError"})
_CODES = {
    f"{HTTP}HTTP{name}": code
    for name, code in {
        "BadRequest": 400,
        "Unauthorized": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "MethodNotAllowed": 405,
        "NotAcceptable": 406,
        "RequestTimeout": 408,
        "Conflict": 409,
        "Gone": 410,
        "PreconditionFailed": 412,
        "RequestEntityTooLarge": 413,
        "UnsupportedMediaType": 415,
        "UnprocessableEntity": 422,
        "TooManyRequests": 429,
        "InternalServerError": 500,
        "NotImplemented": 501,
        "BadGateway": 502,
        "ServiceUnavailable": 503,
        "GatewayTimeout": 504,
    }.items()
}
"""webob's exceptions for errors, which are no part of Nova's source, as RFC 9110 and 6585 number them."""


def http_code(name: str) -> int | None:
    """The status of one of webob's exceptions."""
    return _CODES.get(name)


@dataclass(kw_only=True)
class Hierarchy:
    """The exceptions of a program."""

    program: Program
    _ancestors: dict[str, frozenset[str]] = field(default_factory=dict)

    def ancestors(self, name: str) -> frozenset[str]:
        """A class and all it derives from."""
        if name not in self._ancestors:
            self._ancestors[name] = self._above(name)
        return self._ancestors[name]

    def _above(self, name: str) -> frozenset[str]:
        found = self.program.locate(name)
        if isinstance(found, Class):
            above = {base for kind in self.program.lineage(found) for base in (kind.name, *self.program.bases(kind))}
            outside = {up for base in above if not base.startswith("nova.") for up in self.ancestors(base)}
            return frozenset({name, ANY, *above, *outside})
        if name.startswith(HTTP):
            return frozenset({name, ANY, *_HTTP_BASES})
        known = getattr(builtins, name, None)
        if isinstance(known, type) and issubclass(known, BaseException):
            return frozenset(kind.__name__ for kind in known.__mro__)
        return frozenset({name, ANY})

    def names(self, node: ast.expr | None, module: Module) -> tuple[str, ...]:
        """The exceptions that an `except` names, tuples that have a name taken apart."""
        if node is None:
            return (ANY,)
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(name for part in node.elts for name in self.names(part, module))
        if isinstance(node, ast.BinOp):
            return (*self.names(node.left, module), *self.names(node.right, module))
        dotted = dotted_name(node)
        if isinstance(node, ast.Name) and isinstance(listed := module.bindings.get(node.id), ast.Tuple | ast.BinOp):
            return self.names(listed, module)
        name = self.name(dotted, module) if dotted else None
        return (name,) if name else ()

    def name(self, dotted: str, module: Module) -> str | None:
        """The exception that a dotted name of a module stands for; None if it is no class."""
        found = self.program.resolve(module, dotted)
        if isinstance(found, Class):
            return found.name
        return found if isinstance(found, str) else None

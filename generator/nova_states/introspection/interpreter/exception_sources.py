"""Where exceptions come from: which functions raise those of the followed modules, and which only virt drivers raise.

A call that is not read may raise anything else. Without this, each handler that names an exception would seem to be
reached from every call before it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nova_states.introspection.interpreter.node_queries import dotted, names_in
from nova_states.introspection.interpreter.slicing import Relevance, functions, present
from nova_states.introspection.modules import Modules
from nova_states.introspection.syntax import blocks

_VIRT = "nova/virt"
_SERVICES = ("accelerator", "compute", "conductor", "db", "image", "limit", "network", "objects", "pci", "scheduler",
             "share", "volume")  # fmt: skip
"""Folders of nova/ whose code the followed modules call."""
_FILES = ("nova/block_device.py", "nova/crypto.py", "nova/quota.py", "nova/utils.py")
"""Modules beside them that raise Nova's exceptions."""
_RAISE = re.compile(rb"\braise +(?:[a-z_]\w*\.)*([A-Z]\w+)")
_SAVING = frozenset({"UnexpectedTaskStateError", "UnexpectedDeletingTaskStateError"})
"""What a save with expectations raises, and nothing else does (nova/db: instance_update_and_get_original)."""
_EXCEPTIONS = "nova.exception."


@dataclass(frozen=True, kw_only=True, slots=True)
class Origins:
    """Dotted names of Nova's exceptions, by what raises them."""

    known: frozenset[str] = frozenset()
    """Raised only in modules that are followed, so that it is known which calls can raise them."""
    drivers: frozenset[str] = frozenset()
    """Raised only in virt drivers; a call that does not reach one never raises them."""
    by_function: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Function of a followed module that is not read itself → what of `known` it and what it calls raise."""

    def impossible(self, function: str, *, reaches_driver: bool) -> frozenset[str]:
        """What a call of a function that is not read never raises."""
        never = self.known - self.by_function.get(function, frozenset())
        return never if reaches_driver else never | self.drivers


def read_origins(modules: Modules, relevance: Relevance) -> Origins:
    """Look at every `raise` of the services and the drivers."""
    own: set[str] = set()
    raised: dict[str, set[str]] = {}
    called: dict[str, set[str]] = {}
    followed: set[str] = set()
    for module in present(modules):
        followed.add(module.path)
        for function in functions(module.tree):
            names = set(_raised(function.body))
            own |= names
            if not relevance.includes(function.name):
                raised.setdefault(function.name, set()).update(names)
                called.setdefault(function.name, set()).update(names_in(function))
    listed = [path for folder in _SERVICES for path in modules.paths(f"nova/{folder}")]
    listed += [path for path in _FILES if modules.exists(path)]
    services = _mentioned(modules, (path for path in listed if path not in followed))
    drivers = _mentioned(modules, modules.paths(_VIRT))
    known = _dotted((own - services - drivers) | _SAVING)
    _spread(raised, called)
    return Origins(
        known=known,
        drivers=_dotted(drivers - services - own),
        by_function={name: found for name, names in raised.items() if (found := _dotted(names) & known)},
    )


def _spread(raised: dict[str, set[str]], called: dict[str, set[str]]) -> None:
    """Add to what each function raises what the functions raise that it calls."""
    is_growing = True
    while is_growing:
        is_growing = False
        for name, names in called.items():
            more = set().union(*(raised[other] for other in names if other in raised))
            if not more <= raised[name]:
                raised[name] |= more
                is_growing = True


def _dotted(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{_EXCEPTIONS}{name}" for name in names)


def _raised(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The classes that statements raise, nested functions left out: they are functions of their own."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            yield dotted(kind).rpartition(".")[2]
        for block in blocks(node):
            yield from _raised(block)


def _mentioned(modules: Modules, paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        if path.endswith(".py"):
            found |= {name.decode() for name in _RAISE.findall(modules.tree.read(path))}
    return found

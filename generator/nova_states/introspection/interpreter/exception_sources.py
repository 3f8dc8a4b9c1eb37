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
from nova_states.introspection.parsing import SourceError
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
_AFAR = re.compile(r"driver|rpcapi|_api$")
"""Names of what answers with exceptions of its own: drivers, other services."""
_TELLERS = frozenset({"notifier", "query_client", "save", "scheduler_client"})
"""Names of those who are only told what happened: the bus, the scheduler's list of servers, the database."""
_UNABLE = "NotImplementedError"
"""What a class raises that has no such method; no library that Nova calls does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origins:
    """Dotted names of Nova's exceptions, by what raises them."""

    known: frozenset[str] = frozenset()
    """Raised only in modules that are followed, so that it is known which calls can raise them."""
    drivers: frozenset[str] = frozenset()
    """Raised only in virt drivers; a call that does not reach one never raises them."""
    shared: frozenset[str] = frozenset()
    """Raised in virt drivers and in followed modules, and NotImplementedError."""
    telling: frozenset[str] = frozenset()
    """Functions that are not read themselves and reach neither a driver nor another nova-compute."""
    by_function: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Function that is not read itself → what of `known` and `shared` it and what it calls raise."""

    def impossible(self, function: str, *, reaches_driver: bool) -> frozenset[str]:
        """What a call of a function that is not read never raises."""
        never = self.known - self.by_function.get(function, frozenset())
        return never if reaches_driver else never | self.drivers

    def alien(self, function: str) -> frozenset[str]:
        """What a call that only tells others never raises beside it, as no exception of theirs comes back."""
        return self.shared - self.by_function.get(function, frozenset())


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
    unread = [path for path in listed if path not in followed]
    services = _mentioned(modules, unread)
    drivers = _mentioned(modules, modules.paths(_VIRT))
    known = _dotted((own - services - drivers) | _SAVING)
    shared = _dotted((own & drivers) - services)
    _spread(raised, called)
    telling = frozenset(name for name, names in called.items() if not _TELLERS.isdisjoint(names)) - _reaching(called)
    unable = _unable(modules, unread)
    if unable is not None:
        shared |= {_UNABLE}
        for name in unable:
            raised.setdefault(name, set()).add(_UNABLE)
    by_function = {name: found for name, names in raised.items() if (found := _dotted(names) & (known | shared))}
    return Origins(
        known=known,
        drivers=_dotted(drivers - services - own),
        shared=shared,
        telling=telling,
        by_function=by_function,
    )


def _reaching(called: Mapping[str, set[str]]) -> frozenset[str]:
    """Functions that name a driver or another service's interface, or call one that does."""
    marks = {name: {one for one in names if _AFAR.search(one)} for name, names in called.items()}
    _spread(marks, called)
    return frozenset(name for name, found in marks.items() if found)


def _unable(modules: Modules, paths: Iterable[str]) -> frozenset[str] | None:
    """Functions of services that raise NotImplementedError.

    Who calls them is not asked: nearly all are methods of bases, whose names those of their children share.

    Returns:
        Their names; None if a module that names the exception cannot be parsed, so that nothing is known.
    """
    found: set[str] = set()
    for path in paths:
        if path.endswith(".py") and _UNABLE.encode() in modules.tree.read(path):
            try:
                module = modules.at(path)
            except SourceError:
                return None
            found |= {one.name for one in functions(module.tree) if _UNABLE in _raised(one.body)}
    return frozenset(found)


def _spread(found: dict[str, set[str]], called: Mapping[str, set[str]]) -> None:
    """Add to what was found of each function what was found of the functions that it calls."""
    is_growing = True
    while is_growing:
        is_growing = False
        for name, names in called.items():
            more = set().union(*(found[other] for other in names if other in found))
            if not more <= found[name]:
                found[name] |= more
                is_growing = True


def _dotted(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name if name == _UNABLE else f"{_EXCEPTIONS}{name}" for name in names)


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

"""What a tree's files say that decides which names are mentions: refusing exceptions, and guard decorators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nova_states.introspection.census.mentions import API, own_kind
from nova_states.introspection.census.source_lines import SourceText, read_text

REFUSAL = "InstanceInvalidState"
"""The exception that refuses an action for a server's state, in every release so far."""

_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)", re.MULTILINE)
_DOTTED = re.compile(r"[A-Za-z_][\w.]*")
_HANDLER = re.compile(r"^[ \t]*except\b([^:]*):", re.MULTILINE)
_CONFLICT = re.compile(r"\braise_http_conflict_for_instance_invalid_state\b")
_LISTS = re.compile(r"\bvm_state\b.*\btask_state\b|\btask_state\b.*\bvm_state\b", re.DOTALL)
_OF_A_SERVER = re.compile(r"\b(?:self|context|instance)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileContext:
    """What one file adds."""

    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Classes with the last parts of their bases' names."""
    conflicts: tuple[str, ...] = ()
    """Exceptions whose handler answers with the 409 that names a state."""
    guards: tuple[str, ...] = ()
    """Functions that take lists of vm_states and task_states and make a function of them, as guard decorators do."""


def find_context(path: str, content: bytes) -> FileContext:
    """What the file says of names."""
    has_classes = b"(exception." in content or path == "nova/exception.py" or REFUSAL.encode() in content
    has_conflicts = path.startswith(API) and b"raise_http_conflict_for_instance_invalid_state" in content
    has_guards = b"task_state" in content and b"vm_state" in content and own_kind(path) is None
    if not (has_classes or has_conflicts or has_guards):
        return FileContext()
    source = read_text(content)
    return FileContext(
        classes=tuple(_classes(source)) if has_classes else (),
        conflicts=tuple(_conflicting(source)) if has_conflicts else (),
        guards=tuple(_guards(source)) if has_guards else (),
    )


def refusals(contexts: Iterable[FileContext]) -> frozenset[str]:
    """The refusing exceptions: the known one, those made of it, and all that are answered in the same way."""
    files = tuple(contexts)
    found = {REFUSAL, *(name for one in files for name in one.conflicts)}
    classes = [entry for one in files for entry in one.classes]
    while more := {name for name, bases in classes if not found.isdisjoint(bases)} - found:
        found |= more
    return frozenset(found)


def _classes(source: SourceText) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, bases in _CLASS.findall(source.code):
        yield name, tuple(base.rpartition(".")[2] for base in _DOTTED.findall(bases))


def _conflicting(source: SourceText) -> Iterator[str]:
    """Exceptions of the handlers around each 409."""
    for match in _CONFLICT.finditer(source.code):
        scope = source.scope_at(source.line(match.start()))
        start = source.starts[scope.first - 1] if scope else match.start()
        handlers = list(_HANDLER.finditer(source.code, start, match.start()))
        if handlers:
            for word in _DOTTED.findall(handlers[-1].group(1).partition(" as ")[0]):
                name = word.rpartition(".")[2]
                if name[:1].isupper():
                    yield name


def _guards(source: SourceText) -> Iterator[str]:
    for scope, inner in zip(source.scopes, source.scopes[1:], strict=False):
        if scope.is_function and "." not in scope.name and inner.name.startswith(f"{scope.name}."):
            head = source.code_of(*source.logical_line(scope.first))
            if _LISTS.search(head) and not _OF_A_SERVER.search(head):
                yield scope.name

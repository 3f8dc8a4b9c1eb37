"""What the flow interpreter knows of a variable: a constant, one of several, the server, something callable.

Values are small, immutable and hashable, because a function's effect is remembered by the values it was called with.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypeGuard

from nova_states.facts.condition import Selected
from nova_states.facts.state_set import StateSet
from nova_states.introspection.constant_evaluator import ClassReference, External, FunctionReference, ModuleReference
from nova_states.introspection.modules import Function, Module

Attribute: TypeAlias = Literal["vm_state", "task_state"]
ServerField: TypeAlias = tuple[int, Attribute]
"""A field as one of the server's objects shows it: the object's view, and the field."""


def is_attribute(name: object) -> TypeGuard[Attribute]:
    """Whether a name is that of one of the two fields."""
    return name in {"vm_state", "task_state"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """Anything at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One value that is known."""

    value: Hashable
    read_from: Attribute | None = None
    """The server's field it was read from while that could have been something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OneOf:
    """One of several values; which one is decided elsewhere (stored earlier, sent by a user)."""

    values: frozenset[Hashable]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchanged:
    """The value a field of a server had when it was read, where that could be any or one of many."""

    view: int
    attribute: Attribute


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownItems:
    """A list or tuple whose items are known."""

    items: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs:
    """A dictionary as far as its constant keys are known."""

    items: tuple[tuple[Hashable, Value], ...]
    complete: bool = True
    """False: it may have other keys too."""

    def get(self, key: Hashable) -> Value | None:
        """The value under `key`, None if it is not known to be there."""
        return next((value for name, value in self.items if name == key), None)

    def having(self, key: Hashable, value: Value) -> Pairs:
        """The same with `key` set to `value`."""
        others = tuple(item for item in self.items if item[0] != key)
        return Pairs(items=(*others, (key, value)), complete=self.complete)


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceRef:
    """An Instance object: one of the views of the server in the world."""

    view: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceListRef:
    """Instances out of a query: each is a server of its own in these states."""

    states: StateSet
    condition: Selected | None = None
    """What else the query asks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Many:
    """Some number of values that are all like `item`."""

    item: Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """A server's system_metadata, in which one operation leaves a state for another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Class:
    """A class of the tree."""

    path: str
    name: str
    module: Module = field(compare=False, repr=False)
    node: ast.ClassDef = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """An object of a class of the tree, with the attributes its constructor gave it."""

    kind: Class
    attributes: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """The attribute `name`, None if it was not given."""
        return next((value for key, value in self.attributes if key == name), None)

    def having(self, name: str, value: Value) -> Record:
        """The same with an attribute set."""
        others = tuple(item for item in self.attributes if item[0] != name)
        return Record(kind=self.kind, attributes=(*others, (name, value)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Routine:
    """A function, method or lambda of the tree, bound to its object and to the names around it."""

    path: str
    line: int
    name: str
    """Qualified, "ComputeManager.stop_instance"."""
    owner: Value | None
    closure: tuple[tuple[str, Value], ...] = ()
    bare: bool = False
    """True: its decorators are already accounted for."""
    module: Module = field(compare=False, repr=False)
    node: Function | ast.Lambda = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """A callable with some arguments already given."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remote:
    """A message to another service: `cast` does not wait, `call` does."""

    waits: bool
    path: str
    """The rpcapi module that sends it."""
    kind: str
    """The rpcapi class that sends it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method of an object that the interpreter models itself."""

    owner: Value
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """An exception: of a known class, one of several, or any but the excluded ones."""

    name: str | None
    """Dotted name; None: what somebody else's code may raise."""
    excluded: frozenset[str] = frozenset()
    among: tuple[str, ...] = ()
    """Dotted names of which it is one; empty where not even that is known."""
    alien: frozenset[str] = frozenset()
    """Excluded as well, but named among those of a handler that may run for another of its classes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reraise:
    """The object of excutils.save_and_reraise_exception."""

    active: bool


Value: TypeAlias = (
    Unknown
    | Known
    | OneOf
    | Unchanged
    | KnownItems
    | Pairs
    | InstanceRef
    | InstanceListRef
    | Many
    | Metadata
    | Class
    | Record
    | Routine
    | Partial
    | Remote
    | Method
    | Raised
    | Reraise
    | External
    | ModuleReference
)

UNKNOWN = Unknown()
NONE = Known(value=None)


CALLABLE = (Routine, Partial)


def lift(value: object) -> Value:  # noqa: PLR0911 - one return a kind of value
    """A value that was computed from source (`evaluation.evaluate`) as the interpreter holds it."""
    if isinstance(value, list | tuple):
        return KnownItems(items=tuple(lift(item) for item in value))
    if isinstance(value, set | frozenset):
        return KnownItems(items=tuple(lift(item) for item in sorted(value, key=repr)))
    if isinstance(value, dict):
        return Pairs(items=tuple((key, lift(item)) for key, item in value.items()))
    if isinstance(value, ClassReference):
        return Class(path=value.module.path, name=value.name, module=value.module, node=value.node)
    if isinstance(value, FunctionReference):
        return Routine(
            path=value.module.path,
            line=value.node.lineno,
            name=f"{value.bound_to.name}.{value.name}" if value.bound_to else value.name,
            owner=None,
            module=value.module,
            node=value.node,
        )
    if isinstance(value, External | ModuleReference):
        return value
    if isinstance(value, str | int | float | bool | bytes | None):
        return Known(value=value)
    return UNKNOWN


def constants(value: Value) -> frozenset[Hashable] | None:
    """The constants that `value` can be, None if it can be something else."""
    if isinstance(value, Known):
        return frozenset({value.value})
    if isinstance(value, OneOf):
        return value.values
    return None


def members(value: Value) -> frozenset[Hashable] | None:
    """What a container of constants holds; a single constant counts as holding itself. None: not known."""
    if isinstance(value, KnownItems):
        found = [constants(item) for item in value.items]
        known = [one for one in found if one is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    if isinstance(value, Pairs):
        return frozenset(key for key, _ in value.items) if value.complete else None
    return constants(value)


def truth(value: Value) -> bool | None:
    """Whether a test of `value` succeeds; None: cannot be told."""
    if isinstance(value, Known):
        return bool(value.value)
    if isinstance(value, OneOf):
        found = {bool(one) for one in value.values}
        return found.pop() if len(found) == 1 else None
    if isinstance(value, KnownItems):
        return bool(value.items)
    if isinstance(value, Pairs):
        return True if value.items else None
    if isinstance(value, InstanceRef | Class | Record | Routine | Partial | Method | Raised | ModuleReference):
        return True
    return None


def join(values: Iterable[Value]) -> Value:
    """What is known of a variable that is one of `values`."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return distinct[0]
    found = [constants(value) for value in distinct]
    known = [one for one in found if one is not None]
    if len(known) == len(found):
        return OneOf(values=frozenset().union(*known))
    first, *others = distinct
    if isinstance(first, Record) and all(isinstance(one, Record) and one.kind == first.kind for one in others):
        records = [one for one in distinct if isinstance(one, Record)]
        return replace(first, attributes=tuple(a for a in first.attributes if all(a in r.attributes for r in records)))
    return UNKNOWN

"""What Python itself can do with plain values, as far as definitions of states use it: one table a sort of operation.

Each operation is bounded by its arguments: none makes much out of little, so that a hostile source cannot.
"""

from __future__ import annotations

import operator
import re
import string
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

PyValue: TypeAlias = Any
"""A Python constant or container, or a reference of the evaluator."""

_PLAIN_PERCENT = re.compile(r"%(?:\(\w+\))?[sdr%]")


def percent(text: PyValue, values: PyValue) -> PyValue:
    """`text % values` without widths, or a remainder of numbers."""
    if isinstance(text, str) and "%" in _PLAIN_PERCENT.sub("", text):
        raise ValueError(text)
    return text % values


def _formatted(text: str, *values: PyValue, **named: PyValue) -> str:
    """`str.format` of plain fields without widths."""
    for _, field, width, _ in string.Formatter().parse(text):
        if width or (field and not field.isidentifier() and not field.isdigit()):
            raise ValueError(text)
    return text.format(*values, **named)


def _chained(*parts: Iterable[PyValue]) -> list[PyValue]:
    return [item for part in parts for item in part]


BUILTINS: dict[str, Callable[..., PyValue]] = {
    "bool": bool,
    "dict": dict,
    "enumerate": lambda items, start=0: list(enumerate(items, start)),
    "frozenset": frozenset,
    "int": int,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "repr": repr,
    "reversed": lambda items: list(reversed(items)),
    "set": set,
    "sorted": sorted,
    "str": str,
    "sum": sum,
    "tuple": tuple,
    "zip": lambda *parts: list(zip(*parts, strict=False)),
}

TYPES: frozenset[str] = frozenset({"bool", "dict", "frozenset", "int", "list", "set", "str", "tuple"})
"""Built-ins that are types: `isinstance` asks for them."""

EXTERNALS: dict[str, Callable[..., PyValue]] = {
    "collections.OrderedDict": dict,
    "copy.copy": lambda value: value.copy() if isinstance(value, dict | list | set) else value,
    "itertools.chain": _chained,
    "itertools.chain.from_iterable": lambda parts: _chained(*parts),
    "operator.contains": lambda container, item: item in container,
    "operator.eq": operator.eq,
    "operator.ne": operator.ne,
    "six.iteritems": lambda table: list(table.items()),
    "six.text_type": str,
    "types.MappingProxyType": dict,
}
"""Functions of the standard library that do nothing but compute."""

METHODS: dict[tuple[Any, str], Callable[..., PyValue]] = {
    (kind, name): getattr(kind, name)
    for kind, names in {
        dict: ("copy", "get", "items", "keys", "values"),
        frozenset: (
            *("copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset"),
            *("symmetric_difference", "union"),
        ),
        list: ("copy", "count", "index"),
        set: (
            *("copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset"),
            *("symmetric_difference", "union"),
        ),
        str: (
            *("capitalize", "endswith", "join", "lower", "lstrip", "partition", "rpartition", "rstrip"),
            *("split", "startswith", "strip", "title", "upper"),
        ),
        tuple: ("count", "index"),
    }.items()
    for name in names
} | {
    (str, "format"): _formatted,
    (dict, "__contains__"): dict.__contains__,
    (frozenset, "__contains__"): frozenset.__contains__,
    (list, "__contains__"): list.__contains__,
    (set, "__contains__"): set.__contains__,
    (tuple, "__contains__"): tuple.__contains__,
}

CHANGES: dict[tuple[type, str], Callable[..., PyValue]] = {
    (kind, name): getattr(kind, name)
    for kind, names in {
        dict: ("clear", "pop", "setdefault", "update"),
        list: ("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"),
        set: (
            *("add", "clear", "difference_update", "discard", "intersection_update", "remove"),
            *("symmetric_difference_update", "update"),
        ),
    }.items()
    for name in names
}
"""Methods that change what they are called on."""

BINARY: dict[str, Callable[[PyValue, PyValue], PyValue]] = {
    "Add": operator.add,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "FloorDiv": operator.floordiv,
    "Mod": percent,
    "Mult": operator.mul,
    "Sub": operator.sub,
}
"""Operator of a syntax tree, by its name → what it does."""

UNARY: dict[str, Callable[[PyValue], PyValue]] = {
    "Invert": operator.invert,
    "UAdd": operator.pos,
    "USub": operator.neg,
}


def _contains(item: PyValue, container: PyValue) -> bool:
    return item in container


COMPARE: dict[str, Callable[[PyValue, PyValue], bool]] = {
    "Eq": operator.eq,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": _contains,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "Lt": operator.lt,
    "LtE": operator.le,
    "NotEq": operator.ne,
    "NotIn": lambda item, container: not _contains(item, container),
}

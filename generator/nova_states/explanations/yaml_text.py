"""Reads the YAML that people write: one loader, and one line with the place for whatever is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from nova_states.errors import InputError

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where PyYAML was built with it: ten times faster, the same result."""
_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def read_yaml(path: Path, where: str) -> dict[str, Any]:
    """The mapping that a file holds.

    Args:
        path: The file.
        where: What an error calls it.

    Raises:
        InputError: it cannot be read, is not YAML, or holds something else.
    """
    return mapping_of(text_of(path, where), where)


def mapping_of(text: str, where: str) -> dict[str, Any]:
    """The mapping that the text of a file holds.

    Raises:
        InputError: it is not YAML, or holds something else.
    """
    found = _parse(text, where)
    if not isinstance(found, dict):
        raise InputError(f"{where}: needs a mapping of names to what is said of them")
    return found


def text_of(path: Path, where: str) -> str:
    """The text of a file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _not_yaml(where, error) from error
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {error.strerror or error}") from error


def compose_yaml(path: Path, where: str) -> yaml.Node | None:
    """What a file says as nodes, which know their lines; None for an empty file.

    Raises:
        InputError: it cannot be read, or is not YAML.
    """
    try:
        return yaml.compose(text_of(path, where), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _not_yaml(where, error) from error


def read_front_matter(text: str, where: str) -> dict[str, Any]:
    """The mapping at the head of a page of prose; empty where there is none.

    Raises:
        InputError: it is not YAML.
    """
    front = _FRONT_MATTER.match(text)
    found = _parse(front[1], f"{where}: front matter") if front else None
    return found if isinstance(found, dict) else {}


def key_lines(text: str, where: str) -> dict[str, int]:
    """The keys at the head of a page of prose, each with its line in the file; empty where there is no head.

    Raises:
        InputError: it is not YAML.
    """
    return {str(key.value): _line(key) for key, _ in _head_nodes(text, where)}


def item_lines(text: str, where: str, key: str) -> tuple[int, ...]:
    """The line in the file of each item of a list at the head of a page of prose; none where it is no list.

    Raises:
        InputError: it is not YAML.
    """
    lists = [value for name, value in _head_nodes(text, where) if name.value == key]
    return tuple(_line(item) for value in lists if isinstance(value, yaml.SequenceNode) for item in value.value)


def _head_nodes(text: str, where: str) -> list[tuple[yaml.Node, yaml.Node]]:
    front = _FRONT_MATTER.match(text)
    try:
        root = yaml.compose(front[1], Loader=_LOADER) if front else None
    except yaml.YAMLError as error:
        raise _not_yaml(f"{where}: front matter", error) from error
    return root.value if isinstance(root, yaml.MappingNode) else []


def _line(node: yaml.Node) -> int:
    """A node's line in the page: the head begins on its second, and YAML counts from none."""
    return int(node.start_mark.line) + 2


def _parse(text: str, where: str) -> object:
    try:
        return _LOADER(text).get_single_data()
    except yaml.YAMLError as error:
        raise _not_yaml(where, error) from error


def _not_yaml(where: str, error: Exception) -> InputError:
    return InputError(f"{where}: not YAML: {' '.join(str(error).split())}")

"""What CONTRIBUTING.md promises about the code's shape, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator" / "nova_states"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAY_IMPORT = {
    "errors": set[str](),
    "memo": set[str](),
    "locations": {"errors"},
    "facts": {"errors"},
    "source": {"errors", "locations"},
    "introspection": {"errors", "memo", "locations", "facts", "source"},
    "catalog": {"errors", "memo", "facts"},
    "explanations": {"errors", "locations", "facts", "catalog"},
    "stories": {"errors", "facts", "catalog", "explanations"},
    "lookup": {"errors", "memo", "locations", "facts", "catalog", "explanations", "stories"},
    "cloud": {"__version__", "errors", "lookup"},
    "documents": {"facts", "catalog"},
    "pages": {"errors", "facts", "catalog", "explanations", "stories", "lookup"},
    "rendering": {"errors", "facts", "catalog", "explanations", "lookup", "pages"},
    "site": {"errors", "facts", "catalog", "explanations", "stories", "lookup", "pages", "rendering"},
    "cli": {
        *("__version__", "errors", "locations", "facts", "source", "introspection", "catalog"),
        *("explanations", "stories", "lookup", "cloud", "documents", "pages", "rendering", "site"),
    },
    "interface": {"errors", "explanations", "lookup"},
    "__init__": {"interface"},
    "__main__": {"cli"},
}
"""Part of the package → the parts it may import; what imports point to never points back."""

ONLY_IN = {
    **dict.fromkeys(("subprocess", "urllib", "http", "socket", "ssl", "zipfile", "tarfile"), "source"),
    **dict.fromkeys(("keystoneauth1", "openstack", "requests"), "cloud"),
    **dict.fromkeys(("cliff", "openstackclient", "osc_lib"), "cli"),
    "jinja2": "rendering",
    "mkdocs": "site",
}

LONGEST = 350
"""Lines of a module; about 300 are meant."""
LONG = {
    "facts/model.py": "the shapes of all facts, and nothing but shapes",
    "introspection/constant_evaluator.py": "one small reader for each sort of expression, each calling the others",
    "introspection/guards.py": "a class is guarded in four ways, each read by the same reader",
    "introspection/statement_runner.py": "one function for each sort of statement, each calling the others",
    "introspection/reactions/caller.py": "one method a kind of call, each handing on to the others",
    "introspection/reactions/follower.py": "one small method a kind of statement, each calling the others",
    "introspection/symbols.py": "one class for each sort of value that only a server can tell",
    "introspection/interpreter/statements.py": "one function for each sort of statement, each calling the others",
    "lookup/explainer.py": "an answer about a server, one small method a key of it",
    "pages/models.py": "the shapes of all pages, and nothing but shapes",
}
"""Modules that may be longer, with the reason."""

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
WORKPLACES = re.compile(r"(?<![\w.])/(?:work|tmp|home/\w+|root)/\w")


def dataclasses(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Name of each dataclass, and what its decorator is given."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", None) == "dataclass":
                given = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in decorator.keywords}
                yield f"{path.name}: {node.name}", given


def test_dataclasses_are_keyword_only_and_those_that_hold_data_frozen_and_slotted() -> None:
    found = dict(pair for path in MODULES for pair in dataclasses(path))
    assert len(found) > 1
    assert [name for name, given in found.items() if given.get("kw_only") is not True] == []
    # What keeps a cache is neither; whoever says one of the two means it.
    assert [name for name, given in found.items() if given.get("frozen", True) is not True] == []
    assert [name for name, given in found.items() if given.get("slots", "frozen" not in given) is not True] == []


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Dotted names of the modules a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}:{node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("nova_states.")}
    assert parts - {part} <= MAY_IMPORT.get(part, set())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_world_is_touched_in_one_place(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(path)}
    assert {ONLY_IN[name] for name in outside & ONLY_IN.keys()} <= {part_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_why_it_exists_and_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= LONGEST or name_of(path) in LONG


def test_exceptions_are_of_modules_that_exist() -> None:
    assert LONG.keys() <= {name_of(path) for path in MODULES}
    assert MAY_IMPORT.keys() >= {part_of(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_named_for_what_it_does(path: Path) -> None:
    assert not EMPTY_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


def test_nothing_of_a_workplace_is_left_in_the_text() -> None:
    kept = [
        path for folder in ("generator", "tests", "templates", "docs") for path in sorted((ROOT / folder).rglob("*"))
    ]
    kinds = {".py", ".toml", ".yml", ".yaml", ".md", ".js", ".css", ".html", ".jinja", ".jsonl", ".txt", ".json"}
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in kept
        if path.suffix in kinds and path.is_file()
        for match in [WORKPLACES.search(path.read_text(encoding="utf-8"))]
        if match
    ]
    assert not found

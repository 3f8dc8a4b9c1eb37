"""How much of the code the tests notice: changes one small thing at a time in a copy, and runs the tests about it.

    .venv/bin/python benchmarks/mutation.py --count 30 --seed 1

A change is drawn from all comparisons, `and`/`or`, `not`, small numbers and `True`/`False` of the package. Where the
tests of the same part pass, all default tests are run (without a browser); what passes those as well is printed with
its place: it is either no change of what the code does, or a test that is missing. `--near` stops at the tests of the
same part, which is quicker and stricter.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = Path("generator/nova_states")
COPIED = (
    *("generator", "tests", "docs", "templates", "benchmarks", ".github", ".ci"),
    *(
        "mkdocs.yml",
        "setup.py",
        "MANIFEST.in",
        "requirements.lock",
        "LICENSE",
        "pyproject.toml",
        "Makefile",
        "README.md",
        "README.ko.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ),
)
ABOUT = {"explanations": ("lookup", "cli"), "catalog": ("catalog", "pages"), "pages": ("pages", "rendering")}
"""Part of the package → folders of tests that are about it, where they are not of the same name alone."""
WITHOUT_BROWSER = tuple(
    f"--ignore=tests/site/test_{name}.py" for name in ("built_site", "in_browser", "lookup", "matrix", "queries")
)
PATIENCE = 900
"""Seconds after which a change is taken to have made a loop without end."""

_OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """One expression of a module, and what stands in its place."""

    path: Path
    node: ast.expr
    other: ast.expr

    def __str__(self) -> str:
        return f"{self.path}:{self.node.lineno}: {ast.unparse(self.node)}  →  {ast.unparse(self.other)}"

    def applied(self, text: str) -> str:
        """The module's text with the change in it."""
        lines = text.encode().splitlines(keepends=True)
        first, last = self.node.lineno - 1, (self.node.end_lineno or self.node.lineno) - 1
        before = b"".join(lines[:first]) + lines[first][: self.node.col_offset]
        after = lines[last][self.node.end_col_offset :] + b"".join(lines[last + 1 :])
        return (before + f"({ast.unparse(self.other)})".encode() + after).decode()


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change of a module that can be drawn."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    # Inside an f-string, positions are not those of the text; what decorates a dataclass is looked after by a test.
    left: list[ast.expr] = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    left += [each for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for each in node.decorator_list]
    inside = {id(part) for node in left for part in ast.walk(node)}
    for node in ast.walk(tree):
        other = _other(node)
        if other is not None and isinstance(node, ast.expr) and id(node) not in inside:
            yield Mutant(path=path, node=node, other=other)


def _other(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=comparators) if type(operator) in _OTHER:
            return ast.Compare(left=left, ops=[_OTHER[type(operator)]()], comparators=comparators)
        case ast.BoolOp(op=operator, values=values):
            return ast.BoolOp(op=ast.Or() if isinstance(operator, ast.And) else ast.And(), values=values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Constant(value=bool(value)):
            return ast.Constant(value=not value)
        case ast.Constant(value=int(value)):
            return ast.Constant(value=value + 1)
    return None


def tests_about(mutant: Mutant) -> list[str]:
    """The folders of tests that are about a change's part of the package."""
    part = mutant.path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return [f"tests/{name}" for name in ABOUT.get(part, (part,)) if (ROOT / "tests" / name).is_dir()]


def is_noticed(mutant: Mutant, copy: Path, tests: list[list[str]]) -> bool:
    """Whether any test fails with the change; the sets of tests are tried in turn."""
    file = copy / mutant.path
    text = file.read_text(encoding="utf-8")
    file.write_text(mutant.applied(text), encoding="utf-8")
    try:
        return not all(passes(copy, *some) for some in tests if some)
    finally:
        file.write_text(text, encoding="utf-8")


def passes(copy: Path, *tests: str) -> bool:
    """Whether tests pass in the copy."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        *WITHOUT_BROWSER,
        *tests,
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy / "generator"), "XDG_CACHE_HOME": str(copy / "cache")}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> None:
    """Draw changes, try each, and print the share that was noticed and the changes that were not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30, help="changes to draw (default: 30)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same changes")
    parser.add_argument("--near", action="store_true", help="run only the tests of the same part of the package")
    options = parser.parse_args()
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / PACKAGE).rglob("*.py"))
    found = [mutant for path in paths for mutant in mutants(path)]
    drawn = random.Random(options.seed).sample(found, options.count)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        every = [] if options.near else ["tests"]
        near = sorted({folder for mutant in drawn for folder in tests_about(mutant)})
        if not passes(copy, *(every or near)):
            sys.exit("the tests fail without any change; mend that first")
        noticed = 0
        for mutant in drawn:
            is_seen = is_noticed(mutant, copy, [tests_about(mutant), every])
            noticed += is_seen
            print(f"{'noticed ' if is_seen else 'SURVIVED'} {mutant}", flush=True)
    print(f"{noticed} of {len(drawn)} noticed, drawn from {len(found)} (seed {options.seed})")


if __name__ == "__main__":
    main()

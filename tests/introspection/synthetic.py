"""Nova in miniature: a case file brings a few lines of source and says what must be read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.errors import InputError
from nova_states.introspection.modules import Modules
from nova_states.source.tree import Origin, blob_id


@dataclass(frozen=True, kw_only=True, slots=True)
class SyntheticTree:
    """A `SourceTree` of files written in a case."""

    sources: Mapping[str, str]
    version: str | None = None

    @property
    def origin(self) -> Origin:
        return Origin(kind="directory", reference=None, digest=None, date=None)

    def blob(self, path: str) -> str | None:
        return blob_id(self.sources[path].encode()) if path in self.sources else None

    def read(self, path: str) -> bytes:
        if path not in self.sources:
            raise InputError(f"{path}: not in this case")
        return self.sources[path].encode()

    def files(self, folder: str) -> Sequence[str]:
        return sorted(path for path in self.sources if path.startswith(f"{folder}/"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    modules: Modules
    expected: list[Any]
    gaps: list[str]


def cases(folder: Path) -> list[Any]:
    """The case files of `folder`, for `pytest.mark.parametrize`."""
    return [pytest.param(path, id=path.stem) for path in sorted(folder.glob("*.yml"))]


def load_case(path: Path) -> Case:
    """Read `files` (path → source), `expected` and `gaps`.

    Files of a `_base.yaml` beside it are there as well; a path with a plus sign before it adds to such a file's end.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    base = path.with_name("_base.yaml")
    sources = yaml.safe_load(base.read_text(encoding="utf-8")) if base.exists() else {}
    for name, text in content["files"].items():
        place = name.removeprefix("+")
        sources[place] = sources[place] + text if name != place else text
    tree = SyntheticTree(sources=sources)
    return Case(modules=Modules(tree=tree), expected=content["expected"], gaps=content.get("gaps", []))

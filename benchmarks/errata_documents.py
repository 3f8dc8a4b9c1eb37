"""Looks up again which releases of Nova state what the errata say of its documents, and compares it with what they say.

The errata (docs/errata) keep beside each statement the releases whose document has it. A wheel of Nova carries no
documents, so that this needs a clone of Nova; releases that it has no tag of can be given as folders. It prints the
statements that are found elsewhere than they say, and ends with exit status 1 if there are any:

    .venv/bin/python benchmarks/errata_documents.py ~/nova
    .venv/bin/python benchmarks/errata_documents.py ~/nova 34.0.0=~/nova-34.0.0
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.version_spans import stretches
from nova_states.explanations.errata import ErrataFile, Erratum, load_errata, stated_in

ROOT = Path(__file__).parent.parent

Reader = Callable[[str, str], str | None]
"""Takes a version and a path; None: there is no such file in it."""


def main(repository: Path, folders: Mapping[str, Path]) -> int:
    """Print what differs; see above."""
    catalog = load_catalog()
    tags = set(_git(repository, "tag").split())
    versions = [version for version in catalog.versions if version in tags or version in folders]
    read = reader(repository, folders)
    wrong = 0
    for file in load_errata(ROOT / "docs"):
        for erratum in file.document.errata:
            found = {version for version in versions if states(file, erratum, version, read)}
            if not has_section(file, erratum, max(found, key=versions.index, default=""), read):
                wrong += 1
                print(f"{file.place(erratum)}: {erratum.section}: the document has no such heading")
            if found != stated_in(catalog, erratum) & set(versions):
                wrong += 1
                print(f"{file.place(erratum)}: stated in {stretches(found, versions)}")
    print(f"{len(versions)} of {len(catalog.versions)} releases looked at, {wrong} errata differ")
    return int(wrong > 0)


def states(file: ErrataFile, erratum: Erratum, version: str, read: Reader) -> bool:
    """Whether a release's document has the statement."""
    text = read(version, file.document.path_at(version))
    return text is not None and re.search(erratum.found_by, " ".join(text.split())) is not None


def has_section(file: ErrataFile, erratum: Erratum, version: str, read: Reader) -> bool:
    """Whether the document has a line that is the heading which the statement stands below."""
    text = read(version, file.document.path_at(version)) if version else None
    return text is not None and erratum.section in text.splitlines()


def reader(repository: Path, folders: Mapping[str, Path]) -> Reader:
    """What reads a document of a version, from a folder where one is given, else at its tag."""

    @cache
    def read(version: str, path: str) -> str | None:
        if version in folders:
            file = folders[version] / path
            return file.read_text(encoding="utf-8") if file.is_file() else None
        if not _git(repository, "ls-tree", version, path):
            return None
        return _git(repository, "show", f"{version}:{path}")

    return read


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


if __name__ == "__main__":
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    sys.exit(main(Path(sys.argv[1]).expanduser(), {version: Path(path) for version, path in given.items()}))

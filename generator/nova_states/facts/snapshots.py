"""The committed facts: what is known of every version, stored once for all versions that share it.

Three JSON Lines files a kind (a fact or a document a line, sorted, so that a new release is a small diff):

- `rows.jsonl`: every distinct fact, without line numbers, in the order of what it says, so that a fact that changed
  stands beside the one it replaces; behind it an id made of its content.
- `paths.jsonl`: every distinct list of files that facts of the kind were read from.
- `documents.jsonl`: what was read from one set of file contents: ids of rows with their lines, gaps and counts, under a
  key made of the files' git blob ids. Versions whose files are equal share the document. Where nearly every version has
  one of its own, it is written as the difference to the one before (`document_rows.py`), in the order of versions.

`versions.jsonl` names for each version its origin and its documents; `extractor.txt` the code that read them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nova_states.errors import InputError
from nova_states.facts.atomic_files import read_current, write_together
from nova_states.facts.codec import (
    canonical,
    from_plain,
    lines_of,
    places_in,
    to_json,
    to_plain,
    with_lines,
    without_lines,
)
from nova_states.facts.document_rows import Row, difference, rows_of_documents
from nova_states.facts.ids import content_id
from nova_states.facts.json_value import Json
from nova_states.facts.model import KINDS, Count, Fact, Gap, Section
from nova_states.facts.releases import sort_versions

DATA = Path(__file__).parent / "data"
BY_DIFFERENCE = frozenset(
    {
        "errors",
        "raise_sites",
        "fault_causes",
        "refusals",
        "translations",
        "log_messages",
        "migration_statuses",
        "events",
    }
)
"""Kinds of which nearly every version has a document of its own."""
_VERSIONS = "versions.jsonl"
_EXTRACTOR = "extractor.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where the facts of a version were read from."""

    kind: str
    """"git", "pypi" or "directory"."""
    reference: str | None
    """Tag, or file name of the wheel."""
    digest: str | None
    """Commit id, or sha256 of the wheel."""
    date: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One release: where it was read from, and the key of its document of each kind."""

    version: str
    source: Source
    documents: dict[str, str]
    """Kind of fact → key of its document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """Facts of one kind read from one set of file contents."""

    key: str
    paths: str
    """Id of the list of files in `paths.jsonl`."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Row id and lines of each fact, in the order of the facts."""
    gaps: tuple[Gap, ...]
    counts: tuple[Count, ...]


@dataclass(kw_only=True)
class Snapshots:
    """All stored facts, read kind by kind when first asked for; new versions can be added."""

    folder: Path = DATA
    extractor: str | None = None
    """Digest of the code that read the facts; None where none are stored."""
    versions: dict[str, Version] = field(default_factory=dict)
    _rows: dict[str, dict[str, Fact]] = field(default_factory=dict)
    _documents: dict[str, dict[str, Document]] = field(default_factory=dict)
    _paths: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _lined: dict[tuple[str, str, tuple[int, ...]], Fact] = field(default_factory=dict)
    """Facts with lines, by kind, row and lines: most stand where they stood in the release before."""

    def rows(self, kind: str) -> dict[str, Fact]:
        """Row id → fact without lines."""
        self._load(kind)
        return self._rows[kind]

    def document(self, kind: str, version: str) -> Document:
        """The document that holds what is known of a version.

        Raises:
            InputError: the version, or its facts of this kind, are not stored.
        """
        self._load(kind)
        try:
            return self._documents[kind][self.versions[version].documents[kind]]
        except KeyError as error:
            raise InputError(f"no {kind} of {version} are stored; `nova-states extract` reads them") from error

    def section(self, kind: str, version: str) -> Section[Any]:
        """All facts of one kind in one version, with lines.

        Raises:
            InputError: they are not stored, or their document does not fit the stored rows.
        """
        return self._section(kind, self.document(kind, version))

    def section_of(self, kind: str, key: str) -> Section[Any]:
        """All facts of one kind in the document of a key.

        Raises:
            InputError: the document does not fit the stored rows.
        """
        self._load(kind)
        return self._section(kind, self._documents[kind][key])

    def _section(self, kind: str, document: Document) -> Section[Any]:
        rows, lined = self.rows(kind), self._lined
        facts = []
        try:
            for row, lines in document.rows:
                place = (kind, row, lines)
                if place not in lined:
                    lined[place] = with_lines(rows[row], lines)
                facts.append(lined[place])
        except (KeyError, ValueError) as error:
            where = f"{kind}/documents.jsonl: {document.key}"
            raise InputError(f"{where}: does not fit rows.jsonl ({error}); run `nova-states extract`") from error
        return Section(facts=tuple(facts), gaps=document.gaps, counts=document.counts)

    def find(self, kind: str, blob: Callable[[str], str | None]) -> Document | None:
        """The document read from files of the same content as those `blob` tells, if there is one."""
        self._load(kind)
        for identity, paths in self._paths[kind].items():
            document = self._documents[kind].get(document_key(identity, {path: blob(path) for path in paths}))
            if document is not None:
                return document
        return None

    def add(self, kind: str, reads: Mapping[str, str | None], section: Section[Any]) -> Document:
        """Store what was read from some files.

        Args:
            kind: One of `KINDS`.
            reads: Path of each file that was asked for → id of its git blob; None: the tree has no such file.
            section: What was read, with gaps and counts.

        Returns:
            The document, whose key a version names.
        """
        self._load(kind)
        paths = tuple(sorted(reads))
        identity = content_id("\n".join(paths))
        self._paths[kind][identity] = paths
        rows = tuple((self._add_row(kind, fact), lines_of(fact)) for fact in section.facts)
        key = document_key(identity, reads)
        document = Document(key=key, paths=identity, rows=rows, gaps=section.gaps, counts=section.counts)
        self._documents[kind][key] = document
        return document

    def _add_row(self, kind: str, fact: Fact) -> str:
        row = without_lines(fact)
        identity = content_id(canonical(to_plain(row)))
        self._rows[kind][identity] = row
        return identity

    def save(self) -> None:
        """Write all files, without rows, documents and paths that no version uses any more.

        Raises:
            InputError: they cannot be written; then all of them are as they were.
        """
        used = {kind: {v.documents[kind] for v in self.versions.values() if kind in v.documents} for kind in KINDS}
        files: dict[str, Iterable[object]] = {
            _VERSIONS: [to_plain(self.versions[name]) for name in sort_versions(self.versions)]
        }
        for kind in KINDS:
            self._load(kind)
            documents = [self._documents[kind][key] for key in self._in_order(kind, used[kind])]
            rows = {identity for document in documents for identity, _ in document.rows}
            paths = {document.paths for document in documents}
            if not documents and read_current(self.folder, f"{kind}/documents.jsonl") is None:
                continue  # facts that an older program stored lack the kind
            bases = [None, *documents] if kind in BY_DIFFERENCE else [None] * len(documents)
            files[f"{kind}/documents.jsonl"] = list(map(_compact, documents, bases))
            files[f"{kind}/rows.jsonl"] = [
                [_stored(self._rows[kind][i]), i] for i in sorted(rows, key=lambda i: (_order(self._rows[kind][i]), i))
            ]
            files[f"{kind}/paths.jsonl"] = [[i, self._paths[kind][i]] for i in sorted(paths)]
        texts = {name: "".join(f"{canonical(line)}\n" for line in lines) for name, lines in files.items()}
        write_together(self.folder, texts | {_EXTRACTOR: f"{self.extractor}\n"})

    def _in_order(self, kind: str, keys: Collection[str]) -> list[str]:
        """Keys of documents as they are written: sorted, or by the first version that has each."""
        if kind not in BY_DIFFERENCE:
            return sorted(keys)
        versions = (self.versions[name].documents for name in sort_versions(self.versions))
        return list(dict.fromkeys(documents[kind] for documents in versions if kind in documents))

    def _load(self, kind: str) -> None:
        if kind in self._rows:
            return
        shape: Any = KINDS[kind]
        self._rows[kind] = {
            identity: from_plain(_with_line_zero(row), shape, where)
            for where, row, identity in _pairs(self.folder, f"{kind}/rows.jsonl", id_first=False)
        }
        self._paths[kind] = {
            identity: from_plain(paths, tuple[str, ...], where)
            for where, identity, paths in _pairs(self.folder, f"{kind}/paths.jsonl", id_first=True)
        }
        written = _lines(self.folder, f"{kind}/documents.jsonl")
        read = rows_of_documents(written)
        self._documents[kind] = {
            document.key: document for where, line in written if (document := _document(line, read, where))
        }


def empty_snapshots(folder: Path = DATA) -> Snapshots:
    """No facts at all, to be written to `folder` in place of what is there."""
    none: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    return Snapshots(folder=folder, _rows=none, _documents=deepcopy(none), _paths=deepcopy(none))


def load_snapshots(folder: Path = DATA) -> Snapshots:
    """The stored facts below `folder`; empty where there are none yet.

    Raises:
        InputError: a file does not fit its shape, with file, line and place.
    """
    read = [from_plain(_without_floors(line), Version, where) for where, line in _lines(folder, _VERSIONS)]
    versions = {version.version: version for version in read}
    digest = read_current(folder, _EXTRACTOR)
    return Snapshots(folder=folder, extractor=digest.strip() if digest is not None else None, versions=versions)


def _without_floors(line: Any) -> Any:  # noqa: ANN401 - JSON
    """A version without what earlier code stored with it: how much was ever read of it."""
    return {key: value for key, value in line.items() if key != "most_read"} if isinstance(line, dict) else line


def document_key(paths: str, blobs: Mapping[str, str | None]) -> str:
    """Key of what is read from these file contents: paths and blob ids decide it, nothing else."""
    return content_id("\n".join([paths, *(f"{path} {blobs[path]}" for path in sorted(blobs))]))


def _lines(folder: Path, name: str) -> list[tuple[str, Any]]:
    """Place and value of each line of a JSON Lines file; none if there is no file."""
    found: list[tuple[str, Any]] = []
    for number, line in enumerate((read_current(folder, name) or "").splitlines(), 1):
        where = f"{name if '/' in name else f'{folder.name}/{name}'}:{number}"
        try:
            found.append((where, json.loads(line)))
        except ValueError as error:
            raise InputError(f"{where}: not JSON ({error}); restore it or run `nova-states extract`") from error
    return found


def _pairs(folder: Path, name: str, *, id_first: bool) -> Iterator[tuple[str, Any, Any]]:
    """Place and both parts of each line of a file of things with ids."""
    for where, line in _lines(folder, name):
        match line:
            case [str(), _] if id_first:
                yield where, *line
            case [_, str()] if not id_first:
                yield where, *line
            case _:
                raise InputError(f"{where}: is no pair of value and id; restore it or run `nova-states extract`")


def _compact(document: Document, base: Document | None) -> object:
    plain = to_plain(document)
    del plain["rows"]
    if base is None:
        plain["rows"] = [[row, *lines] for row, lines in document.rows]
    else:
        plain |= {"after": base.key} | difference(base.rows, document.rows)
    plain["counts"] = {count.name: [count.read, count.found] for count in document.counts}
    return plain


def _document(line: dict[str, Any], rows: dict[str, tuple[Row, ...]], where: str) -> Document:
    try:
        return Document(
            key=line["key"],
            paths=line["paths"],
            rows=rows[line["key"]],
            gaps=tuple(Gap(**gap) for gap in line["gaps"]),
            counts=tuple(Count(name=name, read=n[0], found=n[1]) for name, n in line["counts"].items()),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"{where}: not a document of facts ({error}); run `nova-states extract`") from error


def _order(row: Fact) -> str:
    """Where a row stands: by its fields in the order in which its shape names them, what it is about first.

    So a row that changed in a later field stands where the row stood that it replaces.
    """
    return canonical([to_json(getattr(row, one.name)) for one in fields(row)])


def _stored(row: Fact) -> Json:
    """A row as it is written: evidence without its line."""
    plain = to_plain(row)
    for place in places_in(plain):
        del place["line"]
    return plain


def _with_line_zero(row: Json) -> Json:
    """A row as it is read; one without evidence is left to the codec, which says so."""
    for place in places_in(row) if isinstance(row, dict) else ():
        place["line"] = 0
    return row

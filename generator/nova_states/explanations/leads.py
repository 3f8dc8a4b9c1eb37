"""From where a page of prose is reached: ids in its front matter, each of something whose page shows the way to it.

    leads_from: [task_state:deleting, action:delete, "migration_status:running (post-copy)"]

An id is a kind and a name as in docs/explanations. One that names nothing, or something that shows no way on, would be
a link that nobody ever sees. What an answer of the lookup leads to stands with its text instead (`runbook:`), for it
can lead to one only; here the two are held to each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from nova_states.errors import InputError
from nova_states.explanations.cause_texts import FOLDER as CAUSE_FOLDER
from nova_states.explanations.claims import FOLDERS
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations
from nova_states.explanations.log_texts import FOLDER as LOG_FOLDER
from nova_states.explanations.yaml_text import item_lines, key_lines, read_front_matter

RUNBOOK: Final = "runbook"
ADVICE: Final = "advice"
SHOWN_ON: Final = (
    *("power_state", "vm_state", "task_state", "status", "action"),
    *("error", "migration_status", "event", "option"),
)
"""Kinds whose pages, or rows of a page, show what they lead to."""

_TITLE: Final = re.compile(r"^# (.+?)(?: \{#[\w.:-]+\})?$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProsePage:
    """A page that people wrote, with what it is reached from."""

    folder: str
    """"runbook" or "guide"."""
    slug: str
    """Its file's name without the ending."""
    place: str
    """"docs/en/runbook/locked.md"."""
    order: int
    """Its place in the navigation."""
    titles: Mapping[str, str]
    """Language → its heading; inline Markdown (code only)."""
    leads: tuple[tuple[str, int], ...]
    """Each id that it is reached from, with its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leads:
    """All ways to pages of prose."""

    pages: Sequence[ProsePage] = ()
    runbooks: Mapping[str, str] = field(default_factory=dict)
    """Id → the runbook that its text names, which comes first."""
    _found: dict[str, tuple[ProsePage, ...]] = field(default_factory=dict, repr=False, compare=False)

    def to(self, identity: str) -> tuple[ProsePage, ...]:
        """What something leads to: the runbook of its own text, other runbooks, guides."""
        if identity not in self._found:
            self._found[identity] = self._find(identity)
        return self._found[identity]

    def _find(self, identity: str) -> tuple[ProsePage, ...]:
        own = self.runbooks.get(identity)
        found = [
            page
            for page in self.pages
            if any(lead == identity for lead, _ in page.leads) or (page.folder == RUNBOOK and page.slug == own)
        ]
        return tuple(sorted(found, key=lambda page: (page.folder != RUNBOOK, page.slug != own, page.order, page.slug)))


def load_leads(explanations: Explanations, docs: Path) -> Leads:
    """The ways that texts and front matter say there are.

    Raises:
        InputError: front matter is not YAML, or `leads_from` is no list of strings; with file and line.
    """
    runbooks = {
        f"{kind}:{explanation.name}": explanation.runbook
        for kind, named in explanations.by_kind.items()
        for explanation in named.values()
        if explanation.runbook is not None
    }
    return Leads(pages=tuple(prose_pages(docs)), runbooks=runbooks)


def prose_pages(docs: Path) -> Iterator[ProsePage]:
    """Each page of prose, in the order of their files.

    Raises:
        InputError: as `load_leads`.
    """
    for folder in FOLDERS:
        for file in sorted((docs / folder).glob("*.md")):
            yield _read(docs, file)


def _read(docs: Path, file: Path) -> ProsePage:
    place = f"docs/{file.relative_to(docs).as_posix()}"
    text = file.read_text(encoding="utf-8")
    head = read_front_matter(text, place)
    leads = head.get("leads_from") or []
    line = key_lines(text, place).get("leads_from", 1)
    if not isinstance(leads, list):
        raise InputError(f"{place}:{line}: leads_from: {leads!r} is no list of ids")
    strange = [lead for lead in leads if not isinstance(lead, str)]
    if strange:
        raise InputError(f"{place}:{line}: leads_from: {strange[0]!r} is no id; write kind:name")
    return ProsePage(
        folder=file.parent.name,
        slug=file.stem,
        place=place,
        order=int(head.get("order", 0)),
        titles=dict(_titles(docs, file)),
        leads=tuple(zip(leads, item_lines(text, place, "leads_from"), strict=True)),
    )


def _titles(docs: Path, file: Path) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        twin = docs / language / file.parent.name / file.name
        title = _TITLE.search(twin.read_text(encoding="utf-8")) if twin.is_file() else None
        if title:
            yield language, title[1]


def find_unknown_leads(explanations: Explanations, docs: Path) -> Iterator[str]:
    """Each way that leads nowhere or that nobody sees, with file, line and reason."""
    pages = tuple(prose_pages(docs))
    known = sorted(
        f"{kind}:{explanation.name}" for kind, named in explanations.by_kind.items() for explanation in named.values()
    )
    for page in pages:
        seen: set[str] = set()
        for lead, line in page.leads:
            problem = _problem(explanations, page, lead, known)
            if lead in seen:
                problem = f"{lead} stands there twice"
            if problem:
                yield f"{page.place}:{line}: leads_from: {problem}"
            seen.add(lead)
    yield from _unknown_runbooks(explanations, docs, {page.slug for page in pages if page.folder == RUNBOOK})


def _problem(explanations: Explanations, page: ProsePage, lead: str, known: Sequence[str]) -> str:
    """What is wrong with an id; empty where nothing is."""
    kind, _, name = lead.partition(":")
    if lead not in known:
        nearest = get_close_matches(lead, known, n=1)
        return f"nothing is called {lead}{f'; {nearest[0]} is near' if nearest else ''}"
    if kind == ADVICE:
        told = explanations.of(ADVICE, name).runbook
        if page.folder != RUNBOOK or told != page.slug:
            return f"the answer of {lead} leads to {told or 'no runbook'}; see docs/explanations/advice/{name}.yml"
    elif kind not in SHOWN_ON:
        return f"no page shows what {lead} leads to; pages of {', '.join(SHOWN_ON)} do"
    return ""


def _unknown_runbooks(explanations: Explanations, docs: Path, runbooks: Collection[str]) -> Iterator[str]:
    named = [
        (kind, stem, explanation.runbook)
        for kind, found in explanations.by_kind.items()
        for stem, explanation in found.items()
    ]
    named += [(LOG_FOLDER, stem, text.runbook) for stem, text in explanations.log_texts.items()]
    named += [(CAUSE_FOLDER, stem, text.runbook) for stem, text in explanations.cause_texts.items()]
    for kind, stem, runbook in named:
        if runbook is None or runbook in runbooks:
            continue
        file = Path("explanations", kind, f"{stem}.yml")
        lines = (docs / file).read_text(encoding="utf-8").splitlines() if (docs / file).is_file() else []
        line = next((number for number, text in enumerate(lines, 1) if text.startswith("runbook:")), 1)
        nearest = get_close_matches(runbook, sorted(runbooks), n=1)
        near = f"; {nearest[0]} is near" if nearest else ""
        yield f"docs/{file.as_posix()}:{line}: runbook: there is no docs/en/runbook/{runbook}.md{near}"

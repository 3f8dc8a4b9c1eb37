"""What every builder needs to write a page: facts of all releases, explanations, words, and links of one page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.named_facts import NamedFacts, named_in
from nova_states.catalog.queries import CatalogQueries
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Mark, Run
from nova_states.errors import InputError
from nova_states.explanations.condition_sentences import sentence
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.leads import Leads
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.facts.condition import Condition, to_text
from nova_states.facts.ids import fact_id
from nova_states.facts.model import Evidence, States
from nova_states.facts.releases import series_of
from nova_states.pages.components import Change, ExactCode, Link, SourceLink
from nova_states.pages.urls import Urls, address, source_line

T = TypeVar("T")


class Keep(Protocol):
    """Makes something, or returns what was made before under the key and would be made again."""

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns."""


def make_anew(key: Hashable, make: Callable[[], T]) -> T:  # noqa: ARG001 - of `Keep`
    """Keeps nothing."""
    return make()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageWords:
    """Words of the interface in one language."""

    language: str
    table: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: object) -> str:
        """The word for `key`, its placeholders filled in.

        Raises:
            InputError: there is no such word in templates/words.yml.
        """
        try:
            text = self.table[key][self.language]
        except KeyError as error:
            raise InputError(f"templates/words.yml: no {self.language} word for {key!r}; add it") from error
        return text.format(**values) if values else text

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of all languages."""
        return LANGUAGES

    def of(self, language: str) -> PageWords:
        """The same in another language."""
        return replace(self, language=language)


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """Writes for one page in one language."""

    queries: CatalogQueries
    explanations: Explanations
    words: PageWords
    urls: Urls
    leads: Leads = field(default_factory=Leads)
    """The ways to pages of prose."""
    lens: Release | None = None
    """The release that a reader looks at; None: the newest."""
    keep: Keep = make_anew
    """For a part of a page that takes long to make and reads less than the page; the key is all but explanations that
    it is made of."""
    _links: dict[tuple[str, str, str], Link] = field(default_factory=dict)
    """Of this page: the same are printed for each release."""

    @property
    def catalog(self) -> Catalog:
        """All facts."""
        return self.queries.catalog

    @property
    def language(self) -> str:
        """Code of the page's language."""
        return self.words.language

    @property
    def latest(self) -> Release:
        """The newest release."""
        return self.queries.latest

    @property
    def release(self) -> Release:
        """What a page speaks of where it does not say otherwise: the newest release, or the one looked at."""
        return self.lens or self.latest

    def on(self, page: str) -> Writer:
        """The same for another page."""
        return replace(self, urls=Urls(page=page), _links={})

    def explain(self, kind: str, name: str) -> Explanation:
        """What people wrote about a name."""
        return self.explanations.of(kind, name)

    def label(self, kind: str, name: str) -> str:
        """What people call a name."""
        return self.explain(kind, name).label[self.language]

    def summary(self, kind: str, name: str) -> str:
        """The one line on a name."""
        return self.explain(kind, name).summary[self.language]

    def said(self, condition: Condition | None, place: str) -> str:
        """A condition as a clause, "if the guest does not run"; empty where there is none.

        Args:
            condition: Of a fact.
            place: The fact's action, or its kind where it belongs to no action (`condition_coverage.place_of`).
        """
        return "" if condition is None else sentence(self.explanations.conditions, condition, place, self.language)

    def exact(self, condition: Condition) -> ExactCode:
        """A condition as Nova's code has it, one click away from its words."""
        return ExactCode(fold=self.words("exact_condition"), code=to_text(condition))

    def link(self, kind: str, name: str, anchor: str = "") -> Link:
        """A name as a link to its page."""
        key = (kind, name, anchor)
        if key not in self._links:
            href = self.urls.name(kind, name, anchor)
            self._links[key] = Link(text=name, href=href, kind=kind, title=self.label(kind, name))
        return self._links[key]

    def leads_from(self, kind: str, name: str) -> tuple[Link, ...]:
        """The pages of prose that a name leads to: runbooks first."""
        return tuple(
            Link(
                text=page.titles.get(self.language, page.slug),
                href=self.urls.to(address(page.folder, page.slug)),
                kind=page.folder,
            )
            for page in self.leads.to(fact_id(kind, name))
        )

    def task(self, name: str | None) -> Link:
        """A task_state as a link; no task is a word."""
        if name is None:
            return Link(
                text=self.words("no_task"),
                href=self.urls.to("task_state/"),
                kind="task_state",
                title=self.words("no_task_tip"),
            )
        return self.link("task_state", name)

    def states(self, kind: str, names: States) -> tuple[Link, ...]:
        """A list of states as links; none where any will do."""
        if names is None:
            return ()
        return tuple(self.task(name) if kind == "task_state" else self.link(kind, str(name)) for name in names)

    def place(self, version: str, evidence: Evidence) -> SourceLink:
        """A line of Nova's source."""
        return SourceLink(
            file=evidence.file,
            line=evidence.line,
            function=evidence.function or "",
            href=source_line(version, evidence),
            version=version,
        )

    def changes(self, what: str, found: Sequence[Run], link: Link | None = None) -> tuple[Change, ...]:
        """The runs of something as lines of history."""
        return tuple(
            Change(what=what, since=self.mark(run.since), until=self.mark(run.until) if run.until else "", link=link)
            for run in found
        )

    def mark(self, mark: Mark) -> str:
        """A mark in the page's language: "22.0.0 (also 21.1.0)".

        Before Mitaka only the last version of a series was read, so the series stands for the version.
        """
        oldest = self.catalog.all_versions[0]
        version = mark.version
        if self.queries.is_before_reference(mark) and version not in self.catalog.versions:
            series = series_of(version)
            version = f"{series.major[0].rstrip('.')} {series.codename.capitalize()}"
        if mark.version == oldest:
            return self.words("or_before", version=version)
        if not mark.also:
            return version
        return f"{version} ({self.words('also', also=', '.join(mark.also))})"

    def named(self, kind: str) -> Mapping[str, NamedFacts]:
        """The facts of a kind by their names: of the release that is looked at, or else of the newest that has each."""
        known = self.queries.named(kind)
        return known if self.lens is None else named_in(self.lens, kind, known)

    def since(self, found: Sequence[Run]) -> str:
        """Since when something holds, where that is younger than the reference; else empty."""
        last = found[-1] if found else None
        if last is None or last.until is not None or self.queries.is_before_reference(last.since):
            return ""
        return self.mark(last.since)

    def marks(self, found: Sequence[Run]) -> str:
        """Since and until when there is something; empty where there is in all releases the reference speaks of."""
        if self.lens is not None:
            return ""
        texts = []
        since = found[-1].since if found else None
        if since is not None and not self.queries.is_before_reference(since):
            texts.append(self.words("since", version=self.mark(since)))
        if found and found[-1].until is not None:
            texts.append(self.words("gone_at", version=self.mark(found[-1].until)))
        return ", ".join(texts)

    def head_texts(self, kind: str, name: str, explanation: Explanation) -> dict[str, Any]:
        """Title, description and search words that all pages of names share."""
        language = self.language
        label = explanation.label[language]
        others = explanation.aliases[language] + explanation.aliases["ko" if language == "en" else "en"]
        return {
            "title": f"{label} · {name} ({kind})",
            "label": name,
            "description": explanation.summary[language].replace("`", ""),
            "kind": kind,
            "aliases": (label, name, *others),
        }

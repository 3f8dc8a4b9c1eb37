"""Pages of what is logged of a server, by file and function, in the order of the source: services, and virt drivers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nova_states.catalog.around_states import actions_at
from nova_states.catalog.named_facts import NamedFacts
from nova_states.explanations.log_texts import texts_by_slug
from nova_states.facts.model import LogMessage
from nova_states.pages.components import Head, Link
from nova_states.pages.models import LogFunction, LogPage, LogRow
from nova_states.pages.record_links import DRIVER_LOG, LOG, log_address
from nova_states.pages.writer import Writer

_TITLES: Final = {LOG: "log_of_services", DRIVER_LOG: "log_of_drivers"}
"""Address of each page → word that it is headed with."""


def build_log(writer: Writer, target: str) -> LogPage:
    """The lines of the services (`LOG`) or of the virt drivers, each as of the newest release that has it."""
    page = writer.on(target)
    explanation = page.explain("kind", "log_message")
    language = page.language
    files: dict[str, dict[str, list[NamedFacts]]] = {}
    logged = (_logged_at(known, target) for known in page.named("log_messages").values())
    for known in sorted((found for found in logged if found.facts), key=_in_source):
        place = known.facts[0].evidence
        files.setdefault(place.file, {}).setdefault(place.function or "", []).append(known)
    said = _said(page)
    title = page.words(_TITLES[target])
    return LogPage(
        head=Head(
            title=title,
            description=f"{title}. {explanation.summary[language]}".replace("`", ""),
            kind="log",
            aliases=explanation.aliases[language],
        ),
        others=tuple(
            Link(text=page.words(word), href=page.urls.to(other)) for other, word in _TITLES.items() if other != target
        ),
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        files=tuple(
            (f"in-{_as_id(file)}", file, tuple(_function(page, name, found, said) for name, found in functions.items()))
            for file, functions in sorted(files.items())
        ),
        release=page.release.version,
    )


def _logged_at(known: NamedFacts, target: str) -> NamedFacts:
    """A line as the files of one page log it; some are logged by a service and by a driver."""
    return replace(known, facts=tuple(one for one in known.facts if log_address(one.evidence.file) == target))


def _in_source(known: NamedFacts) -> tuple[str, int, str]:
    place = known.facts[0].evidence
    return place.file, place.line, known.name


def _said(page: Writer) -> Mapping[str, str]:
    """Slug → what the line means, in a sentence, of those that a text tells of: the lookup tells the rest."""
    texts = page.explanations.log_texts
    patterns = {slug: known.facts[0].pattern for slug, known in page.named("log_messages").items()}
    return {slug: _sentence(texts[name].why[page.language]) for slug, name in texts_by_slug(texts, patterns).items()}


def _sentence(text: str) -> str:
    first, end, _ = text.partition(". ")
    return first + end.rstrip()


def _function(page: Writer, name: str, found: list[NamedFacts], said: Mapping[str, str]) -> LogFunction:
    newest = max(found, key=lambda known: page.catalog.versions.index(known.release.version))
    actions = actions_at(newest.release, newest.facts[0].evidence)
    return LogFunction(
        name=name,
        actions=tuple(page.link("action", action) for action in actions),
        rows=tuple(row for known in found for row in _rows(page, known, said.get(known.name, ""))),
    )


def _rows(page: Writer, known: NamedFacts, why: str) -> Iterator[LogRow]:
    """A row for each wording and level; what differs in nothing but signs has one slug, which the first row bears."""
    wordings: dict[tuple[str, str], list[LogMessage]] = {}
    for fact in known.facts:
        wordings.setdefault((fact.level, fact.pattern), []).append(fact)
    for place, ((level, pattern), facts) in enumerate(wordings.items()):
        effects = dict.fromkeys(one.effect for one in facts if one.effect is not None)
        yield LogRow(
            id=None if place else known.name,
            level=level,
            message=pattern,
            effect=", ".join(effect_text(page, effect) for effect in effects),
            why="" if place else why,
            marks=page.marks(known.runs),
            places=tuple(page.place(known.release.version, one.evidence) for one in facts),
        )


def effect_text(page: Writer, effect: str) -> str:
    """What Nova does to the server: one word, or of several that one of them."""
    return page.words("one_of").join(page.words(f"effect_{one}") for one in effect.split("|"))


def _as_id(file: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.lower())

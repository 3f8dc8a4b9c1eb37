"""Pages of exceptions: one for each that people explain, one for each initial, and one of all names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nova_states.catalog.around_states import answers_of, faults_of, raised
from nova_states.catalog.named_facts import NamedFacts
from nova_states.catalog.release import Release
from nova_states.facts.model import Refusal
from nova_states.pages.components import Change, Head, Link, Property
from nova_states.pages.models import AnswerRow, ErrorIndexPage, ErrorLetterPage, ErrorPage, ErrorRow
from nova_states.pages.record_links import (
    ERRORS,
    error_link,
    has_page,
    initial_of,
    letter_address,
    step_rows,
)
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_error(writer: Writer, name: str) -> ErrorPage:
    """The page of an exception that people explain, as of the newest release that has it."""
    page = writer.on(address("error", name))
    explanation = page.explain("error", name)
    known = page.named("errors")[name]
    release = known.release
    fact = known.facts[0]
    parts = fact_fields(page, name) | end_fields(page, name)
    return ErrorPage(
        head=Head(**page.head_texts("error", name, explanation)),
        name=name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        steps=step_rows(page, explanation),
        leads=page.leads_from("error", name),
        history=tuple(_history(page, known)),
        evidence=(page.place(release.version, fact.evidence),),
        aliases=explanation.aliases[page.language],
        release=release.version,
        **parts,
    )


def fact_fields(page: Writer, name: str) -> dict[str, Any]:
    """What an exception says."""
    known = page.named("errors")[name]
    return {"facts": tuple(_facts(page, known)), "messages": tuple(_messages(page, known))}


def end_fields(page: Writer, name: str) -> dict[str, Any]:
    """What an exception ends in, and where it is raised."""
    release = page.named("errors")[name].release
    return {
        "faults": tuple(page.link("action", action) for action in faults_of(release, name)),
        "answers": tuple(_answers(page, release, name)),
        "places": tuple(page.place(release.version, place) for place in raised(release, name)),
    }


def _facts(page: Writer, known: NamedFacts) -> Iterator[Property]:
    fact = known.facts[0]
    if fact.code is not None:
        yield Property(name=page.words("http_code"), value=str(fact.code))
    yield Property(name=page.words("shown_to_users"), value=page.words("yes" if fact.is_safe else "no"))
    kinds = [base for base in fact.bases if base in page.named("errors")]
    if kinds:
        yield Property(name=page.words("kind_of"), value="", links=tuple(error_link(page, base) for base in kinds))


def _messages(page: Writer, known: NamedFacts) -> Iterator[tuple[str, str]]:
    """What Nova prints, the newest wording first, and its own translation on a page in that language."""
    pattern = known.facts[0].pattern
    if page.lens is None:
        found = page.queries.wordings.get(known.name, ())
        yield from ((wording, page.marks(runs) if len(found) > 1 else "") for wording, runs in reversed(found))
    elif pattern is not None:
        yield pattern, ""
    for text in _translated(known.release, pattern, page.language):
        yield text, page.words("translation_of_nova")


def _translated(release: Release, pattern: str | None, language: str) -> Iterator[str]:
    """Nova's own translations of a message into a language of ours."""
    for one in release.facts("translations"):
        if one.pattern == pattern and one.language.partition("_")[0] == language and one.text != pattern:
            yield one.text


def _answers(page: Writer, release: Release, name: str) -> Iterator[AnswerRow]:
    """The requests that are refused with an exception, those of one action and status together."""
    found: dict[tuple[str, int], list[Refusal]] = {}
    for refusal in answers_of(release, name):
        found.setdefault((refusal.action, refusal.code), []).append(refusal)
    for (action, code), refusals in found.items():
        places = dict.fromkeys(page.place(release.version, refusal.evidence) for refusal in refusals)
        yield AnswerRow(action=page.link("action", action, "refusal"), code=code, places=tuple(places))


def _history(page: Writer, known: NamedFacts) -> Iterator[Change]:
    yield from page.changes(f"`{known.name}`", known.runs)


def build_error_index(writer: Writer) -> ErrorIndexPage:
    """All exceptions: those that people explain with their summaries, then every name by its initial."""
    page = writer.on(ERRORS)
    explanation = page.explain("kind", "error")
    language = page.language
    names = page.named("errors")
    explained = [name for name in names if has_page(page, name)]
    return ErrorIndexPage(
        head=Head(
            title=f"{explanation.label[language]} (error)",
            description=explanation.summary[language].replace("`", ""),
            kind="error",
            label=page.words("all_of", kind="error"),
            aliases=explanation.aliases[language],
        ),
        label=explanation.label[language],
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        explained=tuple(
            (page.link("error", name), page.label("error", name), page.summary("error", name)) for name in explained
        ),
        letters=tuple(
            (letter, tuple((name, _row_link(page, name), page.marks(names[name].runs)) for name in found))
            for letter, found in error_initials(page).items()
        ),
        release=page.release.version,
    )


def _row_link(page: Writer, name: str) -> Link:
    """An exception as a link to its row on the page of its initial."""
    return Link(text=name, href=page.urls.to(letter_address(name), name))


def error_initials(page: Writer) -> dict[str, tuple[str, ...]]:
    """Initial → the exceptions that begin with it."""
    is_newest_of_each = page.lens is None
    return page.release.memo.once(("errors by initial", is_newest_of_each), lambda: _initials(page.named("errors")))


def _initials(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        found[initial_of(name)] = (*found.get(initial_of(name), ()), name)
    return dict(sorted(found.items()))


def build_error_letter(writer: Writer, initial: str) -> ErrorLetterPage:
    """All that is known of the exceptions with one initial, each as of the newest release that has it."""
    page = writer.on(letter_address(initial))
    initials = error_initials(writer)
    names = initials[initial]
    return ErrorLetterPage(
        head=Head(
            title=page.words("errors_of_letter", letter=initial),
            description=page.words("errors_of_letter_description", letter=initial, first=names[0], last=names[-1]),
            kind="error",
            label=initial,
            group=page.words("errors_by_letter"),
        ),
        letters=tuple(Link(text=letter, href=page.urls.to(letter_address(letter))) for letter in initials),
        **letter_fields(page, initial),
        release=page.release.version,
    )


def letter_fields(page: Writer, initial: str) -> dict[str, Any]:
    """The exceptions of a page."""
    found = error_initials(page).get(initial, ())
    return {"rows": tuple(_row(page, page.named("errors")[name]) for name in found)}


def _row(page: Writer, known: NamedFacts) -> ErrorRow:
    """What is known of an exception; of one with a page of its own only what it says."""
    release = known.release
    name = known.name
    fact = known.facts[0]
    is_told_here = not has_page(page, name)
    return ErrorRow(
        id=name,
        name=name,
        page=None if is_told_here else page.link("error", name),
        code="" if fact.code is None else str(fact.code),
        marks=page.marks(known.runs),
        message=fact.pattern or "",
        answers=tuple(_actions_by_code(page, release, name)) if is_told_here else (),
        faults=tuple(page.link("action", action) for action in faults_of(release, name)) if is_told_here else (),
        places=tuple(page.place(release.version, place) for place in raised(release, name)) if is_told_here else (),
    )


def _actions_by_code(page: Writer, release: Release, name: str) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """Each status that an exception is answered with, and the actions that are refused so."""
    found: dict[int, dict[str, None]] = {}
    for refusal in answers_of(release, name):
        found.setdefault(refusal.code, {})[refusal.action] = None
    for code, actions in sorted(found.items()):
        yield str(code), tuple(page.link("action", action) for action in actions)

"""The page of the names in the list of a server's actions and in the events of one."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.around_states import functions_changing
from nova_states.catalog.named_facts import NamedFacts
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import SAME, is_aside
from nova_states.explanations.file_names import file_stem
from nova_states.facts.model import Transition
from nova_states.pages.components import CellContent, Head, Link
from nova_states.pages.models import EventRow, EventsPage
from nova_states.pages.record_links import EVENTS, step_rows
from nova_states.pages.writer import Writer


def build_events(writer: Writer) -> EventsPage:
    """All names, each as of the newest release that has it; one that is both is told among the actions."""
    page = writer.on(EVENTS)
    explanation = page.explain("kind", "event")
    language = page.language
    found = page.named("events")
    records = [known for known in found.values() if any(fact.kind == "action" for fact in known.facts)]
    events = [known for known in found.values() if known not in records]
    return EventsPage(
        head=Head(
            title=f"{explanation.label[language]} (event)",
            description=explanation.summary[language].replace("`", ""),
            kind="event",
            # Records have the names of actions, whose own pages are looked for by them.
            aliases=(*explanation.aliases[language], *(known.name for known in events)),
        ),
        label=explanation.label[language],
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        parts_of_page=(
            ("of-actions", page.words("events_records"), tuple(_row(page, known) for known in records)),
            ("of-steps", page.words("events_steps"), tuple(_row(page, known) for known in events)),
        ),
        release=page.release.version,
    )


def _row(page: Writer, known: NamedFacts) -> EventRow:
    release = known.release
    explanation = page.explain("event", file_stem(known.name))
    functions = tuple(dict.fromkeys(fact.function for fact in known.facts if fact.function is not None))
    changes = tuple(_changes(release, frozenset(functions)))
    actions = sorted({action for fact in known.facts for action in fact.actions})
    return EventRow(
        id=file_stem(known.name),
        name=known.name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        steps=step_rows(page, explanation),
        leads=page.leads_from("event", known.name),
        marks=page.marks(known.runs),
        functions=functions,
        actions=tuple(page.link("action", action) for action in actions if action in page.queries.actions),
        ends=_ends(page, [change for change in changes if not is_aside(change)]),
        failures=_ends(page, [change for change in changes if is_aside(change)]),
        places=tuple(dict.fromkeys(page.place(release.version, fact.evidence) for fact in known.facts)),
    )


def _changes(release: Release, functions: frozenset[str]) -> Iterator[Transition]:
    """Changes of states that some functions make themselves."""
    numbers = release.memo.once("transitions by function", lambda: _by_function(release))
    rows = release.facts("transitions")
    yield from (rows[number] for number in sorted({n for name in functions for n in numbers.get(name, ())}))


def _by_function(release: Release) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, change in enumerate(release.facts("transitions")):
        for name in functions_changing((change,)):
            found.setdefault(name, []).append(number)
    return found


def _ends(page: Writer, changes: list[Transition]) -> CellContent:
    """The vm_states and task_states that changes lead to."""
    found: dict[Link, None] = {}
    for change in changes:
        if change.end.vm_state != SAME and change.end.vm_state in page.release.vm_states:
            found[page.link("vm_state", change.end.vm_state)] = None
    for change in changes:
        task = change.end.task_state
        if task != SAME and (task is None or task in page.release.task_states):
            found[page.task(task)] = None
    return tuple(found)

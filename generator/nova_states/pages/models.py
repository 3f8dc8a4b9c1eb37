"""The page models: a template sees exactly the fields of its model, already in the page's language."""

from __future__ import annotations

from dataclasses import Field, dataclass
from typing import Any, ClassVar, Protocol

from nova_states.lookup.form import LookupForm
from nova_states.pages.components import (
    CellContent,
    Change,
    ExactCode,
    Head,
    Link,
    Matrix,
    PageSection,
    Property,
    SourceLink,
)
from nova_states.pages.machine_shapes import MachineMap
from nova_states.pages.story_views import StoryView


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowedAction:
    """An action as a state's page lists it."""

    action: Link
    label: str
    ends: tuple[Link, ...]
    """The vm_states it leads to; empty: it leaves the vm_state, or the page is about a task."""
    command: str
    loses: str
    """The data that it costs; empty: none."""
    states: tuple[Link, ...]
    """What else must fit: the task_states on a vm_state's page, the vm_states on a task_state's; empty: any."""
    others: tuple[Link, ...]
    """The tasks that it is allowed with beside none."""
    since: str
    """Where the permission is younger than the reference; else empty."""
    conditions: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowedRow:
    """A row of the list: an action, or several that belong together."""

    label: str
    actions: tuple[AllowedAction, ...]
    since: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowedGroup:
    """Rows that are good for the same."""

    label: str
    rows: tuple[AllowedRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedAction:
    """An action that a state's page lists as refused."""

    action: Link
    label: str
    reason: str
    nearest: tuple[Link, ...]
    """States from which it is allowed."""
    until: str
    """Where it was allowed once: the first release that refuses it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAs:
    """A status that a state is shown as, with the states on the other side that make it so."""

    status: Link
    states: tuple[Link, ...]
    hides: str
    """What the status does not tell; empty where it tells all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatePage:
    """A power_state, vm_state or task_state."""

    head: Head
    kind: str
    name: str
    label: str
    summary: str
    meaning: str
    stuck: str
    leaves: tuple[tuple[tuple[Link, ...], tuple[Link, ...]], ...]
    """Actions that lead out of it and where to, the needed first."""
    losses: tuple[tuple[str, str], ...]
    """Which of them cost data, and what."""
    picture: MachineMap | None
    """All vm_states with this one marked."""
    glance: tuple[Property, ...]
    """What is seen first."""
    facts: tuple[Property, ...]
    allowed: tuple[AllowedGroup, ...]
    refused: tuple[RefusedAction, ...]
    is_checked: bool
    """Whether guards look at this kind of state at all."""
    shown: tuple[ShownAs, ...]
    sections: tuple[PageSection, ...]
    around: tuple[PageSection, ...]
    """Errors that belong to it, and what is left behind by what leads to it and away."""
    history: tuple[Change, ...]
    evidence: tuple[SourceLink, ...]
    aliases: tuple[str, ...]
    leads: tuple[Link, ...]
    """Runbooks and guides for it."""
    release: str
    """The release the page's tables are of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusRow:
    """States that a status stands for."""

    vm_state: Link
    tasks: tuple[Link, ...]
    """Task states with this word of their own; empty: those that have none."""
    hidden: tuple[Link, ...]
    """Task states that the word does not tell of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusPage:
    """A word of the API status."""

    head: Head
    name: str
    label: str
    summary: str
    meaning: str
    rows: tuple[StatusRow, ...]
    is_fallback: bool
    allowed: tuple[tuple[str, tuple[Link, ...]], ...]
    history: tuple[Change, ...]
    evidence: tuple[SourceLink, ...]
    aliases: tuple[str, ...]
    leads: tuple[Link, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardRow:
    """One guard of an action."""

    mode: str
    vm_states: tuple[Link, ...]
    """Empty: not checked."""
    task_states: tuple[Link, ...]
    checks_vm_state: bool
    checks_task_state: bool
    must_have_launched: bool
    when: CellContent
    """Its condition; empty: always."""
    place: SourceLink


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRow:
    """One request that asks for an action."""

    verb: str
    path: str
    body_key: str
    microversions: str
    place: SourceLink


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusalRow:
    """An answer to a request that is an error."""

    code: int
    error: Link | None
    """The exception it is made of; None: the REST layer refuses by itself."""
    message: str
    """What is filled in stands in braces; empty: nothing tells."""
    when: str
    """In words; empty where the exception tells, or nobody has said it yet."""
    is_seen: bool
    """Whether a Nova that ran was seen to answer so."""
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionRule:
    """From which states an action is allowed."""

    part: Link | None
    """The part of the page's action that it is about; None: the whole."""
    sentence: str
    vm_states: tuple[tuple[Link, bool], ...]
    """Each, and whether the action is allowed in it, with some task at least."""
    tasks: tuple[Link, ...]
    """The tasks that it is allowed with, no task among them; empty where the sentence says all."""
    grid: Matrix | None
    """vm_state × task_state, where no sentence says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionPage:
    """Something a user can ask of a server."""

    head: Head
    name: str
    label: str
    summary: str
    meaning: str
    command: str
    parent: Link | None
    parts_of: tuple[Link, ...]
    """The actions that carry the guards of this one."""
    guards: tuple[GuardRow, ...]
    conditional: tuple[GuardRow, ...]
    seen: str
    """How the guards are known; empty where there are none."""
    requests: tuple[RequestRow, ...]
    refusals: tuple[str, ...]
    """The 409 texts with the action's words put in; none where its states are not checked."""
    conflicts: tuple[RefusalRow, ...]
    """What is refused because of how things stand (409)."""
    other_refusals: tuple[RefusalRow, ...]
    condition_texts: tuple[tuple[str, str, str], ...]
    """Name, label and summary of each other condition."""
    rules: tuple[ActionRule, ...]
    """Its own, or that of each of its parts; none where its states are not checked."""
    story: StoryView
    """What happens once it is accepted."""
    sections: tuple[PageSection, ...]
    around: tuple[PageSection, ...]
    """Errors that it can end in, and what it leaves behind."""
    history: tuple[Change, ...]
    evidence: tuple[SourceLink, ...]
    aliases: tuple[str, ...]
    leads: tuple[Link, ...]
    release: str
    exists: bool
    """Whether the newest release has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupPage:
    """A named group of states."""

    head: Head
    name: str
    label: str
    summary: str
    meaning: str
    values: tuple[Link, ...]
    condition: str
    """In words; empty where it lists its states."""
    exact: ExactCode | None
    history: tuple[Change, ...]
    evidence: tuple[SourceLink, ...]
    aliases: tuple[str, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexRow:
    """A name in its kind's table."""

    link: Link
    label: str
    summary: str
    extra: str
    more: tuple[Link, ...]
    since: str
    group: str = ""
    """What this and the rows around it are for."""
    parts: tuple[Link, ...] = ()
    """Of a row of several: each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexPage:
    """All names of a kind in one table."""

    head: Head
    kind: str
    label: str
    summary: str
    meaning: str
    columns: tuple[str, ...]
    """Heads of the extra columns: number or operation, and links."""
    rows: tuple[IndexRow, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionRow:
    """A configuration option."""

    name: str
    anchor: str
    """Its id on the page."""
    label: str
    summary: str
    meaning: str
    group: str
    """Section of nova.conf."""
    default: str
    acts_on: tuple[Link, ...]
    leads: tuple[Link, ...]
    history: tuple[Change, ...]
    place: SourceLink


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionsPage:
    """All configuration options that act on states."""

    head: Head
    label: str
    summary: str
    meaning: str
    rows: tuple[OptionRow, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixPage:
    """One or more matrices with what they show."""

    head: Head
    intro: str
    legend: tuple[tuple[str, str, str], ...]
    """Sign, class and meaning."""
    matrices: tuple[tuple[str, str, Matrix], ...]
    """Id, title and table."""
    release: str
    """Empty where it is about all."""
    notes: tuple[str, ...]
    first: tuple[PageSection, ...] = ()
    """What stands before the matrices."""
    sections: tuple[PageSection, ...] = ()
    history: tuple[PageSection, ...] = ()
    """What tells of all releases."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointRelease:
    """One version of a series and what changed in it."""

    version: str
    date: str
    source: Link
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConstantRow:
    """A constant as a series defines it."""

    constant: str
    value: Link
    number: str
    """Decimal and hex of a power_state; else empty."""
    label: str
    operation: str
    meaning: str
    shown: Link | None
    """The status that a vm_state is shown as."""
    virsh: tuple[str, ...]
    """What `virsh list` prints of the domains that libvirt's driver reports so."""
    place: SourceLink


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRow:
    """A group as a series defines it."""

    name: Link
    values: tuple[Link, ...]
    condition: str
    place: SourceLink


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticedRow:
    """A change that an operator notices, and all that it happened to."""

    what: str
    links: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesPage:
    """A series of releases."""

    head: Head
    newest: str
    noticed: tuple[NoticedRow, ...]
    """What an operator notices who comes from the series before."""
    compared: Link | None
    """The comparison with the series before; none for the oldest."""
    before: Link | None
    """The series before."""
    files: tuple[SourceLink, ...]
    """Where each kind's constants stand, in the order of the kinds."""
    dates: tuple[Property, ...]
    releases: tuple[PointRelease, ...]
    constants: tuple[tuple[str, str, tuple[ConstantRow, ...]], ...]
    """Kind, its label, and the rows."""
    groups: tuple[GroupRow, ...]
    label_map: tuple[tuple[str, str, str], ...]
    """Name, number and word of each power_state in STATE_MAP."""
    guards: Matrix
    statuses: Matrix
    neighbours: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesIndexPage:
    """All series."""

    head: Head
    intro: str
    compared: Link
    """Any two releases compared."""
    rows: tuple[tuple[Link, str, str, str, str, str], ...]
    """Series, Nova's versions, release date, status, end of life, number of changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CountRow:
    """How much was read of one kind."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcesPage:
    """How the facts were obtained, with the counts."""

    head: Head
    totals: tuple[Property, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Link, str, str, CountRow], ...]
    """Version, source and date, and its counts."""
    gaps: tuple[tuple[str, str], ...]
    """Place and reason of what could not be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErratumEntry:
    """One statement of a document that the code contradicts."""

    id: str
    says: str
    section: str
    """The document's heading above it."""
    truth: str
    about: tuple[Link, ...]
    releases: tuple[str, ...]
    """Since when, and until when, document and code differ."""
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentErrata:
    """A document of Nova's with its errata."""

    id: str
    title: str
    source: Link
    errata: tuple[ErratumEntry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrataPage:
    """Statements of Nova's documents that its code contradicts."""

    head: Head
    intro: tuple[str, ...]
    command: str
    """Prints Nova's page of states as it should be."""
    documents: tuple[DocumentErrata, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionRow:
    """A page of a section."""

    link: Link
    text: str
    """What it answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionPage:
    """A section's pages."""

    head: Head
    intro: str
    rows: tuple[SectionRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HowPage:
    """Where the facts come from, how they are checked, and what is not covered."""

    head: Head
    method: tuple[str, ...]
    checks: tuple[str, ...]
    uncovered: tuple[str, ...]
    facts: tuple[Property, ...]
    counts: tuple[tuple[str, int, int], ...]
    """What was counted in the newest release, how many were read, and how many there are."""
    release: str
    seen: tuple[tuple[str, int, int], ...]
    """Kind of fact, how many a Nova that ran was seen to bear out, and how many it can; none where nobody looked."""
    not_reached: tuple[tuple[str, int], ...]
    """Why others cannot be seen, and how many."""
    more: tuple[SectionRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StuckRow:
    """Something that servers are often stuck in."""

    link: Link
    label: str
    cure: str
    """What to do first."""
    reading: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HomePage:
    """The first page."""

    head: Head
    question: str
    form: LookupForm
    picture: MachineMap
    stuck: tuple[StuckRow, ...]
    runbooks: Link
    asked: tuple[Link, ...]
    guides: Link
    tools: tuple[Link, ...]
    matrices: tuple[SectionRow, ...]
    kinds: tuple[tuple[Link, str, int], ...]
    """Each kind of name, its label, and how many there are."""
    records: tuple[Link, ...]
    """Errors and what else stands around the states."""
    trust: tuple[str, ...]
    sources: Link
    series: Link


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparePage:
    """Two releases that a reader picks, and what changed between them, which a script joins."""

    head: Head
    folder: str
    """Where the tables of the areas and the words lie."""
    root: str
    """The language's home, below which the pages of actions are."""
    actions: str
    """Ids of those that have a page."""
    labels: str
    """Words of the page by name, as JSON."""
    command: str
    """What prints the same without a browser."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupPage:
    """The lookup on a page of its own, for addresses that carry an answer."""

    head: Head
    form: LookupForm


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRow:
    """A request that is refused with an exception."""

    action: Link
    code: int
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRow:
    """Something to do."""

    text: str
    command: str
    caution: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorPage:
    """An exception that people explain."""

    head: Head
    name: str
    label: str
    summary: str
    meaning: str
    facts: tuple[Property, ...]
    messages: tuple[tuple[str, str], ...]
    """Each wording, the newest first, and since and until when it is Nova's, or whose translation it is."""
    steps: tuple[StepRow, ...]
    leads: tuple[Link, ...]
    answers: tuple[AnswerRow, ...]
    faults: tuple[Link, ...]
    """Actions in which it can end as the server's fault."""
    places: tuple[SourceLink, ...]
    """Where it is raised."""
    history: tuple[Change, ...]
    evidence: tuple[SourceLink, ...]
    aliases: tuple[str, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorRow:
    """An exception among all others."""

    id: str
    name: str
    page: Link | None
    """The page of one that people explain."""
    code: str
    """HTTP status it stands for."""
    marks: str
    """Since and until when there is one, where that is not always."""
    message: str
    answers: tuple[tuple[str, tuple[Link, ...]], ...]
    """Status, and the actions that are refused with it."""
    faults: tuple[Link, ...]
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorLetterPage:
    """The exceptions with one initial."""

    head: Head
    letters: tuple[Link, ...]
    """The pages of all initials."""
    rows: tuple[ErrorRow, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorIndexPage:
    """All exceptions by their names."""

    head: Head
    label: str
    summary: str
    meaning: str
    explained: tuple[tuple[Link, str, str], ...]
    """Those that have a page, with label and summary."""
    letters: tuple[tuple[str, tuple[tuple[str, Link, str], ...]], ...]
    """Initial, and for each class an id, the name, and since and until when there is one."""
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationStatusRow:
    """A value of a migration's status."""

    id: str
    name: str
    label: str
    summary: str
    meaning: str
    steps: tuple[StepRow, ...]
    leads: tuple[Link, ...]
    marks: str
    types: tuple[str, ...]
    wanted_by: CellContent
    """Actions that want a migration of this status, and what runs by itself."""
    by_tracker: str
    """What the resource tracker does with it."""
    by_restart: str
    """What a start of nova-compute does with it."""
    places: tuple[SourceLink, ...]
    """Where it is written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationStatusesPage:
    """All values of a migration's status."""

    head: Head
    label: str
    summary: str
    meaning: str
    rows: tuple[MigrationStatusRow, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HostStatusRow:
    """A value of host_status."""

    id: str
    name: str
    """Empty where the API leaves the value empty."""
    label: str
    texts: tuple[str, ...]
    """Summary and meaning, where people explain it."""
    conditions: tuple[str, ...]
    """When the API says so, in words: one of these."""
    marks: str
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HostStatusesPage:
    """All values of host_status."""

    head: Head
    label: str
    summary: str
    meaning: str
    rows: tuple[HostStatusRow, ...]
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """The name of an action's record, or of an event of one."""

    id: str
    name: str
    label: str
    summary: str
    meaning: str
    steps: tuple[StepRow, ...]
    leads: tuple[Link, ...]
    marks: str
    functions: tuple[str, ...]
    """What an event tells of; none of an action's record."""
    actions: tuple[Link, ...]
    ends: CellContent
    """States that the function leads to where it succeeds."""
    failures: CellContent
    """States that it leads to where it fails."""
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsPage:
    """All names in the list of a server's actions and in the events of one."""

    head: Head
    label: str
    summary: str
    meaning: str
    parts_of_page: tuple[tuple[str, str, tuple[EventRow, ...]], ...]
    """Id, title and rows: records of actions, then events."""
    release: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LogRow:
    """A line of a service's log."""

    id: str | None
    """Its anchor; None: the row above has it, whose words differ in nothing but signs."""
    level: str
    message: str
    effect: str
    """What Nova does to the server then; empty: nothing tells."""
    why: str
    """What it means; inline Markdown (code only). Empty: no text tells, or the row above says it."""
    marks: str
    places: tuple[SourceLink, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFunction:
    """The lines of one function."""

    name: str
    actions: tuple[Link, ...]
    """Actions that it belongs to."""
    rows: tuple[LogRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPage:
    """Lines that tell of a server: those of the services, or those of the virt drivers."""

    head: Head
    others: tuple[Link, ...]
    """The other page of them."""
    summary: str
    meaning: str
    files: tuple[tuple[str, str, tuple[LogFunction, ...]], ...]
    """Id and name of each file, and its functions."""
    release: str


class PageModel(Protocol):
    """What every model above is: a dataclass with a head; its fields are the variables of its template."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def head(self) -> Head:
        """Title and what search and navigation need."""

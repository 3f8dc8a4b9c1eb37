"""Links to what stands around the states: exceptions, migrations' statuses, events, log lines.

Exceptions that people explain have a page each, all others a row on the page of their initial; everything else is a row
of its kind's page.
"""

from __future__ import annotations

from typing import Final

from nova_states.explanations.file_names import file_stem
from nova_states.explanations.loading import Explanation
from nova_states.facts.model import LogMessage
from nova_states.pages.components import Link
from nova_states.pages.models import StepRow
from nova_states.pages.urls import address, index_address
from nova_states.pages.writer import Writer

ERRORS: Final = index_address("error")
MIGRATION_STATUSES: Final = index_address("migration_status")
EVENTS: Final = index_address("event")
HOST_STATUSES: Final = index_address("host_status")
LOG: Final = "log/"
DRIVER_LOG: Final = "log/virt/"
_DRIVERS: Final = "nova/virt/"
"""Below it are the virt drivers."""


def letter_address(error: str) -> str:
    """Address of the page of all exceptions with the same initial; the class is the id of a row.

    In its own case: some differ in nothing else.
    """
    return address("error", f"letter-{initial_of(error)}")


def initial_of(error: str) -> str:
    """The letter under which an exception is listed."""
    return error.lstrip("_")[0].upper()


def has_page(page: Writer, error: str) -> bool:
    """Whether people explain an exception."""
    return error.lower() in page.explanations.by_kind.get("error", {})


def error_link(page: Writer, error: str) -> Link:
    """An exception as a link to what is said of it."""
    if has_page(page, error):
        return page.link("error", error)
    return Link(text=error, href=page.urls.to(letter_address(error), error), kind="error")


def migration_status_link(page: Writer, value: str) -> Link:
    """A status of migrations as a link to its row."""
    return _row_link(page, MIGRATION_STATUSES, "migration_status", value)


def event_link(page: Writer, name: str) -> Link:
    """The name of an action's record or of an event as a link to its row."""
    return _row_link(page, EVENTS, "event", name)


def log_link(page: Writer, message: LogMessage) -> Link:
    """A log line as a link to its row."""
    return Link(text=message.pattern, href=page.urls.to(log_address(message.evidence.file), message.slug))


def log_address(file: str) -> str:
    """Address of the page of what a file logs."""
    return DRIVER_LOG if file.startswith(_DRIVERS) else LOG


def _row_link(page: Writer, target: str, kind: str, name: str) -> Link:
    return Link(
        text=name, href=page.urls.to(target, file_stem(name)), kind=kind, title=page.label(kind, file_stem(name))
    )


def step_rows(page: Writer, explanation: Explanation) -> tuple[StepRow, ...]:
    """What to do, in the page's language."""
    language = page.language
    return tuple(
        StepRow(
            text=step.text[language],
            command=step.command or "",
            caution=step.caution[language] if step.caution else "",
        )
        for step in explanation.steps
    )

"""What is said of lines of Nova's log: which line it is comes with the messages, the rest in a table of its own.

docs/assets/lookup/log_lines.js looks it up in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nova_states.facts.ids import fact_id
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables

LOG: Final = "log"
TOLD: Final = "told"
"""The name of the table of what is said of lines and causes."""
ONE_OF: Final = "|"
"""Between effects of a fact of which one comes about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What is known of a line that was recognised."""

    effect: str | None = None
    """What Nova does then (`LogMessage.effect`); None: nothing tells."""
    verdict: str | None = None
    """What the line alone says; None: only the states can tell."""
    help: str | None = None
    """Its name among what helps ("log_message:<slug>"); None: nobody has written of it."""


def line_of(report: Report, texts: Mapping[str, Any]) -> Line:
    """What is known of the line that a record is; nothing of any other record, or of a line that nobody knows."""
    slug = slug_of(report)
    effect, verdict, name = texts.get("lines", {}).get(slug, (None, None, None))
    return Line(effect=effect, verdict=verdict, help=None if name is None else fact_id("log_message", name))


def help_of(slug: str | None, texts: Mapping[str, Any]) -> str | None:
    """What helps with one of Nova's lines, by name; None: nobody has written of it."""
    _, _, name = texts.get("lines", {}).get(slug, (None, None, None))
    return None if name is None else fact_id("log_message", name)


def slug_of(report: Report) -> str | None:
    """Which of Nova's lines a record is."""
    slug: str | None = (report.read or {}).get("log_message") if report.record == LOG else None
    return slug


def texts_for(
    reports: Iterable[Report], texts: Mapping[str, Any], messages: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The texts with those of log lines and of causes, where one was recognised."""
    # What was logged may be told beside a server.
    told = (one for report in reports for one in (report, *(report.read or {}).get("beside", ())))
    is_told = any(slug_of(one) or (one.read or {}).get("cause") for one in told)
    return with_lines(texts, messages()) if is_told else texts


def with_lines(
    texts: Mapping[str, Any], messages: Mapping[str, Any], told: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """The texts with those of log lines and of causes.

    Args:
        texts: `nova_states.lookup.texts`.
        messages: A table of messages.
        told: What is said of them (`nova_states.lookup.told_table`); None: what is compiled in the texts' language.
    """
    told = load_tables(TOLD)[texts["language"]] if told is None else told
    return {**texts, "help": {**texts["help"], **told}, "lines": messages["lines"]}

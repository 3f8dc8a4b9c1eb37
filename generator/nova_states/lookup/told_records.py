"""All records of a paste and what answers for them: the one way that the command line and Python's interface go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import each_record, join_records
from nova_states.lookup.log_lines import texts_for
from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldRecords:
    """Records that are told together."""

    joined: Sequence[Report]
    """Those about one server as one."""
    every: Sequence[tuple[Report, bool]]
    """Each by itself, in the order of the paste, and whether a server's answer tells of it already."""
    explainer: Explainer


def told_records(
    reports: Sequence[Report], view: TablesView, messages: Callable[[], Mapping[str, Any]], now: int
) -> ToldRecords:
    """Join records, and choose the texts that they need.

    Args:
        reports: As they were read.
        view: The tables of a language, as of a release.
        messages: The table of Nova's messages, read when it is asked for.
        now: Seconds since 1970 that stand for the present.
    """
    joined = join_records(reports, {number: name for number, name, _ in view.power_states})
    texts = texts_for(joined, view.tables["texts"], messages)
    return ToldRecords(
        joined=joined,
        every=list(each_record(joined, reports)),
        explainer=Explainer(view=view, texts=texts, now=now),
    )

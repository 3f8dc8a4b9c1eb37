"""Which cause a message quotes, and what is said of it: looked for while a paste is read, told with what it has caused.

docs/assets/lookup/root_causes.js does the same in the page; tests hold both to the same answers. The words are told
apart by a table that comes with the messages; what is said of causes is in one that is only wanted once a cause was
recognised (`nova_states.lookup.told_table`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from nova_states.explanations.file_names import ASKED, BARE, VAGUE
from nova_states.lookup.helping import choose_help
from nova_states.lookup.report import Report
from nova_states.lookup.situation import BY_ITSELF
from nova_states.lookup.verdict import NEEDS_ATTENTION

CAUSES: Final = "causes"
"""The name of the words that tell causes, in the tables of messages."""
FOLLOWS: Final = "follows"
"""The name of how far exceptions and causes are from what failed, there; of how far that of a record is."""
SAID: Final = "said"
"""What of a line of a log has what the quieter lines of its request say."""
MOST_OF_BOTH: Final = 5
"""Steps that mend a cause, with those that are to be done besides."""
_ALSO: Final = 2
"""Where a row says, behind name and pattern, that its cause is told whatever stands behind it."""
_QUESTION: Final = "question"
"""What words alone are that ask something (`nova_states.explanations.cause_texts`)."""
_WAITED: Final = "waited"
_LONGEST: Final = 4000
_REFUSAL: Final = "refusal"
_BARE: Final = ("log", _REFUSAL)
_ID: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_EVENTS: Final = ("message", "events")
_SAME: Final = re.compile(
    r"^sudo | --service nova-compute| --long| --all(?= |$)| --os-compute-api-version [0-9.]+| -c [A-Za-z_:-]+"
)
"""What of a command does not matter to what is looked at."""


def with_cause(
    report: Report, rows: Sequence[Sequence[Any]], known: dict[Any, tuple[str | None, str | None]]
) -> Report:
    """A record that knows the cause which its message quotes, as `read["cause"]`; `known`: what was found so far.

    What else is to be told is `read["also"]`.
    """
    message, action = message_of(report) or _said_by(report), action_of(report)
    key = (action, _ID.sub("", message))
    if key not in known:
        known[key] = find_causes(message, rows, action)
    return put_causes(report, *known[key])


def put_causes(report: Report, cause: str | None, also: str | None) -> Report:
    """A record with its cause, and with the one that is told besides; what was asked of it is answered first."""
    if cause is None:
        return report
    asked = (report.read or {}).get("cause")
    if asked and asked.startswith(ASKED):
        cause, also = asked, cause
    told = {"cause": cause, "also": also} if also else {"cause": cause}
    return replace(report, read={**(report.read or {}), **told})


def message_of(report: Report) -> str:
    """What a record quotes: the fault of a server, the message of any other, what the steps of an action left."""
    read = report.read or {}
    if report.record == "event":
        return " ".join(_texts(read.get(name) for name in _EVENTS))[:_LONGEST]
    if origin := read.get("origin"):
        return str(origin["message"])
    fault = read.get("fault") or {}
    refused = (read.get("refused") or {}).get("message")
    told = fault.get("message") or refused or (read.get("message") if report.record != "server" else None)
    if report.record == "service":
        # Who turned it off says why there; what nova-compute says itself is told with its state.
        reason = read.get("disabled_reason") or ""
        told = "" if reason.startswith(BY_ITSELF) else reason
    return told[:_LONGEST] if isinstance(told, str) else ""


def _said_by(report: Report) -> str:
    """What a refusal said of states, and what a tool met, of which the reader keeps no words, in words."""
    read, asked = report.read or {}, report.asked
    if asked and asked.attribute:
        return f"Cannot '{asked.action}' instance while it is in {asked.attribute} {asked.value}"
    if not read.get("tool"):
        return ""
    # A tool that names no status has only stopped waiting.
    goal = f", wanted {read['wanted']}" if report.status and read.get("wanted") else ""
    return f"{read['tool']}: {report.status or _WAITED}{goal}"


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)
        elif isinstance(value, Mapping):
            yield from _texts(value.values())


def action_of(report: Report) -> str | None:
    """What was asked for, as far as the record says so."""
    read = report.read or {}
    asked = report.asked.action if report.asked else None
    told = asked or read.get("operation") or (read.get("action") if report.record == "event" else None)
    return told.replace("-", "_") if isinstance(told, str) else None


def find_cause(text: str, rows: Sequence[Sequence[Any]], action: str | None = None) -> str | None:
    """The cause that begins last in a text, for what stands behind a colon is the cause of what stands before it.

    Args:
        text: On one line or several.
        rows: `nova_states.lookup.told_table.compile_causes`; of two at one place the first counts.
        action: What was asked for.
    """
    return find_causes(text, rows, action)[0]


def find_causes(text: str, rows: Sequence[Sequence[Any]], action: str | None = None) -> tuple[str | None, str | None]:
    """The cause that begins last, and of those before it the nearest that is told whatever stands behind it."""
    if not text:
        return None, None
    found = list(_found(text, rows, action))
    cause = max(found, default=(-1, None, False), key=lambda one: (one[1] != BARE, one[0]))[1]
    others = (one for one in found if one[2] and one[1] != cause)
    return cause, max(others, default=(-1, None, False), key=lambda one: one[0])[1]


def _found(text: str, rows: Sequence[Sequence[Any]], action: str | None) -> Iterator[tuple[int, str | None, bool]]:
    for name, pattern, *more in rows:
        actions = more[1] if len(more) > 1 else ()
        if actions and action not in actions:
            continue
        last = max((found.start() for found in _compiled(pattern).finditer(text)), default=-1)
        if last >= 0:
            yield last, name, name.startswith(ASKED) or (len(more) > _ALSO and bool(more[_ALSO]))


def is_of_question(row: Sequence[Any]) -> bool:
    """Whether a row of causes tells a question by its words."""
    return list(row[2:3]) == [_QUESTION]


def is_question(report: Report) -> bool:
    """Whether a record is what somebody asks, and tells of no server."""
    asked = (report.read or {}).get("cause")
    return bool(asked and asked.startswith(ASKED)) and report == Report()


def is_vague(report: Report, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a record says no more than that something failed, in words that do not tell why."""
    read = report.read or {}
    # The address of a request names its server: that tells no more of why it was refused.
    is_named = report.id is not None and report.record != _REFUSAL
    is_bare = report.record in _BARE and not (report.asked or report.has_task or is_named or report.status)
    message = read.get("message")
    if not is_bare or read.get("error") or not isinstance(message, str):
        return False
    return (find_cause(message, rows) or "").startswith(VAGUE)


def places_of(line: str, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, str]]:
    """Where causes begin and end that make a record even alone, each with its record, in the order of the rows."""
    for _, pattern, *more in rows:
        record = more[0] if more else "fault"
        if record and (found := _compiled(pattern).search(line)):
            yield found.start(), found.end(), record


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


def told_causes(report: Report, texts: Mapping[str, Any]) -> list[str]:
    """The causes of a record as they are called among what helps, in the order in which they are told."""
    read = report.read or {}
    names = (f"cause:{read[word]}" for word in ("cause", "also") if read.get(word))
    return [name for name in names if name in texts["help"]]


def is_found(names: Iterable[str]) -> bool:
    """Whether one of the causes says why something failed, so that nothing has to be done to find it."""
    return any(not name.startswith(f"cause:{ASKED}") for name in names)


def verdict_of(name: str, texts: Mapping[str, Any]) -> str:
    """What a cause says of a record that tells no states."""
    return texts["help"][name][3] or NEEDS_ATTENTION


def with_cause_told(
    found: Mapping[str, Any],
    names: Sequence[str],
    texts: Mapping[str, Any],
    left: Mapping[str, Any],
    *,
    is_old: bool = False,
) -> dict[str, Any]:
    """What helps, causes first: why, then what mends them, then what is to be done besides.

    Args:
        found: What helps without them.
        names: Of causes among what helps (`told_causes`).
        texts: `nova_states.lookup.texts`.
        left: What a step may rest on, as `choose_help` asks for it.
        is_old: Whether they are of something that was before: what is so now comes first.
    """
    if not names:
        return dict(found)
    own = [choose_help([name], texts, **left) for name in names]
    in_order: list[Mapping[str, Any]] = [found, *own] if is_old else [*own, found]
    is_whole = not is_old and any(texts["help"][name][4:5] == [1] for name in names)
    if is_whole:
        in_order = [*own]
    steps: list[dict[str, Any]] = []
    for step in (step for one in in_order for step in one["steps"]):
        same = next((place for place, other in enumerate(steps) if _is_same(step, other)), None)
        if same is None:
            steps.append(step)
        elif step["caution"] and not steps[same]["caution"]:
            # What is looked at is the same; what may go wrong is still to be said.
            steps[same] = {**steps[same], "caution": step["caution"]}
    return {
        **found,
        "why": " ".join(one["why"] for one in in_order if one["why"]),
        "steps": steps[:MOST_OF_BOTH],
        "runbook": next((one["runbook"] for one in (*in_order, found) if one["runbook"]), None),
    }


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two steps look at the same."""
    if one["command"] is None or other["command"] is None:
        return bool(one["text"] == other["text"])
    return _SAME.sub("", one["command"]).split() == _SAME.sub("", other["command"]).split()

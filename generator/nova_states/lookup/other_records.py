"""Answers about records that tell of no server's states: migrations, events, domains, volumes and services.

docs/assets/lookup/records.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from nova_states.explanations.file_names import file_stem
from nova_states.lookup.clock import seconds_of
from nova_states.lookup.copied_memory import copied_of
from nova_states.lookup.helping import choose_help, is_finding, joined_steps, text_of
from nova_states.lookup.pasted import pasted_of
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_found, told_causes, with_cause_told
from nova_states.lookup.situation import lower, marked_of, reason_of, result_of, state_of_service
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import nearest

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "migration": ("status", "migration_type", "server", "source", "destination"),
    "event": ("action", "event", "result", "message", "request_id", "server", "host", "events"),
    "hypervisor": ("domain", "state", "reason"),
    "volume": ("status", "server"),
    "allocation": ("server", "provider", "resources"),
    "service": ("binary", "host", "status", "state", "forced_down"),
}
"""Record → what an answer repeats of it."""
_CREATE, _DELETE = "create", "delete"
_OF_NOVA: Final = re.compile(r"\bopenstack |\bnova-manage |/var/lib/nova")
_OF_LOGS: Final = ("level", "message", "error", "request")
_OTHER: Final = "other"
"""What stands for a value that no release has."""
OTHER_RECORDS: Final = frozenset(_FIELDS)


def key_of(report: Report, view: TablesView, now: int | None) -> Hashable:
    """What an answer rests on: equal for records that have the same."""
    situation, read = tuple(_situation(report, view, now).items()), report.read or {}
    return (
        report.record,
        situation,
        tuple(_values(report)),
        read.get("error"),
        read.get("cause"),
        read.get("also"),
        pasted_of(report),
    )


def explain_record(report: Report, view: TablesView, texts: Mapping[str, Any], now: int | None) -> dict[str, Any]:
    """What is said of all records with this `key_of`; commands have their placeholders."""
    situation = _situation(report, view, now)
    given = list(view.advice(situation, frozenset()))
    names = [*(f"advice:{advice}" for advice in given), *_values(report)]
    causes = told_causes(report, texts)
    left: dict[str, Any] = {"is_caused": is_found(causes), "pasted": pasted_of(report)}
    helping = choose_help(names, texts, None, None, **left)
    # Nobody reads how to find what is known.
    is_said = not (left["is_caused"] and any(is_finding(f"advice:{name}", texts) for name in given[:1]))
    why = helping["why"] or next((text_of(f"advice:{name}", texts) for name in given if is_said), None)
    if (error := f"error:{(report.read or {}).get('error')}") in texts["help"]:
        # What says to delete it is for a server that was never built.
        allowed = None if (report.read or {}).get("action") == _CREATE else frozenset(view.actions) - {_DELETE}
        of_error = choose_help([error], texts, allowed, None, **left)
        why = " ".join(said for said in (of_error["why"], why) if said)
        helping["steps"] = joined_steps(of_error["steps"], helping["steps"])
    told = with_cause_told(
        helping | {"why": why},
        causes,
        texts,
        {"allowed": None, "service": None, "pasted": left["pasted"]},
        # Where its guest is comes before why it did not move; what is asked is answered first.
        is_old=report.record == "migration" and is_found(causes),
    )
    if (report.read or {}).get("foreign"):
        # Of a guest that Nova has not made Nova knows nothing.
        told["steps"] = [step for step in told["steps"] if not _OF_NOVA.search(step["command"] or "")]
    return {
        "record": report.record,
        "release": view.version,
        "verdict": view.verdict_on(situation) or "unknown",
        "advice": [{"id": advice, "text": text_of(f"advice:{advice}", texts)} for advice in given],
        "unknown": list(_unknown(report, situation, view)),
        **told,
    }


def _unknown(report: Report, situation: Mapping[str, str], view: TablesView) -> Iterator[dict[str, Any]]:
    """The status of a migration that no release has, as it was told, with those that are spelled almost like it."""
    if situation.get("migration_status") == _OTHER:
        value = (report.read or {})["status"]
        yield {"attribute": "status", "value": value, "nearest": list(nearest(value, view.migration_statuses))}


def fields_of(report: Report) -> dict[str, Any]:
    """What an answer repeats of the record itself."""
    read = report.read or {}
    found = {name: read.get(name) for name in _FIELDS.get(report.record, _OF_LOGS)}
    return found | {"power_state": report.power_state} if report.record == "hypervisor" else found


def _situation(report: Report, view: TablesView, now: int | None) -> dict[str, str]:
    read = report.read or {}
    found: dict[str, str | None] = {"record": report.record}
    if report.record == "migration":
        status = lower(read.get("status"))
        is_known = status is None or status in view.migration_statuses
        found |= {
            "migration_status": status if is_known else _OTHER,
            "migration_type": lower(read.get("migration_type")),
        }
        found |= {"age": _age(read, view, now), "copied": copied_of(read)}
    elif report.record == "event":
        found |= {"result": result_of(read), "action": read.get("action")}
    elif report.record == "hypervisor":
        found |= {"hypervisor": _power(report, view), "domain_state": read.get("state"), "reason": reason_of(read)}
        found |= {"domain": next((word for word in ("foreign", "twice", "elsewhere") if read.get(word)), None)}
    elif report.record == "volume":
        found |= {"status": lower(read.get("status"))}
    elif report.record == "service":
        found |= {"service": state_of_service(read), "marked": marked_of(read), **read.get("words", {})}
    return {attribute: word for attribute, word in found.items() if word is not None}


def _age(read: Mapping[str, Any], view: TablesView, now: int | None) -> str | None:
    """Whether a migration's record has not changed for longer than a task may last in which memory is copied."""
    changed = seconds_of(read.get("updated"))
    changed = seconds_of(read.get("created")) if changed is None else changed
    told = read.get("age_seconds") if changed is None or now is None else now - changed
    if told is None:
        return None
    patience = view.tables["patience"]
    return "overdue" if told > max(patience["default"], *patience["tasks"].values()) else "recent"


def _power(report: Report, view: TablesView) -> str | None:
    return next((name for number, name, _ in view.power_states if number == report.power_state), None)


def _values(report: Report) -> Iterator[str]:
    """What is said of a record's values: of a migration's status, of the name of an event or an action."""
    read = report.read or {}
    if report.record == "migration" and read.get("status"):
        yield f"migration_status:{file_stem(read['status'])}"
    if report.record == "event":
        yield from (f"event:{file_stem(read[name])}" for name in ("event", "action") if read.get(name))

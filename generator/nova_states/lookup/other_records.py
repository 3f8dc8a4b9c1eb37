"""Answers about records that tell of no server's states: migrations, events, domains, volumes and services.

docs/assets/lookup/records.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nova_states.explanations.loading import file_stem
from nova_states.lookup.helping import choose_help
from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "migration": ("status", "migration_type", "server", "source", "destination"),
    "event": ("action", "event", "result", "message", "request_id", "server", "host"),
    "hypervisor": ("domain", "state", "reason"),
    "volume": ("status", "server"),
    "service": ("binary", "host", "status", "state", "forced_down"),
}
"""Record → what an answer repeats of it."""
OTHER_RECORDS: Final = frozenset(_FIELDS)
_RESULTS: Final = {"success": "success", "error": "error"}


def explain_record(report: Report, view: TablesView, texts: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a record; commands have their placeholders."""
    read = report.read or {}
    situation = _situation(report, view)
    given = list(view.advice(situation, frozenset()))
    found = choose_help(_names(report, given), texts, None, None)
    verdict = view.verdict_on(situation) or "unknown"
    answer: dict[str, Any] = {
        "record": report.record,
        "release": view.version,
        **{name: read.get(name) for name in _FIELDS[report.record]},
        "verdict": verdict,
        "advice": [{"id": advice, "text": texts["advice"][advice]} for advice in given],
        **found,
    }
    if report.record == "hypervisor":
        answer["power_state"] = report.power_state
    return answer


def _situation(report: Report, view: TablesView) -> dict[str, str]:
    read = report.read or {}
    found: dict[str, str | None] = {"record": report.record}
    if report.record == "migration":
        found |= {"migration_status": _lower(read.get("status")), "migration_type": _lower(read.get("migration_type"))}
    elif report.record == "event":
        result = _lower(read.get("result")) or _lower(read.get("message"))
        known = "result" in read or "message" in read
        found |= {"result": _RESULTS.get(result or "") or ("running" if read.get("event") and known else None)}
        found |= {"action": read.get("action")}
    elif report.record == "hypervisor":
        found |= {"hypervisor": _power(report, view), "status": _lower(read.get("reason"))}
    elif report.record == "volume":
        found |= {"status": _lower(read.get("status"))}
    else:
        found |= {"service": _service(read)}
    return {attribute: word for attribute, word in found.items() if word is not None}


def _power(report: Report, view: TablesView) -> str | None:
    return next((name for number, name, _ in view.power_states if number == report.power_state), None)


def _service(read: Mapping[str, Any]) -> str | None:
    """What is known of a service: it is down whatever its status, and one that is up may take no new servers."""
    state = _lower(read.get("state"))
    if state == "down" or read.get("forced_down") is True:
        return "down"
    if state == "up":
        return "maintenance" if _lower(read.get("status")) == "disabled" else "up"
    return None


def _lower(value: object) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _names(report: Report, given: list[str]) -> Iterator[str]:
    """What may help: advice first, then what is said of the value itself."""
    read = report.read or {}
    yield from (f"advice:{advice}" for advice in given)
    if report.record == "migration" and read.get("status"):
        yield f"migration_status:{file_stem(read['status'])}"
    if report.record == "event":
        yield from (f"event:{file_stem(read[name])}" for name in ("event", "action") if read.get(name))

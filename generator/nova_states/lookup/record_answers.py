"""What is said of a record beyond the states it implies: what it is, what its own words mean, what was not read.

docs/assets/lookup/records.js does the same in the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nova_states.lookup.report import Report

OF_STATES: Final = ("server", "refusal", "fault", "log", "tool")
"""Records that are answered by the states that they tell of; others have no states of a server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordAnswers:
    """Answers for one release, in one language."""

    grammar: Mapping[str, Any]
    """Of the compiled tables."""
    texts: Mapping[str, Any]
    release: str

    def own(self, report: Report) -> dict[str, Any]:
        """What is said of a record that is no server's and implies no states of one."""
        read = dict(report.read or {})
        if report.record == "hypervisor":
            read["power_state"] = report.power_state
        found = {name: value for name, value in read.items() if name not in ("id", "name")}
        return {"release": self.release, **found, "verdict": self._verdict(report.record, read)}

    def added(self, report: Report) -> dict[str, Any]:
        """The keys that are added to every answer: what the record is, what else was read, what was not."""
        read = report.read or {}
        added: dict[str, Any] = {"record": report.record}
        if report.record == "server":
            added |= {"launched": report.launched, "since": read.get("updated")}
            added |= {name: read[name] for name in ("host", "host_status", "locked", "fault") if name in read}
        elif report.record == "refusal":
            asked = report.asked
            added["refusal"] = {
                "action": asked and asked.action,
                "error": read.get("error"),
                "http": read.get("http"),
                "attribute": asked and asked.attribute,
                "value": asked and asked.value,
            }
        elif report.record in OF_STATES:
            added |= read
        why = self._why(report)
        return {**added, "why": why, "steps": [], "runbook": None, "unread": list(report.unread)}

    def _verdict(self, record: str, read: Mapping[str, Any]) -> str:
        for name, verdicts in self.grammar["verdicts"].get(record, {}).items():
            verdict = verdicts.get(str(read.get(name)).lower())
            if verdict:
                return str(verdict)
        return "unknown"

    def _why(self, report: Report) -> str | None:
        """What the words of a record mean, where they are explained."""
        read = report.read or {}
        fault = read.get("fault") or {}
        for kind, name in self.grammar["meanings"].get(report.record, ()):
            value = read.get(name) or fault.get(name)
            meaning = self.texts["records"][kind].get(value)
            if meaning:
                return f"{meaning[0]}: {meaning[1]}"
        error = self.texts["records"]["error"].get(fault.get("error")) if report.record == "server" else None
        if error:
            return f"{error[0]}: {error[1]}"
        return None if report.record in OF_STATES else str(self.texts["words"]["no_record_text"])

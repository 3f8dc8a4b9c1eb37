"""Tells guests of libvirt that somebody made by hand from those of Nova, which has a name of its own for each.

docs/assets/lookup/reading/foreign_domains.js does the same in the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.records import domain_report
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import put_causes

FOREIGN: Final = "foreign"
"""Of a domain's `read`: nothing says that Nova made it."""
_DOMAIN: Final = "hypervisor"
_MESSAGES: Final = ("fault", "log")


def name_foreign(reports: Sequence[Report], text: str, grammar: Grammar) -> list[Report]:
    """The records, where all are domains without a sign of Nova, and messages: each domain says so.

    What a message tells of the cause is said of the first domain; of a command that failed, its domain is a record.
    """
    found = list(reports)
    products, shapes = grammar.plain["products"], grammar.plain[_DOMAIN]
    part = on_one_line(text, grammar)
    has_nova = compile_pattern(products["own"], any_case=True).search(part) or compile_pattern(shapes["named"]).search(
        part
    )
    if has_nova or any(report.record not in (_DOMAIN, *_MESSAGES) or report.id for report in found):
        return found
    domains = [report for report in found if report.record == _DOMAIN]
    named = compile_pattern(shapes["failed"]).search(part)
    if not domains and named:
        domains = [replace(domain_report(named["domain"], None, None, grammar), given=found[0].given if found else {})]
    if not domains or not all((report.read or {}).get("domain") for report in domains):
        return found
    causes = ((report.read or {}) for report in found if report.record in _MESSAGES)
    told = next((read for read in causes if read.get("cause")), {})
    first, *others = [replace(report, read={**(report.read or {}), FOREIGN: True}) for report in domains]
    message = (told.get("fault") or told).get("message")
    first = put_causes(
        replace(first, read={**(first.read or {}), "message": message}), told.get("cause"), told.get("also")
    )
    failed = compile_pattern(shapes["failed"])
    unread = tuple(line for report in found for line in report.unread if not failed.search(line))
    return [replace(first, unread=unread), *others]

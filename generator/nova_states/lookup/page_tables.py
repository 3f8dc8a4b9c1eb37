"""The tables that a page fetches: those of the command line, with what only a paste needs among the messages.

An address waits for a language's tables alone, and nobody reads a paste without the messages. What is said of
errors, lines of a log, causes, events, migrations, domains, volumes and services is fetched once a paste has one, in
parts of a few kB: however much there is to say of all causes, a paste quotes one or two. By which words people ask
something is such a part, for a paste that has more than records. At which lines other releases than the latest do what
happens by itself is fetched once somebody chooses one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nova_states.lookup.log_lines import TOLD
from nova_states.lookup.root_causes import CAUSES, is_of_question
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.together import DOWN

_OF_PASTES: Final = "grammar"
"""Of a language's tables, what only readers of pastes look into."""
_EVENT: Final = "event:"
_NAMED: Final = (0, None)
"""What stands for what is said of an event until that is fetched."""
_ADVICE: Final = "advice:"
_UNSAID: Final = ("", None)
"""What stands for an advice until it is fetched."""
_OTHERS: Final = ("hypervisor", "volume", "service", "allocation", "event", "migration")
"""Records of which most pastes have none."""
_OF_DOMAINS: Final = ("hypervisor", "reason", "domain_state")
"""What only a domain tells of a server."""
_FLEET: Final = "fleet"
_OPEN: Final = {"unknown", "none"}
_ERROR: Final = "error:"
_OF_RECORDS: Final = (_EVENT, "migration_status:", _ERROR)
"""What is said of these helps with no record but their own; docs/assets/lookup/said_parts.js asks for it then."""
_BY_NAME: Final = ("cause", "error", "log_message")
"""Kinds of which a record names the very ones that it needs; all of the others is one part."""
_QUESTIONS: Final = "questions"
"""The part that has what tells a question, and its name there."""
_STEPS: Final = "steps"
_OF_RELEASES: Final = ("orders", "sequences")
"""Of what happens by itself, what is another for each release."""
_UNTOLD: Final = 0
"""What stands for that of a release until it is fetched."""
_PARTS: Final = 24
_OTHERS_PART: Final = "records"
_DOMAINS: Final = "advice:domain_"
_DOMAINS_PART: Final = "domains"
"""What only a domain asks for, which is as much as all other records together."""

_OF_OTHERS: Final = (
    "box_hint", "example", "privacy", "summary_fine", "summary_first", "summary_unless", "summary_untold",
    "unexplained", "without_script",
)  # fmt: skip
"""Words of the command line, and of what stands on the page before its scripts run."""


def part_of(name: str) -> str:
    """The part that has what is said of something, by its name among what helps; said_parts.js knows it too."""
    if name == _QUESTIONS:
        return name
    if name.partition(":")[0] in _BY_NAME:
        return str(sum(name.encode()) % _PARTS)
    return _DOMAINS_PART if name.startswith(_DOMAINS) else _OTHERS_PART


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTables:
    """The files that the page of a language fetches."""

    tables: str
    """What every answer is made of."""
    messages: str
    """What reads a paste."""
    said: dict[str, str]
    """By part, what is said of some records; one part has by which words people ask."""
    steps: str
    """What happens by itself in all releases; `tables` has that of the latest alone."""


def page_tables(language: str) -> PageTables:
    """A language's tables, its messages, what is said of some records, and what other releases than the latest do."""
    tables, messages = load_tables(language), load_tables(f"messages_{language}")
    helping = tables["texts"]["help"]
    advised = {f"{_ADVICE}{name}" for name in _advice_of_others(tables["advice"])}
    of_records = {name: helping[name] for name in helping if name.startswith(_OF_RECORDS) or name in advised}
    words = {name: text for name, text in tables["texts"]["words"].items() if not name.startswith(_OF_OTHERS)}
    # Which names events have is asked for by the reader.
    named: dict[str, Any] = {name: _NAMED for name in of_records if name.startswith(_EVENT)}
    named |= {name: _UNSAID for name in of_records if name.startswith(_ERROR)}
    named |= dict.fromkeys(sorted(advised), _UNSAID)
    left = {name: helping[name] for name in helping if name not in of_records} | named
    texts = tables["texts"] | {"help": left, "words": words}
    said: dict[str, dict[str, Any]] = {}
    for name, text in (of_records | load_tables(TOLD)[language]).items():
        said.setdefault(part_of(name), {})[name] = text
    causes = messages[CAUSES]
    said[_QUESTIONS] = {_QUESTIONS: [row for row in causes if is_of_question(row)]}
    messages = messages | {CAUSES: [row for row in causes if not is_of_question(row)]}
    steps = tables[_STEPS]
    own = {"texts": texts, _STEPS: steps | _of_latest(tables)}
    return PageTables(
        tables=_text({name: tables[name] for name in tables if name != _OF_PASTES} | own),
        messages=_text(messages | {_OF_PASTES: tables[_OF_PASTES]}),
        said={part: _text(table) for part, table in sorted(said.items())},
        steps=_text({name: steps[name] for name in _OF_RELEASES}),
    )


def _of_latest(tables: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Orders and sequences of rows, each in its place, of the latest release."""
    place = tables["versions"][tables["latest"]][tables["parts"].index(_STEPS)]
    steps = tables[_STEPS]
    wanted = {"sequences": place, "orders": steps["sequences"][place][0]}
    return {
        name: [one if number == wanted[name] else _UNTOLD for number, one in enumerate(steps[name])]
        for name in _OF_RELEASES
    }


def _advice_of_others(rules: Sequence[Sequence[Any]]) -> set[str]:
    """Advice that is given of other records than servers alone, or of what domains or services tell of a server."""

    def is_of_others(record: str, when: Mapping[str, Sequence[str]]) -> bool:
        told = (name for name in _OF_DOMAINS if name in when)
        is_of_services = DOWN in when.get(_FLEET, ())
        return record in _OTHERS or is_of_services or any(not _OPEN.intersection(when[name]) for name in told)

    usual = {name for name, record, when, *_ in rules if not is_of_others(record, when)}
    return {name for name, *_ in rules} - usual


def _text(table: dict[str, Any]) -> str:
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"

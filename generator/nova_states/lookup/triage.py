"""Many records as a table for triage: the worst first, those of one advice together. The same table as Markdown.

docs/assets/lookup/triage.js does the same in the page; tests hold both to the same tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.lookup.filling import steps_for_all

_COLUMNS: Final = ("verdict", "states", "servers", "to_do")
"""Words that head the columns."""
TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "migration": ("migration_type", "status", "source", "destination", "server"),
    "event": ("action", "event", "result", "server"),
    "hypervisor": ("domain", "state", "reason"),
    "volume": ("status", "server"),
    "allocation": ("provider", "resources", "server"),
    "service": ("binary", "host", "status", "state"),
    "log": ("level", "message"),
}
"""Record → what of it is told beside its verdict."""
OF_A_MOMENT: Final = {"log": "states_then", "refusal": "states_refused"}
"""Record whose states are of a moment that has passed → the word that says so."""
_FAILED: Final = ("Error", "error")
_BESIDE_SHOWN: Final = 6
_SIGNS: Final = re.compile(r"[\\`*_\[\]<>|#~&]")
"""What would mean something in Markdown."""


@dataclass(kw_only=True)
class Group:
    """Records that the same is advised for."""

    shared: Mapping[str, Any]
    """What is said of each of them."""
    why: str
    states: dict[str, None] = field(default_factory=dict)
    """What `state_of` says of them, in the order of the paste."""
    answers: list[Mapping[str, Any]] = field(default_factory=list)
    """As `nova-states explain --format json` prints them."""
    values: list[Mapping[str, str]] = field(default_factory=list)
    """What of each goes into commands."""

    @property
    def verdict(self) -> str:
        """One for all."""
        return str(self.shared["verdict"])

    @property
    def steps(self) -> list[dict[str, Any]]:
        """With commands for all of its records."""
        return steps_for_all(self.shared["steps"], self.values)


def triage(
    answers: Iterable[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, str]]],
    texts: Mapping[str, Any],
    power_states: Iterable[tuple[int, str, str | None]],
) -> list[Group]:
    """Groups of answers, the worst first, then those of the most records.

    Args:
        answers: What is said of all records in a situation (`Explainer.explain`), the answer with its own, and what
            goes into its commands (`nova_states.lookup.filling.values_of`).
        texts: `nova_states.lookup.texts`.
        power_states: Number, constant and label of each.
    """
    verdicts = list(texts["verdicts"])
    powers = {number: name for number, name, _ in power_states}
    groups: dict[str, Group] = {}
    for shared, answer, values in answers:
        why = shared["why"] if shared["why"] is not None else texts["verdicts"][headline_of(shared)][1]
        key = json.dumps([headline_of(shared), why, shared["steps"], shared["runbook"]])
        group = groups.setdefault(key, Group(shared=shared, why=why))
        group.answers.append(answer)
        group.values.append(values)
        group.states[state_of(answer, texts["words"], powers)] = None
    return sorted(groups.values(), key=lambda group: (verdicts.index(group.verdict), -len(group.answers)))


def telling_of(answer: Mapping[str, Any]) -> str:
    """What is told of a record that is no server."""
    values = (answer[name] for name in TELLING[answer["record"]])
    return " ".join(_text(value) for value in values if value is not None)


def beside_lines(records: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Iterator[str]:
    """What is told of a server elsewhere in the paste, a line a record."""
    for record in records[:_BESIDE_SHOWN]:
        kind = words[f"record_{record['record']}"]
        failed = (event["message"] for event in record.get("events") or () if event["result"] in _FAILED)
        yield ": ".join(part for part in (kind, telling_of(record), next(failed, None)) if part)
    if len(records) > _BESIDE_SHOWN:
        yield words["rest"].format(count=len(records) - _BESIDE_SHOWN)


def state_of(answer: Mapping[str, Any], words: Mapping[str, str], powers: Mapping[Any, str]) -> str:
    """STATUS vm_state / task_state / number CONSTANT; of other records what they tell."""
    if "vm_state" not in answer:
        kind = words[f"record_{answer['record']}"]
        return f"{kind}: {telling_of(answer)}"
    return f"{answer['status'] or '?'} {states_of(answer, powers)}"


def headline_of(answer: Mapping[str, Any]) -> str:
    """What an answer begins with: its verdict, or that a request was refused."""
    return str(answer.get("headline", answer["verdict"]))


def refused_of(answer: Mapping[str, Any]) -> list[str]:
    """The action that was refused, as it was asked for; empty where nothing was, or nobody knows what."""
    refusal, asked = answer.get("refusal"), answer.get("asked")
    word = asked["word"] if asked else refusal["action"] if refusal else None
    return [word] if refusal and word and answer["record"] == "refusal" else []


def states_of(answer: Mapping[str, Any], powers: Mapping[Any, str]) -> str:
    """vm_state / task_state / number CONSTANT; what was not told is "?"."""
    number = answer["power_state"]
    vm_state = answer["vm_state"] or "|".join(answer["vm_state_candidates"] or []) or "?"
    power = f"{number} {powers[number]}" if number in powers else "?" if number is None else str(number)
    return " / ".join((vm_state, answer["task_state"] or ("-" if answer["task_known"] else "?"), power))


def markdown_lines(groups: Iterable[Group], texts: Mapping[str, Any]) -> Iterator[str]:
    """The table as lines of Markdown, for a ticket: whatever was pasted stands there as text."""
    words = texts["words"]
    yield _row([words[name] for name in _COLUMNS])
    yield _row(["---"] * len(_COLUMNS))
    for group in groups:
        names = (_escaped(name_of(answer)) for answer in group.answers)
        steps = (f"{number}. {_step(step, words)}" for number, step in enumerate(group.steps, 1))
        yield _row([
            f"{texts['verdicts'][headline_of(group.shared)][0]} ({len(group.answers)})",
            "<br>".join(map(_escaped, group.states)),
            "<br>".join(name for name in names if name),
            "<br>".join((_in_cell(group.why), *steps)),
        ])  # fmt: skip


def name_of(answer: Mapping[str, Any]) -> str:
    """What was told as the record's name and id."""
    return " ".join(dict.fromkeys(part for part in (answer["name"], answer["id"]) if part))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _step(step: Mapping[str, Any], words: Mapping[str, str]) -> str:
    told = [_in_cell(step["text"])]
    if step["caution"]:
        told.append(_in_cell(words["caution"].replace("{text}", step["caution"])))
    if step["command"]:
        commands = map(_in_cell, step["command"].split("\n"))
        told += [f"``` {command} ```" if "`" in command else f"`{command}`" for command in commands]
    return " ".join(told)


def _text(value: object) -> str:
    """A value of a record as JSON spells it."""
    return value if isinstance(value, str) else json.dumps(value)


def _in_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))

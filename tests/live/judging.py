"""Holds what was told of an output to what is true: a list of what is told wrongly, and of what is not told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nova_states.errors import InputError
from nova_states.interface import Answer, explain
from tests.live.looks import Look
from tests.live.truth import Record


def judge(look: Look, release: str) -> list[str]:
    """What is wrong of that which is told of an output; nothing where all is right."""
    if not look.records:
        # An empty table has nothing to tell of; that it says so is as good as anything.
        return []
    try:
        answers = explain(look.text, release=release)
    except InputError as error:
        return [f"nothing is recognised: {error}"]
    return list(_differences(look.records, answers))


def _differences(records: Sequence[Record], answers: Sequence[Answer]) -> Iterator[str]:
    kinds = sorted({str(record["record"]) for record in records} | {answer.record for answer in answers})
    for kind in kinds:
        true = [record for record in records if record["record"] == kind]
        told = [answer for answer in answers if answer.record == kind]
        if len(true) != len(told):
            yield f"{kind}: {len(told)} told, {len(true)} there"
        for record in true:
            # Which was meant is what differs least: the order of an output is nobody's promise.
            of_it = [answer for answer in told if answer.id is not None and answer.id == record.get("id")] or told
            answer = min(of_it, key=lambda answer: len(list(_wrong(record, answer))), default=None)
            if answer:
                told.remove(answer)
                yield from _wrong(record, answer)
    unread = [part for answer in answers for part in answer.unread]
    if unread:
        yield f"not understood: {unread}"


def _wrong(record: Record, answer: Answer) -> Iterator[str]:
    for name, true in record.items():
        told = _told(name, answer)
        if not _is_same(name, true, told):
            yield f"{answer.record}.{name}: told {told!r}, is {true!r}"


def _told(name: str, answer: Answer) -> object:
    if name == "fault":
        return answer.fault and answer.fault["message"]
    if answer.refusal and name in ("action", "attribute", "value"):
        return answer.refusal[name]
    return answer.read.get(name) if name in answer.read else getattr(answer, name, None)


def _is_same(name: str, true: object, told: object) -> bool:
    if name == "vm_state_candidates":
        return isinstance(told, Sequence) and true in told
    if name == "fault" and isinstance(true, str) and isinstance(told, str):
        # A table breaks lines and drops blanks.
        return "".join(true.split()) == "".join(told.split())
    return true == told

"""Answers a refusal as a refusal: what was asked, why not, what is allowed instead, or that it is so already.

docs/assets/lookup/refusals.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_states.lookup.report import Report
from nova_states.lookup.tables_view import TablesView

_MOST_INSTEAD: Final = 2


def asked_action(report: Report, view: TablesView, pairs: Sequence[tuple[str, str | None]] = ()) -> str | None:
    """The action that was refused: of several that a word means one that is refused in all states that may be meant."""
    if report.asked is None:
        return None
    names = [name for name in view.names(report.asked.action) if name in view.known_actions]
    decided = [view.decisions(*pair, launched=report.launched is not False) for pair in pairs]
    places = {action: place for place, action in enumerate(view.actions)}
    refused = [
        name for name in names if decided and name in places and all(decisions[places[name]] for decisions in decided)
    ]
    return next(iter(refused or names), None)


def wish_of(action: str | None, vm_state: str | None, view: TablesView, *, has_task: bool) -> str | None:
    """Whether who asked for an action has what it would bring about: "fulfilled" or "open"; None: nothing was asked."""
    if action is None:
        return None
    ends = view.tables["wishes"].get(action, ())
    return "fulfilled" if vm_state in ends and not has_task else "open"


def refusal_of(
    report: Report, action: str | None, wish: str | None, answer: Mapping[str, Any], view: TablesView
) -> dict[str, Any] | None:
    """The key `refusal` of an answer; None where nothing was refused."""
    read = report.read or {}
    told = read.get("refused")
    if report.asked is None and report.record != "refusal" and not told:
        return None
    refused = {refusal["action"]: refusal for refusal in answer["refused"]}.get(action or "", {})
    is_told = report.asked is not None and report.asked.attribute is not None
    return {
        "action": action,
        "error": read.get("error"),
        "http": told["http"] if told else read.get("http"),
        "attribute": report.asked.attribute if report.asked and is_told else refused.get("attribute"),
        "value": report.asked.value if report.asked and is_told else refused.get("value"),
        "fulfilled": wish == "fulfilled",
        "instead": _instead(action, answer, view) if wish == "open" else [],
    }


def _instead(action: str | None, answer: Mapping[str, Any], view: TablesView) -> list[str]:
    """Allowed actions that bring about what was wished for, the useful first."""
    wishes: Mapping[str, list[str]] = view.tables["wishes"]
    ends = set(wishes.get(action or "", ()))
    others = (name for name in wishes if name != action and name in answer["allowed"])
    return [name for name in others if ends.intersection(wishes[name])]


def is_allowed_now(refusal: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether a state was given for a reason that does not refuse the action in this release."""
    return refusal["attribute"] is not None and refusal["action"] in answer["allowed"]


def why_refused(
    refusal: Mapping[str, Any], answer: Mapping[str, Any], texts: Mapping[str, Any], ends: Sequence[str]
) -> str | None:
    """Why not, in words.

    Args:
        refusal: `refusal_of`.
        answer: What is said of the states.
        texts: `nova_states.lookup.texts`.
        ends: The vm_states in which the running task can end well.
    """
    words = texts["words"]
    if refusal["action"] is None:
        return None
    values = {
        "release": answer["release"],
        "action": refusal["action"],
        "state": answer["vm_state"],
        "task": answer["task_state"],
    }
    if refusal["fulfilled"]:
        return str(words["refusal_fulfilled"]).format(**values)
    if is_allowed_now(refusal, answer):
        return str(words["refusal_allowed"]).format(**values)
    if answer["task_state"] is not None:
        told = str(words["refusal_task"]).format(**values)
        after = str(words["refusal_after"]).format(states=", ".join(ends))
        return f"{told} {after}" if ends else told
    if answer["vm_state"] is not None and refusal["attribute"] == "vm_state":
        return str(words["refusal_state"]).format(**values)
    return None


def steps_instead(refusal: Mapping[str, Any], texts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to ask for instead, as steps."""
    commands = ((name, texts["actions"].get(name)) for name in refusal["instead"])
    return [
        {"text": texts["words"]["instead_step"].format(action=name), "command": action[1], "caution": None}
        for name, action in commands
        if action and action[1]
    ][:_MOST_INSTEAD]

"""Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.

docs/assets/lookup/helping.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

MOST_STEPS: Final = 3
_PARTS: Final = ("text", "command", "caution", "action", "on_start", "vm_states", "until_cause")
_SHOWN: Final = _PARTS[:3]


def choose_help(  # noqa: PLR0913, PLR0917 - what a step may rest on
    names: Iterable[str],
    texts: Mapping[str, Any],
    allowed: Collection[str] | None,
    service: str | None,
    starts: Collection[str] | None = None,
    vm_state: str | None = None,
    *,
    is_caused: bool = False,
) -> dict[str, Any]:
    """Why, what to do in steps, and the runbook.

    Args:
        names: What may help, "advice:active_but_off" or "task_state:deleting", in the order of need.
        texts: `nova_states.lookup.texts`.
        allowed: Actions that the states allow; None: the record tells of no states.
        service: What is known of nova-compute on the host (`nova_states.lookup.situation`).
        starts: What a start of nova-compute does to the server; None: the record tells of no states.
        vm_state: The server's; None where it is not known.
        is_caused: Whether the cause is known: nothing is then done to find it.
    """
    known = [helping for helping in (texts["help"].get(name) for name in names) if helping and helping[1] is not None]
    for why, told, runbook, *_ in known:
        offered = (step for step in map(_as_step, told) if is_offered(step["action"], texts["uses"], allowed, service))
        right = (step for step in offered if _is_right(step, starts, vm_state))
        steps = [step for step in right if not (is_caused and step["until_cause"])]
        if steps:
            shown = [{name: step[name] for name in _SHOWN} for step in steps[:MOST_STEPS]]
            return {"why": why, "steps": shown, "runbook": runbook}
    first_why, _, first_runbook, *_ = known[0] if known else (None, None, None)
    return {"why": first_why, "steps": [], "runbook": first_runbook}


def joined_steps(first: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Steps of two, those without a caution before those with one; what the first leave room for is of the others."""
    commands = {step["command"] for step in first}
    safe = [step for step in others if step["caution"] is None and step["command"] not in commands]
    told = [*first, *safe[: max(0, MOST_STEPS - len(first))]]
    return [step for is_last in (False, True) for step in told if (step["caution"] is not None) == is_last]


def text_of(name: str, texts: Mapping[str, Any]) -> str:
    """All that is said under a name: why, and what else there is to it."""
    why, _, _, *more = texts["help"][name]
    return " ".join([why, *more])


def _as_step(told: Sequence[Any]) -> dict[str, Any]:
    return dict.fromkeys(_PARTS) | dict(zip(_PARTS, told, strict=False))


def _is_right(step: Mapping[str, Any], starts: Collection[str] | None, vm_state: str | None) -> bool:
    """Whether a step is for this vm_state, and a start of nova-compute does what it rests on."""
    if step["vm_states"] and vm_state is not None and vm_state not in step["vm_states"]:
        return False
    return not step["on_start"] or starts is None or any(effect in starts for effect in step["on_start"])


def is_offered(
    action: str | None, uses: Mapping[str, Any], allowed: Collection[str] | None, service: str | None
) -> bool:
    """Whether a step with this action can be taken: the states allow it, and its host is as it has to be."""
    if action is None:
        return True
    if allowed is not None and action not in allowed:
        return False
    host = uses.get(action, (None, "any"))[1]
    if host == "up":
        return service != "down"
    return host != "down" or service != "up"

"""Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.

docs/assets/lookup/helping.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from nova_states.lookup.pasted import is_pasted

MOST_STEPS: Final = 3
_ADVICE: Final = "advice:"
_SENTENCE: Final = re.compile(r"[.] ")
_PARTS: Final = ("text", "command", "caution", "action", "on_start", "vm_states", "until_cause", "service", "shows")
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
    pasted: Collection[str] = (),
) -> dict[str, Any]:
    """Why, what to do in steps, and the runbook.

    Args:
        names: What may help, "advice:active_but_off" or "task_state:deleting", in the order of need.
        texts: `nova_states.lookup.texts`.
        allowed: Actions that the states allow; None: the record tells of no states.
        service: What is known of nova-compute on the host (`nova_states.lookup.situation`).
        starts: What a start of nova-compute does to the server; None: the record tells of no states.
        vm_state: The server's; None where it is not known.
        is_caused: Whether the cause is known: nothing is then done to find it, nor said of how to.
        pasted: What the paste shows (`nova_states.lookup.pasted`): no step asks for it.
    """
    named = ((name, texts["help"].get(name)) for name in names)
    known = [
        [None, helping[1], None] if is_caused and is_finding(name, texts) else helping
        for name, helping in named
        if helping and helping[1] is not None
    ]
    first: tuple[str, str | None] | None = None
    for why, told, runbook, *_ in known:
        offered = (step for step in map(_as_step, told) if is_offered(step["action"], texts["uses"], allowed, service))
        right = (step for step in offered if _is_right(step, starts, vm_state, service))
        steps = [step for step in right if not (is_caused and step["until_cause"])]
        shown = [told for step in steps if (told := _shown(step, pasted)) is not None]
        if shown:
            why, runbook = first or (why, runbook)  # noqa: PLW2901 - what is said first stays said
            return {"why": why, "steps": shown[:MOST_STEPS], "runbook": runbook}
        if steps and first is None:
            first = (why, runbook)
    why, runbook = first or ((known[0][0], known[0][2]) if known else (None, None))
    return {"why": why, "steps": [], "runbook": runbook}


def is_finding(name: str, texts: Mapping[str, Any]) -> bool:
    """Whether an advice is how the cause of a failure is found: its first step. All else tells of a failure."""
    steps = texts["help"][name][1] if name.startswith(_ADVICE) else None
    return steps is not None and bool(steps) and bool(_as_step(steps[0])["until_cause"])


def joined_steps(first: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Steps of two, those without a caution before those with one; what the first leave room for is of the others."""
    commands = {step["command"] for step in first}
    safe = [step for step in others if step["caution"] is None and step["command"] not in commands]
    told = [*first, *safe[: max(0, MOST_STEPS - len(first))]]
    return [step for is_last in (False, True) for step in told if (step["caution"] is not None) == is_last]


def text_of(name: str, texts: Mapping[str, Any]) -> str:
    """All that is said under a name: why, and what else there is to it."""
    why, _, _, *more = texts["help"][name]
    return " ".join([why, *(told for told in more[:1] if told)])


def not_said(text: str, why: str) -> str:
    """A text without the sentences at its beginning that were said as why, or within it."""
    if text in why:
        return ""
    if why and text.startswith(why):
        return text.removeprefix(why)
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return text[max((end for end in ends if text[:end].rstrip() in why), default=0) :]


def _as_step(told: Sequence[Any]) -> dict[str, Any]:
    return dict.fromkeys(_PARTS) | dict(zip(_PARTS, told, strict=False))


def _shown(step: Mapping[str, Any], pasted: Collection[str]) -> dict[str, Any] | None:
    """A step as it is told: without a command that shows what was pasted; None where it has nothing else to say."""
    told = {name: step[name] for name in _SHOWN}
    if not is_pasted(step["command"], pasted, is_all=bool(step["shows"])):
        return told
    return None if step["shows"] and not step["caution"] else told | {"command": None}


def _is_right(
    step: Mapping[str, Any], starts: Collection[str] | None, vm_state: str | None, service: str | None
) -> bool:
    """Whether a step is for this vm_state and this host, and a start of nova-compute does what it rests on."""
    if step["service"] and service is not None and service not in step["service"]:
        return False
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

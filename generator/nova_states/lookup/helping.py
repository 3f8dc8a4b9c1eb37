"""Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.

docs/assets/lookup/helping.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

MOST_STEPS: Final = 3
_SHOWN: Final = ("text", "command", "caution")


def choose_help(  # noqa: PLR0913, PLR0917 - what a step may rest on
    names: Iterable[str],
    texts: Mapping[str, Any],
    allowed: Collection[str] | None,
    service: str | None,
    starts: Collection[str] | None = None,
    vm_state: str | None = None,
) -> dict[str, Any]:
    """Why, what to do in steps, and the runbook.

    Args:
        names: What may help, "advice:active_but_off" or "task_state:deleting", in the order of need.
        texts: `nova_states.lookup.texts`.
        allowed: Actions that the states allow; None: the record tells of no states.
        service: What is known of nova-compute on the host (`nova_states.lookup.situation`).
        starts: What a start of nova-compute does to the server; None: the record tells of no states.
        vm_state: The server's; None where it is not known.
    """
    listed = list(names)
    for name in listed:
        helping = texts["help"].get(name)
        if not helping:
            continue
        offered = (step for step in helping["steps"] if is_offered(step["action"], texts["uses"], allowed, service))
        steps = [step for step in offered if _is_right(step, starts, vm_state)]
        if steps:
            shown = [{name: step[name] for name in _SHOWN} for step in steps[:MOST_STEPS]]
            return {"why": helping["why"], "steps": shown, "runbook": helping["runbook"]}
    first = next((texts["help"][name] for name in listed if name in texts["help"]), None)
    why = first["why"] if first else None
    return {"why": why, "steps": [], "runbook": first["runbook"] if first else None}


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

"""A step of what to do, as explanations of any kind have them; apart, as their loaders share it."""

from __future__ import annotations

from dataclasses import dataclass

from nova_states.explanations.languages import Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do."""

    text: Text
    command: str | None = None
    """What to type, placeholders in braces; None: nothing is typed."""
    caution: Text | None = None
    """What it costs, or when it is wrong; said before the command."""
    action: str | None = None
    """The action it asks Nova for: where the states refuse that, the step is left out."""
    vm_states: tuple[str, ...] = ()
    """Where it is right: in any other vm_state the step is left out; none: in all."""
    on_start: tuple[str, ...] = ()
    """Effects (`Reaction.effect`) of which a start of nova-compute has to have one on the server, "none" where it does
    nothing: else the step is left out."""
    until_cause: bool = False
    """Whether it finds the cause: where a message quotes one that is known, the step is left out."""
    service: tuple[str, ...] = ()
    """What nova-compute on its host has to be ("down"), where that is known: else the step is left out."""
    shows: bool = False
    """It is only to see what its command shows: left out where that was pasted already."""

"""Reads which exceptions can end as a server's fault, and by which actions.

A fault is written where an exception is handed to `add_instance_fault_from_exc`, which most methods of nova-compute
do by a decorator. An exception counts for an action if the action reaches such a function, and the exception can leave
what the function guards; a branch counts whether or not it can be taken.
"""

from __future__ import annotations

from nova_states.facts.model import Count, FaultCause, Section
from nova_states.introspection.error_classes import error_classes
from nova_states.introspection.modules import Modules
from nova_states.introspection.reach.escapes import analyse
from nova_states.introspection.reach.reached import reached_places
from nova_states.introspection.syntax import evidence


def read_fault_causes(modules: Modules) -> Section[FaultCause]:
    """The exceptions that can end as a fault, in the order in which they are defined."""
    whole = modules.whole()
    actions: dict[str, set[str]] = {}
    for action, places in reached_places(whole).items():
        for place in places:
            for name in analyse(whole, follows_messages=True).faults.get(place, ()):
                actions.setdefault(name, set()).add(action)
    facts = tuple(
        FaultCause(
            error=kind.node.name,
            actions=tuple(sorted(actions[kind.name])),
            evidence=evidence(kind.module, kind.node),
        )
        for kind in error_classes(whole, [])
        if kind.name in actions
    )
    count = Count(name="exceptions that can be a fault", read=len(facts), found=len(facts))
    return Section(facts=facts, gaps=(), counts=(count,))

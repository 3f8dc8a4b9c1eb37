"""Reads what the periodic power sync does to a server whose power_state does not fit its vm_state.

Mirrors `ComputeManager._query_driver_power_state_and_sync` and what it calls. A server that the hypervisor does not
know counts as NOSTATE, as it does there. That the database takes over the hypervisor's power_state is a row of its
own, `update_power_state`.
"""

from __future__ import annotations

from nova_states.errors import InputError
from nova_states.facts.model import Reaction, Section
from nova_states.introspection.modules import Modules
from nova_states.introspection.reactions.decider import Decider, decided
from nova_states.introspection.reactions.methods import MANAGER_FILE

_BEGINNINGS = ("_query_driver_power_state_and_sync", "_sync_instance_power_state")
"""Where the sync of one server begins, the outermost first; the outer one is not in every tree."""


def read_power_sync(modules: Modules) -> Section[Reaction]:
    """What happens for every vm_state, task_state and power_state the hypervisor reports."""
    return decided(modules, _add)


def _add(decider: Decider) -> None:
    method = next((found for name in _BEGINNINGS if (found := decider.method(name))), None)
    if method is None:
        raise InputError(f"{MANAGER_FILE}: has none of {', '.join(_BEGINNINGS)}; its power sync is unknown")
    decider.decide(method)

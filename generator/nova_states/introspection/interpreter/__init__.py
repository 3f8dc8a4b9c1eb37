"""Derives every transition of (vm_state, task_state) of a release from its source, by a small abstract interpreter."""

from nova_states.introspection.interpreter.transitions import read_transitions

__all__ = ["read_transitions"]

"""Where a Nova tree has its compute API, the class whose methods requests call, and which of them act on a server."""

from __future__ import annotations

from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import parameter_names

COMPUTE_API = "nova/compute/api.py"
API_CLASS = "API"

_SUBJECTS = frozenset({"instance", "volume_id"})


def is_about_a_server(function: Function) -> bool:
    """Whether a method is given a server, or a volume that one has attached, as what it acts on."""
    return bool(_SUBJECTS.intersection(parameter_names(function)[:3]))

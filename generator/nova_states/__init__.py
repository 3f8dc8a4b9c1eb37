"""Introspects Nova's source and builds the reference of a server's states.

    from nova_states import explain

    for answer in explain({"vm_state": "error", "task_state": None}, release="2026.1"):
        print(answer.verdict, answer.allowed)

`explain` and `Answer` are the interface; every other name may change. Importing the package loads nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nova_states.interface import Answer, explain

__all__ = ["Answer", "__version__", "explain"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load the interface when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nova_states import interface  # noqa: PLC0415 - the command line imports this package and needs none of it

    found: object = getattr(interface, name)
    return found

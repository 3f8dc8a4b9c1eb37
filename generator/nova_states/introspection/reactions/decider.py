"""Decides methods of the compute manager and gives what they do as a section of facts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from nova_states.errors import InputError
from nova_states.facts.model import Count, Gap, Reaction, Section
from nova_states.introspection.constant_evaluator import PyValue, UnreadableError
from nova_states.introspection.constants import state_values
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.modules import Modules
from nova_states.introspection.reactions.assumptions import FAILS, HOLDS, test
from nova_states.introspection.reactions.decision_table import build_rows, undecided
from nova_states.introspection.reactions.follower import Follower
from nova_states.introspection.reactions.methods import MANAGER, MANAGER_FILE, Methods
from nova_states.introspection.reactions.path_state import (
    POWER_STATE,
    Code,
    Path,
    ServerObject,
    all_combinations,
    runtime_name,
)
from nova_states.introspection.reactions.unread_calls import UnreadCalls
from nova_states.introspection.syntax import evidence, parameter_names

_POWER_STATE = "vm_power_state"
"""Nova's name for the parameter that holds what the hypervisor reports."""


class Decider:
    """Decides methods of one tree's compute manager."""

    def __init__(self, modules: Modules) -> None:
        """Read the tree's states.

        Raises:
            InputError: the tree lacks the files that define them.
        """
        power_states = state_values(modules, "power_state")
        self._power_names: dict[PyValue, str] = {number: name for name, number in power_states.items()}
        self._whole = all_combinations(modules)
        self.methods = Methods(
            modules=modules,
            nostate=frozenset((power_states.get("NOSTATE"),)),
            error=state_values(modules, "vm_state").get("ERROR"),
        )
        self._follower = Follower(
            modules=modules,
            methods=self.methods,
            unread_calls=UnreadCalls(modules=modules, methods=self.methods),
        )
        self._rows: list[Reaction] = []
        self._gaps: list[Gap] = []
        self._counts: list[Count] = []

    def method(self, name: str) -> Code | None:
        """A method of the compute manager."""
        return self.methods.method(MANAGER, name)

    def decide(self, method: Code, tests: Sequence[ast.expr] = ()) -> None:
        """Add what `method` does to the server it is given, for every combination of states.

        Args:
            method: The method.
            tests: Those of its caller of which each must hold, or it is not given a server at all.
        """
        paths = self._follow(method)
        paths.extend(self._left_out(method, one) for one in tests)
        self._rows.extend(build_rows(paths, self._whole, self._power_names, idle=True))
        missing = len(undecided(paths, self._whole))
        if missing:
            self.report(method, f"{method.name} is not decided for {missing} combinations of states")
        found = len(list(self._whole.combinations()))
        self._counts.append(Count(name=f"combinations of {method.name}", read=found - missing, found=found))

    def _left_out(self, method: Code, tested: ast.expr) -> Path:
        """The way of a server that the method is not given."""
        variable, opposite = test(tested, tested.lineno)
        outcome = HOLDS if opposite else FAILS
        place = evidence(method.module, tested, f"{MANAGER}.init_host")
        return Path(box=self._whole, branch=place, names={}, assumptions=((variable, frozenset((outcome,))),))

    def note(self, method: Code) -> None:
        """Add what `method` does to the servers that it looks for by itself."""
        self._rows.extend(build_rows(self._follow(method), self._whole, self._power_names, idle=False))

    def report(self, method: Code, reason: str) -> None:
        """Add a gap."""
        self._gaps.append(Gap(file=method.module.path, line=method.node.lineno, reason=reason))

    def section(self) -> Section[Reaction]:
        """All that was added."""
        return Section(facts=tuple(self._rows), gaps=tuple(self._gaps), counts=tuple(self._counts))

    def _follow(self, method: Code) -> list[Path]:
        names = {name: _stands_for(name) for name in parameter_names(method.node)}
        start = Path(box=self._whole, branch=evidence(method.module, method.node, method.name), names=names)
        try:
            return self._follower.run(method.node.body, start, method)
        except UnreadableError as error:
            self._gaps.append(Gap(file=error.path, line=error.line, reason=error.reason))
            return []


def _stands_for(parameter: str) -> PyValue:
    """What a parameter holds, by its name in Nova."""
    if is_server_name(parameter):
        return ServerObject()
    return POWER_STATE if parameter == _POWER_STATE else runtime_name(parameter)


def decided(modules: Modules, add: Callable[[Decider], None]) -> Section[Reaction]:
    """The section that `add` fills; a tree that cannot be read at all is a gap."""
    try:
        decider = Decider(modules)
        add(decider)
    except InputError as error:
        return Section(facts=(), gaps=(Gap(file=MANAGER_FILE, line=1, reason=str(error)),), counts=())
    return decider.section()

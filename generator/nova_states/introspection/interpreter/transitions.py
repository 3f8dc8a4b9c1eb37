"""The transitions of one release: every entry point is read, and every write of state is accounted for."""

from __future__ import annotations

from nova_states.facts.model import Count, Gap, Guard, Section, Transition
from nova_states.introspection.guards import read_guards
from nova_states.introspection.interpreter import emission, entry_points
from nova_states.introspection.interpreter.abstract_state import ObjectView, State, read_universe
from nova_states.introspection.interpreter.exception_sources import read_origins
from nova_states.introspection.interpreter.interpreter import OPERATIONS
from nova_states.introspection.interpreter.machine import Arguments, BudgetError, Context, Frame, Machine, StateWrite
from nova_states.introspection.interpreter.slicing import read_relevance
from nova_states.introspection.interpreter.unreached_writes import explain, load_gaps
from nova_states.introspection.interpreter.write_sites import write_sites
from nova_states.introspection.modules import Modules

_DELETE = "delete"
"""The action that is let in whatever else is at work."""


def read_transitions(modules: Modules) -> Section[Transition]:
    """Every change of vm_state and task_state, with the write sites that no entry point reaches as gaps."""
    relevance = read_relevance(modules)
    guards = _guards(modules)
    machine = Machine(
        operations=OPERATIONS,
        modules=modules,
        universe=read_universe(modules),
        relevance=relevance,
        origins=read_origins(modules, relevance),
        guards=guards,
        delete_guards=tuple(one for some in guards.values() for one in some if one.action == _DELETE),
    )
    found: dict[str, dict[StateWrite, None]] = {}
    gaps: list[Gap] = []
    for entry in entry_points.in_order(machine):
        try:
            _follow(machine, entry)
        except BudgetError:
            gaps.append(_incomplete(entry))
        edges = found.setdefault(entry.action, {})
        edges.update(machine.sinks.pop())
        machine.left_in[entry.action] = emission.ends(edges)
    for path, line, _ in machine.written:
        modules.claims.writes.setdefault(path, set()).add(line)
    facts = [row for action, edges in found.items() for row in emission.rows(action, edges, machine.universe)]
    sites = list(write_sites(modules))
    missed = [site for site in sites if (site.path, site.line, site.column) not in machine.written]
    gaps.extend(explain(missed, load_gaps()))
    gaps.extend(Gap(file=site.path, line=site.line, reason=reason) for site, reason in machine.unread.items())
    count = Count(name="write sites", read=len(sites) - len(missed), found=len(sites))
    return Section(facts=tuple(emission.ordered(facts)), gaps=tuple(gaps), counts=(count,))


def _guards(modules: Modules) -> dict[tuple[str, str], list[Guard]]:
    """The guards that hold always, by the function they stand before."""
    found: dict[tuple[str, str], list[Guard]] = {}
    for guard in read_guards(modules).facts:
        if guard.when is None and guard.evidence.function is not None:
            found.setdefault((guard.evidence.file, guard.evidence.function), []).append(guard)
    return found


def _follow(machine: Machine, entry: entry_points.Entry) -> None:
    """Read an entry point; its edges are the machine's last sink.

    Raises:
        BudgetError: it takes more steps than any honest source needs.
    """
    machine.sinks = [{}]
    machine.messages = [{}]
    machine.steps = 0
    machine.action = entry.action
    machine.anchored = entry.anchored
    frame = Frame(module=entry.routine.module, function="", owner=None, last_reads={}, actor=entry.actor)
    views = (ObjectView(),) if entry.anchored and entry.row.exists else ()
    world = State(row=entry.row, views=views, names={})
    arguments = Arguments(named=entry_points.parameters(entry))
    Context(machine=machine, frame=frame).call(entry.routine.node, entry.routine, arguments, world)
    machine.deliver()


def _incomplete(entry: entry_points.Entry) -> Gap:
    routine = entry.routine
    return Gap(file=routine.path, line=routine.line, reason=f"incomplete: {entry.action} takes too many steps to read")

"""The transitions of one release: every entry point is read, and every write of state is accounted for."""

from __future__ import annotations

from generator.facts.model import Count, Gap, Guard, Section, Transition
from generator.introspection.flow import entries, rows
from generator.introspection.flow.gaps import explain, load_gaps
from generator.introspection.flow.interpreter import Interpreter
from generator.introspection.flow.machine import BudgetError, Edge, Exits, Frame, Machine
from generator.introspection.flow.origins import read_origins
from generator.introspection.flow.relevance import read_relevance
from generator.introspection.flow.sites import write_sites
from generator.introspection.flow.states import View, World, read_universe
from generator.introspection.guards import read_guards
from generator.introspection.modules import Modules


def read_transitions(modules: Modules) -> Section[Transition]:
    """Every change of vm_state and task_state, with the write sites that no entry point reaches as gaps."""
    relevance = read_relevance(modules)
    machine = Interpreter(
        modules=modules,
        universe=read_universe(modules),
        relevance=relevance,
        origins=read_origins(modules, relevance),
        guards=_guards(modules),
    )
    found: dict[str, dict[Edge, None]] = {}
    gaps: list[Gap] = []
    for entry in entries.in_order(machine):
        try:
            _follow(machine, entry)
        except BudgetError:
            gaps.append(_incomplete(entry))
        edges = found.setdefault(entry.action, {})
        edges.update(machine.sinks.pop())
        machine.left_in[entry.action] = rows.ends(edges)
    facts = [row for action, edges in found.items() for row in rows.rows(action, edges, machine.universe)]
    sites = list(write_sites(modules))
    missed = [site for site in sites if (site.path, site.line, site.column) not in machine.written]
    gaps.extend(explain(missed, load_gaps()))
    gaps.extend(Gap(file=site.path, line=site.line, reason=reason) for site, reason in machine.unread.items())
    count = Count(name="write sites", read=len(sites) - len(missed), found=len(sites))
    return Section(facts=tuple(rows.ordered(facts)), gaps=tuple(gaps), counts=(count,))


def _guards(modules: Modules) -> dict[tuple[str, str], list[Guard]]:
    """The guards that hold always, by the function they stand before."""
    found: dict[tuple[str, str], list[Guard]] = {}
    for guard in read_guards(modules).facts:
        if guard.when is None and guard.evidence.function is not None:
            found.setdefault((guard.evidence.file, guard.evidence.function), []).append(guard)
    return found


def _follow(machine: Machine, entry: entries.Entry) -> None:
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
    views = (View(),) if entry.anchored and entry.row.exists else ()
    world = World(row=entry.row, views=views, names={})
    machine.call(frame, entry.routine.node, entry.routine, [], entries.parameters(entry), world, Exits())
    machine.deliver()


def _incomplete(entry: entries.Entry) -> Gap:
    routine = entry.routine
    return Gap(file=routine.path, line=routine.line, reason=f"incomplete: {entry.action} takes too many steps to read")

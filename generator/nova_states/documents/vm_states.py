"""Nova's page of the states of a server, as its code has them: made of one release's facts, as reStructuredText.

Nova keeps such a page by hand (doc/source/reference/vm-states.rst), and it has not followed the code. This one is told
in our own words and order, holds no line that a fact does not bear out, and needs nothing but docutils and the
`graphviz` directive that Nova's documents use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nova_states.catalog.permissions import admitted_states, certain_guards, decide
from nova_states.catalog.release import DEFAULT, Release
from nova_states.catalog.transition_graph import ANY, SAME, is_aside, steps, vm_changes
from nova_states.documents.restructured_text import code, inline, paragraph, table, title
from nova_states.documents.state_changes import changes_of, on_their_hosts, state_graph
from nova_states.facts.condition import Condition, to_text
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Guard, States
from nova_states.facts.state_set import StateSet

_NONE = "none"
"""Word for no task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What people call things, out of the compiled texts of a language (`nova_states.lookup.texts`)."""

    states: Mapping[str, Mapping[str, tuple[str, str]]]
    """Kind → name → label and summary."""
    actions: Mapping[str, tuple[str, str | None]]
    """Id → label and command."""
    decorators: Mapping[str, str]
    conditions: Mapping[str, str] = field(default_factory=dict)
    """What guards are asked under, as code → as a clause, "if the reboot is a soft one"."""

    @classmethod
    def of(cls, texts: Mapping[str, Any]) -> Names:
        """Those of a language's texts."""
        return cls(
            states=texts["states"],
            actions=texts["actions"],
            decorators=texts["decorators"],
            conditions=texts["conditions"],
        )

    def summary(self, kind: str, name: str) -> str:
        """One line on a state, as markup; empty for one that nobody has explained yet."""
        return inline(self.states[kind].get(name, ("", ""))[1])

    def action(self, name: str) -> str:
        """What an action is called."""
        return self.actions[name][0] if name in self.actions else name.replace("_", " ")

    def condition(self, condition: Condition) -> str:
        """A condition as markup; as code where nobody has put it into words."""
        text = to_text(condition)
        return inline(self.conditions[text]) if text in self.conditions else f"where {code(text)}"

    def decorator(self, name: str) -> str:
        """What a further condition is called."""
        return self.decorators.get(name, name.replace("_", " "))


def write_vm_states(release: Release, names: Names) -> str:
    """The whole page of a release."""
    parts = (
        _head(release),
        _vm_states(release, names),
        _task_states(release, names),
        _power_states(release, names),
        _statuses(release),
        _requirements(release, names),
        _allowed(release, names),
        _graph(release, names),
        _changes(release, names),
    )
    return "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"


def _head(release: Release) -> Iterator[str]:
    yield f".. Made by nova-states from the source of Nova {release.version}; change the source, not this page."
    yield ""
    yield from title("States of a Server", "=")
    yield from paragraph(
        "Nova keeps three states of every server. ``vm_state`` is where the server has settled, ``task_state`` what is "
        "being done to it now, and ``power_state`` what the hypervisor last reported. The API makes one word of the "
        "first two, the status. All that follows was read from the source of one release, and holds for it."
    )
    yield ".. contents::"
    yield "   :local:"
    yield "   :depth: 1"
    yield ""


def _vm_states(release: Release, names: Names) -> Iterator[str]:
    yield from title("VM States", "-")
    reached = _tasks_by_vm_state(release)
    rows = []
    for constant in release.constants["vm_state"].values():
        value = str(constant.value)
        tasks = [task for task in release.task_states if task in reached.get(value, ())]
        rows.append((code(value), names.summary("vm_state", value), _list(tasks)))
    yield from paragraph(
        "Beside each state stand the tasks that commands, periodic tasks and restarts are known to run in it."
    )
    yield from table(("State", "Meaning", "Tasks"), rows, (18, 46, 36))


def _tasks_by_vm_state(release: Release) -> dict[str, set[str]]:
    """vm_state → the tasks that something sets while a server is in it, failures aside."""
    found: dict[str, set[str]] = {}
    for row in on_their_hosts(release, release.facts("transitions")):
        if is_aside(row):
            continue
        for _, (vm_state, task) in steps(row):
            if task not in (None, ANY, SAME):
                found.setdefault(vm_state, set()).add(str(task))
    for task in found.pop(ANY, set()):
        for vm_state in release.vm_states:
            found.setdefault(vm_state, set()).add(task)
    return found


def _task_states(release: Release, names: Names) -> Iterator[str]:
    yield from title("Task States", "-")
    yield from paragraph(
        "A server without a task has the value None. A task is set when a command is accepted and cleared when it ends."
    )
    rows = [(code(task), names.summary("task_state", task)) for task in release.task_states]
    yield from table(("Task", "Meaning"), rows, (30, 70))


def _power_states(release: Release, names: Names) -> Iterator[str]:
    yield from title("Power States", "-")
    rows = [
        (str(constant.value), code(constant.name), names.summary("power_state", constant.name))
        for constant in release.constants["power_state"].values()
    ]
    yield from table(("Value", "Constant", "Meaning"), rows, (10, 20, 70))


def _statuses(release: Release) -> Iterator[str]:
    if not release.status_map:
        return
    yield from title("Status in the API", "-")
    yield from paragraph(
        "Most tasks have no status of their own: while they run, the API shows the same as without a task. "
        f"A server in a state that is not listed shows {code(release.fallback_status)}."
    )
    rows = []
    for vm_state, entries in release.status_map.items():
        by_status: dict[str, list[str]] = {}
        for task, entry in entries.items():
            by_status.setdefault(entry.status, []).append(task)
        for status, tasks in by_status.items():
            shown = "no task, or any other" if DEFAULT in tasks else _list(tasks)
            rows.append((code(vm_state), shown, code(status)))
    yield from table(("VM state", "Task state", "Status"), rows, (24, 46, 30))


def _requirements(release: Release, names: Names) -> Iterator[str]:
    if not release.facts("guards"):
        return
    yield from title("Requirements for Commands", "-")
    yield from paragraph(
        "A command is refused with the HTTP response code 409 unless the server has one of the VM states and one of "
        "the task states of its line. *Launched* means that the server must have run once. Other requirements may "
        "refuse it for other reasons."
    )
    rows = [
        row
        for action in release.actions
        for number, guard in enumerate(release.guards_of(action))
        for row in [_requirement(release, names, action, guard, is_first=number == 0)]
    ]
    yield from table(("Command", "VM states", "Task states", "Other requirements"), rows, (20, 28, 28, 24))
    free = [action for action in release.actions if not _is_checked(release, action)]
    if free:
        yield from paragraph(f"These look at no state of the server: {_actions(names, free)}.")


def _is_checked(release: Release, action: str) -> bool:
    return any(release.guards_of(name) for name in (action, *release.parts.get(action, ())))


def _requirement(
    release: Release, names: Names, action: str, guard: Guard, *, is_first: bool
) -> tuple[str, str, str, str]:
    more = ["*launched*"] if guard.must_have_launched else []
    if guard.when is not None:
        more.append(f"only {names.condition(guard.when)}")
    elif is_first:
        more += [inline(names.decorator(name)) for name in release.actions[action].conditions]
    return (
        _plain_action(names, action),
        _states(guard, guard.vm_states),
        _states(guard, guard.task_states),
        "; ".join(more),
    )


def _states(guard: Guard, states: States) -> str:
    if states is None:
        return "any"
    listed = ", ".join(_NONE if state is None else code(state) for state in states)
    return f"any but {listed}" if guard.mode == "reject" else listed


def _allowed(release: Release, names: Names) -> Iterator[str]:
    """What is allowed where: what looks at no state or at one of the two only is told apart, as it fills every line."""
    sets = {action: admitted_states(release, action) for action in release.actions if certain_guards(release, action)}
    if not sets:
        return
    yield from title("Commands by State", "-")
    by_vm_state = [action for action, states in sets.items() if states.vm_state is not None]
    by_task_only = [action for action, states in sets.items() if states.vm_state is None and states.task_state]
    always = [action for action, states in sets.items() if states == StateSet()]
    early = [action for action in always if not any(guard.must_have_launched for guard in release.guards_of(action))]
    yield from _told(names, "Allowed in every VM state and during every task", always)
    yield from _told(names, "Of these, allowed before the first launch as well", early)
    yield from paragraph("By the VM state of a server that has no task:")
    rows = []
    for vm_state in release.vm_states:
        launched = [action for action in by_vm_state if _allows(release, action, vm_state, None)]
        unlaunched = [action for action in launched if _allows(release, action, vm_state, None, launched=False)]
        rows.append((code(vm_state), _actions(names, launched), _actions(names, unlaunched)))
    yield from table(("VM state", "Allowed", "Before the first launch, too"), rows, (18, 56, 26))
    anywhere = [action for action in by_task_only if None in sets[action].each("task_state")]
    yield from _told(names, "Without a task also allowed, in every VM state", anywhere)
    yield from _allowed_in_tasks(release, names, sets)


def _told(names: Names, what: str, actions: Sequence[str]) -> Iterator[str]:
    """A sentence on some actions; none where there are none."""
    if actions:
        yield from paragraph(f"{what}: {_actions(names, actions)}.")


def _allowed_in_tasks(release: Release, names: Names, sets: Mapping[str, StateSet]) -> Iterator[str]:
    any_task = [action for action, states in sets.items() if states.task_state is None and states.vm_state is not None]
    yield from _told(names, "During every task, in a VM state that allows them without one", any_task)
    yield from paragraph("Beside these, by the task of a server, in a VM state that fits:")
    by_answer: dict[tuple[str, ...], list[str]] = {}
    for task in release.task_states:
        during = tuple(
            action for action, states in sets.items() if states.task_state is not None and task in states.task_state
        )
        by_answer.setdefault(during, []).append(task)
    rows = [(_list(tasks), _actions(names, actions)) for actions, tasks in by_answer.items()]
    yield from table(("Task states", "Allowed"), rows, (50, 50))


def _allows(release: Release, action: str, vm_state: str, task: str | None, *, launched: bool = True) -> bool:
    return decide(release, action, ServerStates(vm_state=vm_state, task_state=task, launched=launched)) is None


def _graph(release: Release, names: Names) -> Iterator[str]:
    changes = vm_changes(release)
    if not changes:
        return
    yield from title("Ways from State to State", "-")
    yield from paragraph(
        "What commands make of a server when they succeed. Two ends are left out, to which nearly every state leads: "
        f"{code('deleted')} and {code('soft-delete')}. So are failures, many of which end in {code('error')}, and what "
        "happens without a command."
    )
    yield ".. graphviz::"
    yield ""
    yield from (f"   {line}" if line else "" for line in state_graph(release, names.action))
    yield ""


def _changes(release: Release, names: Names) -> Iterator[str]:
    if not release.facts("transitions"):
        return
    yield from title("Changes of State by Command", "-")
    yield from paragraph(
        "Each line is one change that is written to the database. *Unchanged* leaves a state as it is. A change on a "
        "failure happens when something goes wrong on the way; which of several happens depends on what does."
    )
    order = [*release.actions, *dict.fromkeys(row.action for row in release.facts("transitions"))]
    for action in dict.fromkeys(order):
        rows = changes_of(release, action)
        if not rows:
            continue
        named = action in release.actions
        yield from title(names.action(action).capitalize() if named else _own_name(action), "~")
        yield from table(
            ("Before", "After", "When"),
            [(change.before, change.after, change.when) for change in rows],
            (42, 38, 20),
        )


def _own_name(cause: str) -> str:
    """What happens by itself, "periodic:_poll_rescued_instances", as a heading."""
    sort, _, name = cause.partition(":")
    return f"{sort.replace('_', ' ').capitalize()}: {name}" if name else sort.replace("_", " ").capitalize()


def _plain_action(names: Names, action: str) -> str:
    return inline(names.action(action))


def _actions(names: Names, actions: Iterable[str]) -> str:
    return ", ".join(_plain_action(names, action) for action in actions) or "nothing"


def _list(values: Iterable[str]) -> str:
    return ", ".join(code(value) for value in values)

"""The one order of actions, in groups by what they are good for: docs/explanations/action_uses.yml says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nova_states.explanations.action_uses import load_action_uses
from nova_states.pages.writer import Writer


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionRow:
    """What a list shows as one row: an action, or several that belong together."""

    id: str
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionGroup:
    """Rows of one purpose."""

    purpose: str
    label: str
    rows: tuple[ActionRow, ...]


def in_order(actions: Iterable[str]) -> tuple[str, ...]:
    """Actions, the needed first; those that nobody has placed come last, by name."""
    places = {name: number for number, name in enumerate(load_action_uses().actions)}
    return tuple(sorted(actions, key=lambda name: (places.get(name, len(places)), name)))


def purpose_of(action: str) -> str:
    """What an action is good for; what nobody has placed is for operators, as most of what is new is."""
    uses = load_action_uses()
    return uses.actions[action].purpose if action in uses.actions else tuple(uses.purposes)[-1]


def purpose_label(page: Writer, action: str) -> str:
    """The name of the group an action belongs to."""
    return load_action_uses().purposes[purpose_of(action)][page.language]


def loss_of(page: Writer, action: str) -> str:
    """The data that an action costs; empty where it costs none."""
    use = load_action_uses().actions.get(action)
    return use.loses[page.language] if use is not None and use.loses else ""


def rows_of(actions: Iterable[str]) -> Iterator[ActionRow]:
    """Actions in their order; those that belong together are one row, where the first of them stands.

    What only stands above its parts (reboot) has no row of its own beside them.
    """
    rows = load_action_uses().rows
    above = {part: row for row, shared in rows.items() for part in shared.parts}
    found: dict[str, list[str]] = {}
    for name in in_order(actions):
        found.setdefault(above.get(name, name), []).append(name)
    for identity, names in found.items():
        parts = [name for name in names if name != identity or name not in rows]
        yield ActionRow(id=identity, actions=tuple(parts or names))


def groups_of(page: Writer, actions: Iterable[str]) -> tuple[ActionGroup, ...]:
    """Actions as groups of rows; a group without any is left out."""
    rows = tuple(rows_of(actions))
    return tuple(
        ActionGroup(purpose=purpose, label=label[page.language], rows=mine)
        for purpose, label in load_action_uses().purposes.items()
        if (mine := tuple(row for row in rows if purpose_of(row.actions[0]) == purpose))
    )


def row_label(page: Writer, row: ActionRow) -> str:
    """What people call a row."""
    shared = load_action_uses().rows.get(row.id)
    return page.label("action", row.actions[0]) if shared is None else shared.label[page.language]


def part_label(page: Writer, row: ActionRow, action: str) -> str:
    """What a row of several calls one of them; empty for a row of one."""
    shared = load_action_uses().rows.get(row.id)
    return "" if shared is None or action not in shared.parts else shared.parts[action][page.language]

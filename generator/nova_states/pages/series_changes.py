"""What an operator notices who comes from the series before: newest version against newest version.

What asks for the same of several actions is told once. Guards that hold on a condition only are not told here but by
point release, as are changes of requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nova_states.catalog.comparison import Difference, compare
from nova_states.catalog.reactions import ReactionKind
from nova_states.catalog.release import Release
from nova_states.facts.releases import Series
from nova_states.pages.action_order import in_order
from nova_states.pages.automatic_changes import POWER_SYNC, STARTUP
from nova_states.pages.components import Link
from nova_states.pages.differences import describe
from nova_states.pages.matrices import STATUSES
from nova_states.pages.models import NoticedRow
from nova_states.pages.options import OPTIONS
from nova_states.pages.reaction_changes import reaction_changes
from nova_states.pages.writer import Writer

_REACTIONS: tuple[tuple[ReactionKind, str], ...] = (("startup", STARTUP), ("power_sync", POWER_SYNC))


def noticed(page: Writer, series: Series) -> tuple[NoticedRow, ...]:
    """What came, went or is decided otherwise since the series before, the weighty first; nothing for the oldest."""
    everything = page.catalog.series
    place = everything.index(series)
    if place == 0:
        return ()
    before = page.catalog.release(page.catalog.versions_of(everything[place - 1])[-1])
    after = page.catalog.release(page.catalog.versions_of(series)[-1])
    found: dict[str, list[Link]] = {}
    for what, link in _changes(page, before, after):
        found.setdefault(what, []).append(link)
    return tuple(NoticedRow(what=what, links=tuple(dict.fromkeys(links))) for what, links in found.items())


def _changes(page: Writer, before: Release, after: Release) -> Iterator[tuple[str, Link]]:
    common = before.actions.keys() & after.actions.keys()
    guards = {d.name: d for d in compare(before, after, ("guards",)) if d.name in common}
    certain = [found for name in in_order(guards) if (found := _certain(guards[name])) is not None]
    for difference in certain:
        states = _without_conditions(difference)
        if states is not None:
            yield describe(page, states), page.link("action", difference.name)
    for word, gone, come in (("new", before, after), ("removed", after, before)):
        for name in in_order(come.actions.keys() - gone.actions.keys()):
            yield page.words(f"notice_action_{word}"), page.link("action", name)
    yield from _states_and_statuses(page, before, after)
    options = compare(before, after, ("options",))
    yield from _options(page, options, defaults_only=True)
    for kind, target in _REACTIONS:
        if page.queries.differs(kind, before.version, after.version):
            link = Link(text=page.words(f"matrix_{kind}"), href=page.urls.to(target))
            yield from ((text, link) for text in reaction_changes(page, kind, before, after))
    for difference in certain:
        yield from _conditions(page, difference)
    yield from _options(page, options, defaults_only=False)


def _certain(difference: Difference) -> Difference | None:
    """A change of an action's guards without those that hold on a condition; None where nothing is left."""
    before, after = (
        [guard for guard in guards or () if guard["when"] is None] for guards in (difference.before, difference.after)
    )
    return replace(difference, before=before, after=after) if before != after else None


def _without_conditions(difference: Difference) -> Difference | None:
    """A change of the states that guards ask for, whatever else is checked beside them."""
    before, after = (
        [{**guard, "conditions": []} for guard in guards] for guards in (difference.before, difference.after)
    )
    return replace(difference, before=before, after=after) if before != after else None


def _conditions(page: Writer, difference: Difference) -> Iterator[tuple[str, Link]]:
    """What is checked beside the states, and is no longer."""
    before, after = (
        {name for guard in guards for name in guard["conditions"]} for guards in (difference.before, difference.after)
    )
    for word, names in (("more", after - before), ("less", before - after)):
        for name in sorted(names):
            label = page.label("decorator", name)
            yield page.words(f"notice_condition_{word}", label=label, name=name), page.link("action", difference.name)


def _states_and_statuses(page: Writer, before: Release, after: Release) -> Iterator[tuple[str, Link]]:
    for difference in compare(before, after, ("states", "statuses")):
        link = Link(text=page.words(f"part_{difference.kind}"), href=page.urls.to(STATUSES))
        if difference.kind == "states":
            link = replace(link, href="#vm_state" if difference.name.startswith("vm_state") else "#task_state")
        yield f"`{difference.name}`: {describe(page, difference)}", link


def _options(page: Writer, found: tuple[Difference, ...], *, defaults_only: bool) -> Iterator[tuple[str, Link]]:
    """Options with another default; or those that came, went, or moved to another group."""
    come = {_bare(d): d for d in found if d.before is None}
    for difference in found:
        name = _bare(difference)
        link = Link(text=name, href=page.urls.to(OPTIONS, name))
        before, after = _default(difference.before), _default(difference.after)
        if difference.before is not None and difference.after is not None:
            if defaults_only and before != after:
                yield page.words("notice_option_default", before=before, after=after), link
        elif defaults_only:
            continue
        elif difference.before is None:
            if not any(_bare(other) == name for other in found if other.after is None):
                yield page.words("notice_option_new", default=after), link
        elif name in come:
            yield page.words("notice_option_moved", group=come[name].name.rpartition(" ")[0] or "DEFAULT"), link
        else:
            yield page.words("notice_option_gone"), link


def _bare(difference: Difference) -> str:
    """An option's name without its group."""
    return difference.name.rpartition(" ")[2]


def _default(rows: list[dict[str, Any]] | None) -> str:
    values = [row.get("default") for row in rows or ()]
    return ", ".join(map(_text, values))


def _text(value: object) -> str:
    return "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""What happens next, gathered: the sections that state and action pages get."""

from __future__ import annotations

from nova_states.catalog.release import Release
from nova_states.facts.model import StateKind
from nova_states.pages.automatic_changes import reaction_sections
from nova_states.pages.components import PageSection
from nova_states.pages.drivers import driver_section
from nova_states.pages.options import option_section
from nova_states.pages.state_neighbours import task_state_sections, vm_state_sections
from nova_states.pages.writer import Writer


def state_sections(page: Writer, kind: StateKind, name: str) -> tuple[PageSection, ...]:
    """What happens next to a server in a state."""
    found = [
        *reaction_sections(page, kind, name),
        *(vm_state_sections(page, name) if kind == "vm_state" else ()),
        *(task_state_sections(page, name) if kind == "task_state" else ()),
        driver_section(page, name) if kind == "power_state" else None,
        option_section(page, f"{kind}:{name}", page.release),
    ]
    return tuple(section for section in found if section is not None)


def action_sections(page: Writer, release: Release, name: str) -> tuple[PageSection, ...]:
    """What is said of an action beside its story."""
    found = [option_section(page, f"action:{name}", release)]
    return tuple(section for section in found if section is not None)

"""What happens next, gathered: the sections that state and action pages get, and the matrices beside them."""

from __future__ import annotations

from collections.abc import Callable

from generator.catalog.release import Release
from generator.facts.model import StateKind
from generator.pages import reaction_matrices
from generator.pages.drivers import DRIVERS, build_drivers, driver_section
from generator.pages.machines import build_transitions
from generator.pages.models import MatrixPage
from generator.pages.options import option_section
from generator.pages.parts import Link, Section
from generator.pages.reactions import reaction_sections
from generator.pages.steps import step_sections
from generator.pages.ways import TRANSITIONS, task_state_sections, vm_state_sections
from generator.pages.writer import Writer

MATRICES: tuple[tuple[str, Callable[[Writer], MatrixPage]], ...] = (
    *reaction_matrices.BUILDERS,
    (DRIVERS, build_drivers),
    (TRANSITIONS, build_transitions),
)
"""Address and builder of each matrix."""


def matrix_links(page: Writer) -> tuple[Link, ...]:
    """The matrices as links."""
    return (
        *reaction_matrices.links(page),
        Link(text=page.words("drivers_title"), href=page.urls.to(DRIVERS)),
        Link(text=page.words("matrix_transitions"), href=page.urls.to(TRANSITIONS)),
    )


def state_sections(page: Writer, kind: StateKind, name: str) -> tuple[Section, ...]:
    """What happens next to a server in a state."""
    found = [
        *reaction_sections(page, kind, name),
        *(vm_state_sections(page, name) if kind == "vm_state" else ()),
        *(task_state_sections(page, name) if kind == "task_state" else ()),
        driver_section(page, name) if kind == "power_state" else None,
        option_section(page, f"{kind}:{name}"),
    ]
    return tuple(section for section in found if section is not None)


def action_sections(page: Writer, release: Release, name: str) -> tuple[Section, ...]:
    """What happens after an action was taken, in the newest release that has it."""
    found = [*step_sections(page, release, name), option_section(page, f"action:{name}")]
    return tuple(section for section in found if section is not None)

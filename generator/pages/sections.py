"""What happens next, gathered: the sections that state and action pages get, and the matrices beside them."""

from __future__ import annotations

from generator.facts.model import StateKind
from generator.pages import reaction_matrices
from generator.pages.models import Link, Section
from generator.pages.reactions import reaction_sections
from generator.pages.writer import Writer

MATRICES = (*reaction_matrices.BUILDERS,)
"""Address and builder of each matrix."""


def matrix_links(page: Writer) -> tuple[Link, ...]:
    """The matrices as links."""
    return reaction_matrices.links(page)


def state_sections(page: Writer, kind: StateKind, name: str) -> tuple[Section, ...]:
    """What happens next to a server in a state."""
    return reaction_sections(page, kind, name)

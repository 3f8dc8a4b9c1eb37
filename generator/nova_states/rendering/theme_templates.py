"""What the site asks of the Jinja that MkDocs renders its theme with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader

OWN: Final = "material"
"""Where templates of the theme are found that ours have taken the name of: material/partials/nav.html."""


def find_own_templates(environment: Environment, folders: Sequence[str]) -> None:
    """Let a template of ours include the one of the theme that it stands for.

    Args:
        environment: Of the theme.
        folders: Where its templates lie; ours are in the first.
    """
    own = PrefixLoader({OWN: FileSystemLoader(folders[1:])})
    environment.loader = ChoiceLoader([FileSystemLoader(folders), own])


def forget_changed(environment: Environment) -> None:
    """Let the templates whose files changed be compiled again, and no others."""
    compiled = environment.cache or {}
    for key in [key for key, template in compiled.items() if not template.is_up_to_date]:
        del compiled[key]

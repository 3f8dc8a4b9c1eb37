"""From where a page of prose is reached: ids in its front matter, each of something that is explained.

    leads_from: [task_state:deleting, action:delete, "migration_status:running (post-copy)"]

An id is a kind and a name as in docs/explanations. One that names nothing would be a link that nobody ever sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from nova_states.errors import InputError
from nova_states.explanations.claims import FOLDERS
from nova_states.explanations.loading import Explanations
from nova_states.explanations.yaml_text import read_front_matter


def leads_of(docs: Path) -> Iterator[tuple[str, str]]:
    """Each page that says from where it is reached, with each id: ("docs/en/runbook/locked.md", "action:lock").

    Raises:
        InputError: front matter is not YAML, or `leads_from` is no list of strings; with the file.
    """
    for folder in FOLDERS:
        for file in sorted((docs / folder).glob("*.md")):
            place = f"docs/{file.relative_to(docs).as_posix()}"
            leads = read_front_matter(file.read_text(encoding="utf-8"), place).get("leads_from") or []
            if not isinstance(leads, list):
                raise InputError(f"{place}: leads_from: {leads!r} is no list of ids")
            for lead in leads:
                if not isinstance(lead, str):
                    raise InputError(f"{place}: leads_from: {lead!r} is no id; write kind:name")
                yield place, lead


def find_unknown_leads(explanations: Explanations, docs: Path) -> Iterator[str]:
    """Each id that names nothing, with its page and the nearest that does; also one that a page names twice."""
    known = sorted(
        f"{kind}:{explanation.name}" for kind, named in explanations.by_kind.items() for explanation in named.values()
    )
    seen: set[tuple[str, str]] = set()
    for place, lead in leads_of(docs):
        if lead not in known:
            nearest = get_close_matches(lead, known, n=1)
            yield f"{place}: leads_from: nothing is called {lead}{f'; {nearest[0]} is near' if nearest else ''}"
        elif (place, lead) in seen:
            yield f"{place}: leads_from: {lead} stands there twice"
        seen.add((place, lead))

"""What guides compare: ids in their front matter, so that a question that compares two of them finds the guide first.

    compares: [action:soft_reboot, action:hard_reboot, action:reset_state]

Read from one language, as `leads_from` is; docs/assets/search/comparing.js tells when a question compares.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from nova_states.errors import CheckError
from nova_states.explanations.yaml_text import item_lines, key_lines, read_front_matter
from nova_states.facts.ids import fact_id

_GUIDES: Final = Path("en", "guide")
_KEY: Final = "compares"


def load_comparisons(docs: Path, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Guide → ids of what it compares, in the order of the files; `known` are the ids of all that can be found.

    Raises:
        CheckError: it is no list of two ids or more, or an id does not exist; each with file and line.
        InputError: front matter is not YAML.
    """
    problems: list[str] = []
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((docs / _GUIDES).glob("*.md")):
        where = f"docs/{file.relative_to(docs).as_posix()}"
        text = file.read_text(encoding="utf-8")
        compared = read_front_matter(text, where).get(_KEY)
        if compared is None:
            continue
        if not isinstance(compared, list) or len(compared) < 2:  # noqa: PLR2004 - one thing is no comparison
            problems.append(f"{where}:{key_lines(text, where)[_KEY]}: {_KEY}: needs a list of two ids or more")
            continue
        problems.extend(
            f"{where}:{line}: {_KEY}: there is no {identity}"
            for identity, line in zip(compared, item_lines(text, where, _KEY), strict=True)
            if identity not in known
        )
        found[fact_id("guide", file.stem)] = tuple(compared)
    if problems:
        raise CheckError(tuple(problems))
    return found

"""No word of the interface outlives the page that said it: each of templates/words.yml is asked for somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generator/nova_states"
ASKING = [
    *(path for folder in ("pages", "rendering", "site", "documents") for path in (PACKAGE / folder).rglob("*.py")),
    *(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".jinja", ".html"}),
]
LITERAL = re.compile(r"""["']([a-z0-9_]+)["']""")
MADE = re.compile(r"""\bf"([a-z0-9_]*\{[^"\n]*)"|["']([a-z0-9_]+_)["'] ~""")
"""A key that is put together: in Python out of a constant and a name, in a template likewise."""
PLACE = re.compile(r"\{[^}]*\}")


def test_every_word_is_asked_for() -> None:
    words = yaml.safe_load((ROOT / "templates/words.yml").read_text(encoding="utf-8"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in ASKING)
    literal = set(LITERAL.findall(text))
    made = {python or f"{template}{{}}" for python, template in MADE.findall(text)}
    constants = [[re.escape(part) for part in PLACE.split(one)] for one in made]
    patterns = [re.compile(r"[a-z0-9_]+".join(parts)) for parts in constants if re.search("[a-z]{2}", "".join(parts))]
    assert [one for one in words if one not in literal and not any(p.fullmatch(one) for p in patterns)] == []

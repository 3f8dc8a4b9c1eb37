"""What the page fetches that compares two releases: a file an area with the facts of all of them, and the words."""

from __future__ import annotations

import json

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.change_tables import change_tables, files
from nova_states.catalog.change_wording import words_in
from nova_states.catalog.ways import Say
from nova_states.explanations.languages import LANGUAGES
from nova_states.pages.compare import COMPARED


def words_file(language: str) -> str:
    """Path of the words of a language."""
    return f"{COMPARED}words_{language}.json"


def render_compare_files(catalog: Catalog, say: Say) -> dict[str, str]:
    """Path below the site → text."""
    tables = change_tables(catalog, say)
    found = {f"{COMPARED}{area}.json": table for area, table in files(tables)}
    return {path: _write(one) for path, one in found.items()} | {
        words_file(language): _write({**words_in(language), "clauses": [one[language] for one in tables["clauses"]]})
        for language in LANGUAGES
    }


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

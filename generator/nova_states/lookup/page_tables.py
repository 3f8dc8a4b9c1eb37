"""The tables that a page fetches: those of the command line, with what only a paste needs among the messages.

An address waits for a language's tables alone, and nobody reads a paste without the messages.
"""

from __future__ import annotations

import json
from typing import Any, Final

from nova_states.lookup.table_cache import load_tables

_OF_PASTES: Final = "grammar"
"""Of a language's tables, what only readers of pastes look into."""


def page_tables(language: str) -> tuple[str, str]:
    """A language's tables and its messages as the page fetches them, each the text of a file."""
    tables, messages = load_tables(language), load_tables(f"messages_{language}")
    return _text({name: tables[name] for name in tables if name != _OF_PASTES}), _text(
        messages | {_OF_PASTES: tables[_OF_PASTES]}
    )


def _text(table: dict[str, Any]) -> str:
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"

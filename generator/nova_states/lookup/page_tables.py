"""The tables that a page fetches: those of the command line, with what only a paste needs among the messages.

An address waits for a language's tables alone, and nobody reads a paste without the messages. What is said of a cause
is fetched once a paste quotes one.
"""

from __future__ import annotations

import json
from typing import Any, Final

from nova_states.lookup.root_causes import CAUSES
from nova_states.lookup.table_cache import load_tables

_OF_PASTES: Final = "grammar"
"""Of a language's tables, what only readers of pastes look into."""


def page_tables(language: str) -> tuple[str, str, str]:
    """A language's tables, its messages and what is said of causes: the files that the page fetches."""
    tables, messages = load_tables(language), load_tables(f"messages_{language}")
    return (
        _text({name: tables[name] for name in tables if name != _OF_PASTES}),
        _text(messages | {_OF_PASTES: tables[_OF_PASTES]}),
        _text(load_tables(CAUSES)[language]),
    )


def _text(table: dict[str, Any]) -> str:
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"

"""The tables that a page fetches: those of the command line, with what only a paste needs among the messages.

An address waits for a language's tables alone, and nobody reads a paste without the messages. What is said of
lines of a log and of causes is fetched once a paste has one.
"""

from __future__ import annotations

import json
from typing import Any, Final

from nova_states.lookup.log_lines import TOLD
from nova_states.lookup.table_cache import load_tables

_OF_PASTES: Final = "grammar"
"""Of a language's tables, what only readers of pastes look into."""


def page_tables(language: str) -> tuple[str, str, str]:
    """A language's tables, its messages and what is said of lines and causes: the files that the page fetches."""
    tables, messages = load_tables(language), load_tables(f"messages_{language}")
    return (
        _text({name: tables[name] for name in tables if name != _OF_PASTES}),
        _text(messages | {_OF_PASTES: tables[_OF_PASTES]}),
        _text(load_tables(TOLD)[language]),
    )


def _text(table: dict[str, Any]) -> str:
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"

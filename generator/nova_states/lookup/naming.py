"""What an answer names beside states, exceptions first, and where the site tells of it.

docs/assets/lookup/naming.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nova_states.explanations.file_names import file_stem


def names_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Exceptions, statuses of migrations and of hosts, and events that an answer tells of, each as kind and name."""
    yield from (("error", name) for name in answer.get("errors") or ())
    if answer["record"] == "migration" and answer.get("status"):
        yield "migration_status", answer["status"]
    if answer["record"] == "event":
        names = dict.fromkeys(answer.get(field) for field in ("event", "action"))
        yield from (("event", name) for name in names if name)
    if answer.get("host_status"):
        yield "host_status", answer["host_status"]


def address_of(kind: str, name: str, records: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Address below the language of what is said of a name; None where nothing is.

    Args:
        kind: "error", "migration_status", "event" or "host_status".
        name: As `names_of` gives it.
        records: `records` of `nova_states.lookup.texts`.
    """
    is_explained = name in records[kind]
    if kind == "error":
        return f"error/{name.lower()}/" if is_explained else f"error/#{name}"
    return f"{kind}/#{file_stem(name)}" if is_explained else None

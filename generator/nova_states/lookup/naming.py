"""What an answer names beside states, exceptions first, and where the site tells of it.

docs/assets/lookup/naming.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nova_states.explanations.file_names import ASKED, file_stem


def names_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Exceptions, statuses of migrations and of hosts, and events that an answer tells of, each as kind and name."""
    # What is said of an exception in general says less than the cause that its message tells, and often the opposite.
    if (answer.get("cause") or ASKED).startswith(ASKED):
        yield from (("error", name) for name in answer.get("errors") or ())
    if answer["record"] == "migration" and answer.get("status"):
        yield "migration_status", answer["status"]
    if answer["record"] == "event":
        names = dict.fromkeys(answer.get(field) for field in ("event", "action"))
        yield from (("event", name) for name in names if name)
    if answer.get("host_status"):
        yield "host_status", answer["host_status"]


def told_of(kind: str, name: str, texts: Mapping[str, Any]) -> tuple[str, str] | None:
    """Label and meaning of a name; None where nothing is said of it.

    Args:
        kind: "error", "migration_status", "event" or "host_status".
        name: As `names_of` gives it.
        texts: `nova_states.lookup.texts`.
    """
    if kind == "host_status":
        told = texts["host_statuses"].get(name)
        return (told[0], told[1]) if told else None
    help_of = texts["help"].get(f"{kind}:{name if kind == 'error' else file_stem(name)}")
    return None if help_of is None else (name, help_of[0])


def address_of(kind: str, name: str, texts: Mapping[str, Any]) -> str | None:
    """Address below the language of what is said of a name; None where nothing is. As `told_of` takes them."""
    is_explained = told_of(kind, name, texts) is not None
    if kind == "error":
        return f"error/{name.lower()}/" if is_explained else f"error/#{name}"
    return f"{kind}/#{file_stem(name)}" if is_explained else None

"""How to read a pasted 409: Nova's wordings as patterns, and the names by which REST and clients call an action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from nova_states.catalog.release import Release
from nova_states.lookup.vocabulary import fold_action

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%s")
_VALUES: Final = {
    "action": r"([A-Za-z][A-Za-z_-]{0,40}(?: [A-Za-z_-]{1,40}){0,3})",
    "server_id": r"(\S{1,80}?)",
    "attr": r"(vm_state|task_state)",
    "state": r"([A-Za-z][A-Za-z0-9_-]{0,40})",
}
"""Placeholder → what may stand there. Patterns are read by Python and by JavaScript alike."""
_MORE_NAMES: Final = {
    "os-start": ("start",),
    "os-stop": ("stop",),
    "resize confirm": ("confirm_resize",),
    "resize revert": ("revert_resize",),
}


def message_patterns(releases: Iterable[Release]) -> list[list[object]]:
    """Pattern and names of its groups for each wording any release has; those that tell more come first."""
    texts = {(message.id != "state", message.text) for release in releases for message in release.facts("messages")}
    return [list(_pattern(text)) for _, text in sorted(texts)]


def _pattern(text: str) -> tuple[str, list[str]]:
    names: list[str] = []
    parts: list[str] = []
    end = 0
    for place in _PLACEHOLDER.finditer(text):
        name = place[1] or "action"
        parts += [_literal(text[end : place.start()]), _VALUES[name]]
        names.append(name)
        end = place.end()
    return "".join([*parts, _literal(text[end:])]), names


def _literal(text: str) -> str:
    """Text as a pattern: quotes of any client, spaces of any number."""
    escaped = re.sub(r"[.*+?^${}()|\[\]\\]", lambda match: "\\" + match[0], text)
    return re.sub(r"\s+", r"\\s+", escaped.replace("'", "['\"]?"))


def action_names(releases: Iterable[Release]) -> dict[str, list[str]]:
    """Word for an action in a message or a request → ids of the actions it may mean."""
    found: dict[str, set[str]] = {name: set(ids) for name, ids in _MORE_NAMES.items()}
    for release in releases:
        for action in release.actions.values():
            words = {action.id, action.id.replace("_", " ")}
            for endpoint in action.endpoints:
                words |= {word for word in (endpoint.conflict_name, endpoint.body_key) if word}
            for word in words:
                found.setdefault(word, set()).add(action.id)
    return {name: sorted(found[name]) for name in sorted(found)}


def other_names(names: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Id of each action → its folded names beside its own (`nova_states.lookup.vocabulary.actions_by_name`)."""
    found: dict[str, set[str]] = {action: set() for ids in names.values() for action in ids}
    for name, ids in names.items():
        for action in ids:
            found[action].add(fold_action(name))
    return {action: sorted(found[action] - {fold_action(action)}) for action in sorted(found)}


_CREATE: Final = "create"


def error_table(releases: Iterable[Release]) -> dict[str, list[int]]:
    """Exception → 1 if it can end as a server's fault, and 1 if the API can refuse with it; else 0. Sorted."""
    faults: set[str] = set()
    refused: set[str] = set()
    for release in releases:
        faults |= {cause.error for cause in release.bare("fault_causes")}
        refused |= {error for refusal in release.bare("refusals") for error in refusal.errors}
    return {name: [int(name in faults), int(name in refused)] for name in sorted(faults | refused)}


def only_of_builds(releases: Iterable[Release]) -> list[str]:
    """Exceptions that end as a server's fault while it is created and in no other action, in any release."""
    actions: dict[str, set[str]] = {}
    for release in releases:
        for cause in release.bare("fault_causes"):
            actions.setdefault(cause.error, set()).update(cause.actions)
    return sorted(error for error, of in actions.items() if of == {_CREATE})

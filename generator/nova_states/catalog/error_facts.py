"""A release's exceptions with all that is known of each: where raised, its fault, its answers, its translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nova_states.catalog.release import Release
from nova_states.catalog.serialisation import fact_as_json
from nova_states.facts.codec import to_plain


def export_errors(release: Release) -> list[dict[str, Any]]:
    """Every exception of a release as JSON, in the order of the source."""
    raised: dict[str, list[Any]] = {}
    for site in release.facts("raise_sites"):
        raised.setdefault(site.error, []).append(to_plain(site.evidence))
    faults = {cause.error: list(cause.actions) for cause in release.facts("fault_causes")}
    answers: dict[str, list[Any]] = {}
    for refusal in release.facts("refusals"):
        for error in refusal.errors:
            answer = {key: value for key, value in fact_as_json(refusal).items() if key != "errors"}
            answers.setdefault(error, []).append(answer)
    translations: dict[str, dict[str, str]] = {}
    for one in release.facts("translations"):
        translations.setdefault(one.pattern, {})[one.language] = one.text
    return [
        {
            "class": error.name,
            "bases": list(error.bases),
            "code": error.code,
            "safe": error.is_safe,
            "pattern": error.pattern,
            "own_text": error.has_own_text,
            "translations": translations.get(error.pattern or "", {}),
            "raised": raised.get(error.name, []),
            "faults_of": faults.get(error.name, []),
            "http": answers.get(error.name, []),
            "evidence": to_plain(error.evidence),
        }
        for error in release.facts("errors")
    ]


def export_events(release: Release) -> list[dict[str, Any]]:
    """Every name of an action or an event; beside all its actions the one that it is about: that whose id it has."""
    found = []
    for event in release.facts("events"):
        words = _CAMEL.sub("_", event.name).lower().replace("-", "_")
        named = [action for action in event.actions if action in words]
        action = max(named, key=len) if named else next(iter(event.actions), None)
        found.append(to_plain(event) | {"action": action})
    return found


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def export_migration_statuses(release: Release) -> list[dict[str, Any]]:
    """Every status of a migration, with the functions that write it."""
    return list(_statuses(release))


def _statuses(release: Release) -> Iterator[dict[str, Any]]:
    for status in release.facts("migration_statuses"):
        plain: dict[str, Any] = to_plain(status)
        written = [{"function": place.function, "evidence": to_plain(place)} for place in status.written]
        yield plain | {"written": written}

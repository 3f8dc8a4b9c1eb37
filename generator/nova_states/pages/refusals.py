"""What a request for an action is refused with: every answer of the REST API that is an error."""

from __future__ import annotations

from typing import Final

from nova_states.catalog.around_states import error_of, refusals_of
from nova_states.catalog.release import Release
from nova_states.catalog.seen import STATE_REFUSED, seen_of
from nova_states.explanations.condition_coverage import place_of
from nova_states.explanations.condition_sentences import sentence
from nova_states.facts.model import Refusal
from nova_states.pages.models import RefusalRow
from nova_states.pages.record_links import error_link
from nova_states.pages.writer import Writer

CONFLICT: Final = 409
"""What the API answers where it is the server, not the request, that does not fit."""


def refusal_rows(page: Writer, release: Release, action: str) -> tuple[RefusalRow, ...]:
    """A row for each exception that an action is refused with, and for each text of the REST layer's own.

    Those that say the same are one row with all their places.
    """
    seen = seen_of(release)
    found: dict[tuple[int, str | None, str, str], list[Refusal]] = {}
    for refusal in refusals_of(release, action):
        when = _when(page, refusal)
        for error in refusal.errors or (None,):
            found.setdefault((refusal.code, error, _message(release, refusal, error), when), []).append(refusal)
    return tuple(
        RefusalRow(
            code=code,
            error=None if error is None else error_link(page, error),
            message=message,
            when=when,
            is_seen=error == STATE_REFUSED and seen is not None and any(map(seen.has, refusals)),
            places=tuple(dict.fromkeys(page.place(release.version, refusal.evidence) for refusal in refusals)),
        )
        for (code, error, message, when), refusals in found.items()
    )


def _message(release: Release, refusal: Refusal, error: str | None) -> str:
    """The wording of an answer: its own, or that of the exception it is made of."""
    if refusal.text is not None:
        return refusal.text
    fact = None if error is None else error_of(release, error)
    return "" if fact is None else fact.pattern or ""


def _when(page: Writer, refusal: Refusal) -> str:
    """When the REST layer refuses by itself, in words; empty where it always does, or the exception tells."""
    if refusal.when is None:
        return ""
    return sentence(page.explanations.conditions, refusal.when, place_of(refusal, "refusals"), page.language)

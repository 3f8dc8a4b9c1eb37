"""Compiles what is said of lines of Nova's log; `nova_states.lookup.log_lines` looks it up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from nova_states.catalog.release import Release
from nova_states.explanations.log_texts import LogText, texts_by_slug
from nova_states.lookup.message_patterns import QUIET
from nova_states.lookup.verdict import NEEDS_ATTENTION


def told_slugs(releases: Iterable[Release], texts: Mapping[str, LogText]) -> dict[str, str]:
    """Slug of each line of any release that a text is for → name of the text."""
    patterns = {line.slug: line.pattern for release in releases for line in release.bare("log_messages")}
    return texts_by_slug(texts, patterns)


def compile_lines(
    releases: Iterable[Release], texts: Mapping[str, LogText], *, is_quiet_left_out: bool
) -> dict[str, Any]:
    """What a table of messages has beside the messages.

    Args:
        releases: Those whose lines are told of.
        texts: `nova_states.explanations.log_texts.load_log_texts`.
        is_quiet_left_out: Whether lines of `QUIET` levels without a text are left out.

    Returns:
        `lines`: slug → effect where all places that log the line have the same, else None; verdict of the line alone;
        name of its text, or None.
    """
    releases = list(releases)
    told = told_slugs(releases, texts)
    effects: dict[str, set[str | None]] = {}
    levels: dict[str, set[str]] = {}
    for release in releases:
        for line in release.bare("log_messages"):
            effects.setdefault(line.slug, set()).add(line.effect)
            levels.setdefault(line.slug, set()).add(line.level)
    lines: dict[str, list[str | None]] = {}
    for slug in sorted(effects):
        effect = next(iter(effects[slug])) if len(effects[slug]) == 1 else None
        if slug not in told and (effect is None or (is_quiet_left_out and levels[slug] <= QUIET)):
            continue
        lines[slug] = [effect, _verdict(levels[slug]) if slug in told else None, told.get(slug)]
    return {"lines": lines}


def _verdict(levels: Collection[str]) -> str | None:
    """A line of a level that tells of a failure wants somebody; others tell of what goes well."""
    return None if QUIET.issuperset(levels) else NEEDS_ATTENTION

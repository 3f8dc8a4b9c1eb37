"""Nova's messages as a table, and which of them a text holds: a fault, a refusal, a line of a log, in any language.

The table is plain JSON, the same for Python and for the browser, and needs no regular expressions. Each message is its
literals in order with anything between them. How a text is read, which any other reader of the table has to repeat:

1. The text is folded: a run of spaces and line ends becomes one character (a line end if there is one in it),
   typographic and double quotes become ', A-Z become a-z; an escape of JSON counts as what it stands for. For
   searching, a line end is a space.
2. `keys` maps four characters to the places of the entries that have them in one of their literals. Only entries of
   which the key stands in the text are looked for.
3. From each place of an entry's longest literal, the nearest literal before and the nearest behind are looked for, each
   not further than `GAP` characters and one line end away. First and last must be whole words. A period at the end of
   a message may be missing.
4. An entry with few letters must fill its line, or what stands in quotes or behind a colon: "Not authorized." is in
   many sentences.
5. A placeholder at the end may stand for nothing; the period, colon or space before it may be missing then.
6. Where the text ends before the message does, it was cut, as Nova and its clients do: that is enough if it is long.
7. The message with the most letters is first, then the one with the longest literals; one of which every literal
   stands inside those of one before it is dropped. So is one that ends with the same words as one before it that
   begins nearer to them: "host … Instance X could not be found." tells of no host.

All steps take time in proportion to the text, whatever it holds: places of an entry are limited by `MOST_PLACES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from nova_states.catalog.release import Release
from nova_states.facts.ids import fact_id
from nova_states.lookup.message_search import Found, Match, Text
from nova_states.lookup.message_wording import emptied, letters_of, literals_of, template_of

__all__ = ["Match", "compile_messages", "match"]

SCHEMA: Final = 1
ENGLISH: Final = "en"
TRANSLATIONS: Final[dict[str, Collection[str] | None]] = {
    "messages": None,
    "messages_en": (),
    "messages_ko": ("ko_KR",),
}
"""Name of a compiled table → the translations in it beside English; None: all, as the command line needs.

Those with a choice go over the network: they have no line of a log that says that all is well (`QUIET`), either.
"""
QUIET: Final = frozenset({"debug", "info"})
"""Levels of log lines that nobody asks about."""
KEY: Final = 4
"""Characters of a key."""
MOST_MATCHES: Final = 64
FEWEST_LETTERS: Final = 6
"""What has fewer, as "Error: %(0)s" has, is no message that could be known."""


def compile_messages(releases: Iterable[Release], languages: Collection[str] | None = None) -> dict[str, Any]:
    """The table of all messages of some releases.

    Args:
        releases: The oldest first; where they differ, the newest tells the code.
        languages: Codes of the translations that are wanted beside English ("ko_KR"); log lines of `QUIET` levels are
            left out then. None: all translations and all lines.

    Returns:
        `schema`; `entries`: a list of `{"id", "template", "code", "lang"}`, sorted, a placeholder as `%(name)s`, one
        without a name as `%(0)s`, a percent sign doubled; `keys`: key → places of entries.
    """
    codes: dict[tuple[str, str, str], int | None] = {}
    for release in releases:
        for identity, pattern, code, language in _messages(release, frozenset() if languages is None else QUIET):
            if language == ENGLISH or languages is None or language in languages:
                codes[identity, language, template_of(pattern)] = code
    entries: list[dict[str, Any]] = [
        {"id": identity, "template": template, "code": code, "lang": language}
        for (identity, language, template), code in sorted(codes.items())
        if sum(map(letters_of, literals_of(template)[0])) >= FEWEST_LETTERS and any(_grams(template))
    ]
    return {"schema": SCHEMA, "entries": entries, "keys": _keys([entry["template"] for entry in entries])}


def _messages(release: Release, quiet: Collection[str]) -> Iterator[tuple[str, str, int | None, str]]:
    """Id, pattern, code and language of each message of a release."""
    translations: dict[str, list[tuple[str, str]]] = {}
    for one in release.bare("translations"):
        translations.setdefault(one.pattern, []).append((one.text, one.language))
    for error in release.bare("errors"):
        if error.pattern is None:
            continue
        yield fact_id("error", error.name), error.pattern, error.code, ENGLISH
        for text, language in translations.get(error.pattern, ()):
            yield fact_id("error", error.name), text, error.code, language
    for refusal in release.bare("refusals"):
        if refusal.text:
            yield fact_id("refusal", refusal.action), refusal.text, refusal.code, ENGLISH
    for line in release.bare("log_messages"):
        if line.level in quiet:
            continue
        yield fact_id("log_message", line.slug), line.pattern, None, ENGLISH


def _keys(templates: Sequence[str]) -> dict[str, list[int]]:
    """For each template the key that the fewest templates have, the first of these."""
    grams = [list(dict.fromkeys(_grams(template))) for template in templates]
    frequency = Counter(gram for listed in grams for gram in listed)
    keys: dict[str, list[int]] = {}
    for place, listed in enumerate(grams):
        keys.setdefault(min(listed, key=frequency.__getitem__), []).append(place)
    return dict(sorted(keys.items()))


def _grams(template: str) -> Iterator[str]:
    literals, names = literals_of(template)
    for literal in emptied(literals, names)[0]:
        yield from (literal[start : start + KEY] for start in range(len(literal) - KEY + 1))


def match(text: str, table: Mapping[str, Any]) -> list[Match]:
    """The messages that a text holds, the most specific first; those that no wording can tell apart follow one another.

    Args:
        text: Anything: a message alone, inside a server's JSON, a line of a log with its prefixes.
        table: What `compile_messages` made.
    """
    searched = Text(text)
    keys: Mapping[str, list[int]] = table["keys"]
    grams = {searched.line[start : start + KEY] for start in range(len(searched.line) - KEY + 1)}
    places = sorted({place for gram in grams & keys.keys() for place in keys[gram]})
    found = [one for place in places for one in searched.find(table["entries"][place])]
    found.sort(key=lambda one: (-one.letters, -one.length, one.spans[0][0], one.entry["id"], one.entry["lang"]))
    kept: list[Found] = []
    for one in found[: 2 * MOST_MATCHES]:
        if any(other.letters >= one.letters and other.is_nearer(one) for other in kept):
            continue
        if not any((other.letters, other.length) > (one.letters, one.length) and other.covers(one) for other in kept):
            kept.append(one)
    return [one.as_match() for one in kept[:MOST_MATCHES]]

"""Nova's messages as a table, and which of them a text holds: a fault, a refusal, a line of a log, in any language.

The table is plain JSON, the same for Python and for the browser, and needs no regular expressions. Each message is its
literals in order with anything between them. Those of one wording are one entry. How a text is read, which any other
reader of the table has to repeat:

1. The text is folded: a run of spaces and line ends becomes one character (a line end if there is one in it),
   typographic and double quotes become ', A-Z become a-z; an escape of JSON counts as what it stands for. For
   searching, a line end is a space.
2. `keys` maps four characters to the places of the entries that have them in one of their literals. Only entries of
   which the key stands in the text are looked for. What goes over the network has none, but tells with each entry where
   in its template, once folded, the key begins.
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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from nova_states.facts.ids import fact_id
from nova_states.lookup.message_search import Match, Placed, Text
from nova_states.lookup.message_wording import emptied, letters_of, literals_of, template_of, unnamed
from nova_states.lookup.refusals import error_table

if TYPE_CHECKING:
    # Messages are looked for with the table alone; the shapes of facts take longer to load than an answer takes.
    from nova_states.catalog.release import Release
    from nova_states.facts.model import ErrorClass, Refusal, Translation

__all__ = ["Match", "compile_messages", "keys_of", "match", "messages_with"]

SCHEMA: Final = 4
ENGLISH: Final = "en"
TRANSLATIONS: Final[dict[str, Collection[str] | None]] = {
    "messages": None,
    "messages_en": (),
    "messages_ko": ("ko_KR",),
}
"""Name of a compiled table → the translations in it beside English; None: all, as the command line needs.

Those with a choice go over the network: they have no line of a log that says that all is well (`QUIET`), either, unless
something is said of it, and no translation of an exception that nobody meets.
"""
QUIET: Final = frozenset({"debug", "info"})
"""Levels of log lines that nobody asks about, but for a few that look like a failure."""
KEY: Final = 4
"""Characters of a key."""
FEW: Final = 8
"""Entries that may share a key: looking for so many takes no time, and a key near the beginning is told by less."""
MOST_MATCHES: Final = 64
FEWEST_LETTERS: Final = 6
"""What has fewer, as "Error: %(0)s" has, is no message that could be known."""
NAMED: Final = frozenset(
    (
        *(
            "action",
            "attr",
            "method",
            "reason",
            "state",
            "vm_state",
            "task_state",
            "task",
            "vm_power_state",
            "power_state",
        ),
        *("server_id", "instance_uuid", "instance_id", "instance", "server"),
    )
)
"""Placeholders of which a reader asks what stands there (`nova_states.lookup.reading.known_messages`)."""
_ERROR: Final = fact_id("error", "")
_NEITHER: Final = (0, 0)
"""Of an exception that is no server's fault and no refusal."""
_Message: TypeAlias = tuple[str, str, int | None, str]
"""Id, pattern, code and language."""
_Codes: TypeAlias = dict[tuple[str, str, str], int | None]
"""Id, language and template of a message → its code."""


def compile_messages(
    releases: Iterable[Release],
    languages: Collection[str] | None = None,
    told: Collection[str] = (),
    explained: Collection[str] = (),
) -> dict[str, Any]:
    """The table of all messages of some releases.

    Args:
        releases: The oldest first; where they differ, the newest tells the code.
        languages: Codes of the translations that are wanted beside English ("ko_KR"); log lines of `QUIET` levels and
            `keys` are left out then. None: all translations and all lines.
        told: Slugs of log lines of which something is said: these are never left out.
        explained: The same of exceptions: their translations never are.

    Returns:
        `schema`; `errors`: name of each exception, sorted, and of those that users meet whether it can end as a
        server's fault, and whether the API refuses with it (1 or 0); `entries`: a list of template, language, code and
        ids, sorted by the latter, a language after the other where `languages` are given; a placeholder is `%(name)s`,
        one without a name `%(0)s`, a percent sign is doubled; an exception's id is its place in `errors`; `keys`: key →
        places of entries. Where `languages` are given, only placeholders of `NAMED` have their names
        (`nova_states.lookup.message_wording.unnamed`).
    """
    releases = list(releases)
    met = error_table(releases)
    codes = _codes(releases, languages, told, None if languages is None else met.keys() | set(explained))
    return _table(codes, met, languages)


def messages_with(stored: Mapping[str, Any], release: Release) -> dict[str, Any]:
    """The table of all messages and all lines with those of one more release, which tells the codes.

    Args:
        stored: What `compile_messages` made without `languages`.
        release: It need not be one of ours.
    """
    ids = [_id(place, stored["errors"]) for place in range(len(stored["errors"]))]
    codes: _Codes = {
        (one if isinstance(one, str) else ids[one], language, template): code
        for template, language, code, listed in stored["entries"]
        for one in listed
    }
    known = {name: flags for name, *flags in stored["errors"] if flags}
    own = error_table([release])
    told = {
        name: [max(flags) for flags in zip(known.get(name, _NEITHER), own.get(name, _NEITHER), strict=True)]
        for name in sorted(known.keys() | own.keys())
    }
    # What is said of lines is of ours.
    beside = {name: stored[name] for name in stored if name in ("lines", "causes")}
    return _table(codes | _codes([release], None), told, None) | beside


def _codes(
    releases: Sequence[Release],
    languages: Collection[str] | None,
    told: Collection[str] = (),
    met: Collection[str] | None = None,
) -> _Codes:
    codes: _Codes = {}
    quiet = frozenset() if languages is None else QUIET
    for identity, pattern, code, language in _newly_told(releases, quiet, told):
        is_met = met is None or identity.removeprefix(_ERROR) in met
        if language == ENGLISH or languages is None or (language in languages and is_met):
            template = template_of(pattern)
            codes[identity, language, template if languages is None else unnamed(template, NAMED)] = code
    return codes


def _newly_told(releases: Sequence[Release], quiet: Collection[str], told: Collection[str]) -> Iterator[_Message]:
    """The messages of each release, but those of facts that the release before has too: it has told them."""
    before: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for release in releases:
        for kinds, messages in _MESSAGES_OF.items():
            facts = tuple(release.bare(kind) for kind in kinds)
            if before.get(kinds) != facts:
                before[kinds] = facts
                yield from messages(*facts)
    # Releases share their rows, and a line has no code that another release could tell otherwise.
    lines = {id(line): line for release in releases for line in release.bare("log_messages")}
    for line in lines.values():
        if line.level not in quiet or line.slug in told:
            yield fact_id("log_message", line.slug), line.pattern, None, ENGLISH


def _table(codes: _Codes, told: Mapping[str, list[int]], languages: Collection[str] | None) -> dict[str, Any]:
    names = sorted(told.keys() | {name.removeprefix(_ERROR) for name, _, _ in codes if name.startswith(_ERROR)})
    places: dict[str, str | int] = {fact_id("error", name): place for place, name in enumerate(names)}
    wordings: dict[tuple[str, str, int | None, str], list[str | int]] = {}
    for (identity, language, template), code in sorted(codes.items()):
        if sum(map(letters_of, literals_of(template)[0])) >= FEWEST_LETTERS and any(_grams(template)):
            kind = identity.partition(":")[0]
            wordings.setdefault((template, language, code, kind), []).append(places.get(identity, identity))
    entries: list[list[Any]] = [[*wording[:3], ids] for wording, ids in wordings.items()]
    if languages is not None:
        # What is near to its like is packed better.
        entries.sort(key=lambda entry: entry[1] != ENGLISH)
    table = {"schema": SCHEMA, "errors": [[name, *told.get(name, ())] for name in names], "entries": entries}
    return table | {"keys": keys_of(entries)} if languages is None else table


def _of_errors(errors: Iterable[ErrorClass], texts: Iterable[Translation]) -> Iterator[_Message]:
    translations: dict[str, list[tuple[str, str]]] = {}
    for one in texts:
        translations.setdefault(one.pattern, []).append((one.text, one.language))
    for error in errors:
        if error.pattern is None:
            continue
        yield fact_id("error", error.name), error.pattern, error.code, ENGLISH
        for text, language in translations.get(error.pattern, ()):
            yield fact_id("error", error.name), text, error.code, language


def _of_refusals(refusals: Iterable[Refusal]) -> Iterator[_Message]:
    for refusal in refusals:
        if refusal.text:
            yield fact_id("refusal", refusal.action), refusal.text, refusal.code, ENGLISH


_MESSAGES_OF: Final[Mapping[tuple[str, ...], Callable[..., Iterator[_Message]]]] = {
    ("errors", "translations"): _of_errors,
    ("refusals",): _of_refusals,
}
"""Kinds of facts → the messages in them; lines of logs are read apart."""


def keys_of(entries: Iterable[Sequence[Any]]) -> dict[str, list[int]]:
    """For each entry the first key that few entries have; where none is had by few, that which the fewest have."""
    grams = [list(dict.fromkeys(_grams(template))) for template, *_ in entries]
    frequency = Counter(gram for listed in grams for gram in listed)
    keys: dict[str, list[int]] = {}
    for place, listed in enumerate(grams):
        keys.setdefault(min(listed, key=lambda gram: max(frequency[gram], FEW)), []).append(place)
    return dict(sorted(keys.items()))


def _grams(template: str) -> Iterator[str]:
    literals, names = literals_of(template)
    for literal in emptied(literals, names)[0]:
        yield from (literal[start : start + KEY] for start in range(len(literal) - KEY + 1))


def match(text: str, table: Mapping[str, Any]) -> list[Match]:
    """The messages that a text holds, the most specific first; those that no wording can tell apart follow one another.

    Args:
        text: Anything: a message alone, inside a server's JSON, a line of a log with its prefixes.
        table: What `compile_messages` made, with its keys.
    """
    searched = Text(text)
    keys: Mapping[str, list[int]] = table["keys"]
    grams = {searched.line[start : start + KEY] for start in range(len(searched.line) - KEY + 1)}
    places = sorted({place for gram in grams & keys.keys() for place in keys[gram]})
    found = [
        Placed(id=_id(one, table["errors"]), lang=language, code=code, found=found)
        for template, language, code, ids, *_ in (table["entries"][place] for place in places)
        for found in searched.find(template)
        for one in ids
    ]
    found.sort(key=lambda one: (-one.found.letters, -one.found.length, one.found.spans[0][0], one.id, one.lang))
    kept: list[Placed] = []
    for one in found[: 2 * MOST_MATCHES]:
        if any(other.found.letters >= one.found.letters and other.found.is_nearer(one.found) for other in kept):
            continue
        if not any(other.found.hides(one.found) for other in kept):
            kept.append(one)
    return [one.as_match() for one in kept[:MOST_MATCHES]]


def _id(one: str | int, errors: Sequence[Sequence[Any]]) -> str:
    return one if isinstance(one, str) else fact_id("error", errors[one][0])

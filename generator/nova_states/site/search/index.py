"""Writes the search index of each language: what the worker (docs/assets/search/) loads when the box is opened.

Names are written as they are: the worker normalises the index and the question alike, so that the two cannot drift
apart. What questions teach is worked out by nova_states.site.search.teaching, which has a twin of the worker's
normaliser for that. An index's address is `<language>/search/index.json`; its shape is an agreement between this module
and docs/assets/search/names.js alone, and may change with any build.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from nova_states.catalog.queries import CatalogQueries
from nova_states.errors import InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations
from nova_states.facts.ids import fact_id
from nova_states.lookup.refusals import message_patterns
from nova_states.pages.urls import LOOKUP
from nova_states.pages.writer import PageWords
from nova_states.site.generated_page import PageHead
from nova_states.site.search.asked import load_asked
from nova_states.site.search.comparisons import load_comparisons
from nova_states.site.search.documents import Document, documents_of_names, names_of_actions
from nova_states.site.search.lexicon import LEXICON, check_lexicon, load_lexicon
from nova_states.site.search.logged import logged_lines
from nova_states.site.search.prose import documents_of_prose
from nova_states.site.search.raised import raised_messages, unmarked_classes
from nova_states.site.search.teaching import Teaching, typed
from nova_states.site.search.telling_names import TellingNames

INDEX: Final = "{language}/search/index.json"
_SUGGESTED: Final = ("guide:states", "matrix:guards", "runbook:stuck-building")
"""What is offered where nothing fits at all."""
_BAR: Final = "|"
_FIRST_PLACE: Final = 0x100
_LONGEST_SENTENCE: Final = {True: 60, False: 38}
"""Whether there is room → longer ones are cut; where readers type two languages, names need all of it."""
_FAULTS: Final = "guide:records"
"""Tells how to read a fault that has no page of its own."""


def render_search(
    docs: Path,
    heads: Mapping[str, PageHead],
    queries: CatalogQueries,
    explanations: Explanations,
    table: Mapping[str, Mapping[str, str]],
) -> dict[str, str]:
    """Path below the site's source folder → text, an index for each language.

    `docs` holds people's prose, `heads` are the generated pages' by their path, `table` the words of the interface.

    Raises:
        CheckError: words or questions lead nowhere, or words fire where they should not; with file and line.
        InputError: the lexicon or a page of prose is not as it should be.
    """
    lexicon = load_lexicon(docs / LEXICON)
    documents = {
        language: (
            *documents_of_names(language, heads, queries, explanations),
            *documents_of_prose(docs, language),
        )
        for language in LANGUAGES
    }
    check_lexicon(lexicon, documents)
    ids = {language: {document.id for document in documents[language]} for language in LANGUAGES}
    asked = load_asked(docs, ids)
    compared = load_comparisons(docs, set.intersection(*ids.values()))
    return {
        INDEX.format(language=language): json.dumps(
            _index(
                documents[language],
                Teaching(lexicon=lexicon, asked=asked[language], language=language, root=docs.parent),
                queries,
                explanations,
                PageWords(language=language, table=table),
            )
            | {"compared": _compared(documents[language], compared)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for language in LANGUAGES
    }


def _index(
    documents: Sequence[Document],
    teaching: Teaching,
    queries: CatalogQueries,
    explanations: Explanations,
    words: PageWords,
) -> dict[str, Any]:
    language, lexicon = words.language, teaching.lexicon
    places = {document.id: place for place, document in enumerate(documents)}
    kinds = dict.fromkeys(document.kind for document in documents)
    groups = [typed(entry, language) for entry in lexicon.words]
    fillers = typed(lexicon.fillers, language)
    if not teaching.has_room:
        telling = TellingNames(groups, fillers)
        documents = [telling.without_repeated(document) for document in documents]
    longest = _LONGEST_SENTENCE[teaching.has_room]
    documents = [replace(document, sentence=_cut(document.sentence, longest)) for document in documents]
    columns = _columns(documents)
    learned = teaching.learned(documents)
    questions = [entry for entry in lexicon.questions if entry.words[language]]
    # Alike texts stand near each other, as gzip looks back only 32 kB; what is packed stands together at the end, as
    # gzip counts signs by the block, and those of numbers are none of a text's.
    return {
        "sentences": columns["sentences"],
        "labels": columns["labels"],
        "aliases": columns["aliases"],
        "anchored": columns["anchored"],
        "hrefs": columns["hrefs"],
        "actions": {
            # Its own page first: what is refused is "reboot", be it a soft or a hard one.
            word: [
                places[f"action:{action}"]
                for action in sorted(actions, key=lambda name: _joined(name) != _joined(word))
            ]
            for word, actions in names_of_actions(queries).items()
            if [_joined(action) for action in actions] != [_joined(word)]
        },
        "kinds": {kind: words(f"found_{kind}") for kind in kinds},
        "leans": {group: entry.leans for group, entry in enumerate(lexicon.words) if entry.leans},
        "fillers": _list(fillers),
        "asides": _list(typed(lexicon.asides, language)),
        "words": _lines(_list(group) for group in groups),
        "hints": {entry.to[0]: typed(entry, language) for entry in lexicon.kinds},
        "circumstances": _list(typed(lexicon.circumstances, language)),
        # Those in other languages are learned from; as names they would need too much room.
        "questions": _lines(_list(entry.words[language]) for entry in questions),
        "endings": "".join(lexicon.endings.words[language]),
        "messages": queries.memo.once(("patterns of messages",), lambda: message_patterns(queries.catalog.releases())),
        "ids": columns["ids"],
        "faults": {"place": places[_FAULTS], "texts": _faults(explanations, places)},
        "gone": [places[f"action:{name}"] for name in queries.actions if name not in queries.latest.actions],
        "suggested": [places[identity] for identity in _SUGGESTED],
        "lookup": LOOKUP,
        "words_shown": {word: words(f"search_{word}") for word in ("count", "nothing", "lookup", "offer")},
        "keys": learned["keys"],
        "weights": learned["weights"],
        "often": learned["often"],
        "topics": _lines(_places(places[identity] for identity in entry.to) for entry in lexicon.topics),
        "answers": _lines(_places(places[identity] for identity in entry.to) for entry in questions),
        "logged": [
            (places[page], numbers)
            for page, numbers in queries.memo.once(("logged lines",), lambda: logged_lines(queries)).items()
        ],
        "classes": queries.memo.once(("unmarked classes",), lambda: unmarked_classes(queries, places)),
        # Where readers type two languages, their names have the room.
        "raised": raised_messages(queries, places) if teaching.has_room else None,
    }


def _compared(documents: Iterable[Document], compared: Mapping[str, Sequence[str]]) -> str:
    """A line for each guide that compares: its place, and those of what it compares."""
    places = {document.id: place for place, document in enumerate(documents)}
    return _lines(_places(places[one] for one in (guide, *ids)) for guide, ids in compared.items())


def _joined(name: str) -> str:
    """A name written together, as the worker compares names of actions: addFixedIp, add_fixed_ip."""
    return "".join(filter(str.isalnum, name)).lower()


def _cut(sentence: str, longest: int) -> str:
    if len(sentence) <= longest:
        return sentence
    return sentence[:longest].rpartition(" ")[0].rstrip(",·:;") + "…"


def _faults(explanations: Explanations, places: Mapping[str, int]) -> list[str]:
    """What faults say, of those that have no page: a page of its own brings its own names."""
    return [
        text
        for fault in explanations.by_kind.get("error", {}).values()
        if fact_id("error", fault.name) not in places
        for text in (fault.name, *fault.aliases["en"])
    ]


def _list(words: Iterable[str]) -> str:
    """Words as one text, smaller than a list of texts; no word of ours has a bar in it.

    Raises:
        InputError: one has.
    """
    listed = tuple(words)
    strange = next((word for word in listed if _BAR in word), None)
    if strange is not None:
        raise InputError(f"docs/explanations: {strange!r}: the search takes no {_BAR!r} in an alias; leave it out")
    return _BAR.join(listed)


def _places(places: Iterable[int]) -> str:
    """Places of documents, a character each."""
    return "".join(chr(_FIRST_PLACE + place) for place in places)


def _columns(documents: Sequence[Document]) -> dict[str, Any]:
    """Sentences, labels, ids and aliases, a line a document, as alike things pack best one below another.

    Addresses that do not follow from the id are given by the document's place. `anchored` are the kinds of which one
    page tells all: "option:shutdown_timeout" is "option/#shutdown_timeout".
    """
    anchored = tuple(
        kind
        for kind in dict.fromkeys(document.kind for document in documents)
        if any(document.href == f"{kind}/#{document.name}" for document in documents)
    )
    return {
        "sentences": _lines(document.sentence for document in documents),
        # Of what is headed with its name: nothing.
        "labels": _lines("" if document.label == document.name else document.label for document in documents),
        "ids": _lines(_without_repeated_kinds(document.id for document in documents)),
        "aliases": _lines(_list(document.aliases) for document in documents),
        "anchored": anchored,
        "hrefs": {
            place: document.href
            for place, document in enumerate(documents)
            if document.href != _implied(document.id, anchored)
        },
    }


def _without_repeated_kinds(ids: Iterable[str]) -> Iterator[str]:
    """Ids, of those of one kind in a row only the first with the kind: "action:start", "stop"."""
    before = None
    for identity in ids:
        kind, _, name = identity.partition(":")
        yield identity if kind != before else name
        before = kind


def _implied(identity: str, anchored: Collection[str]) -> str:
    """The address that an id says: the twin of `impliedHref` in docs/assets/search/names.js."""
    kind, _, name = identity.partition(":")
    page, _, section = (name.lower(), "", "") if kind not in anchored else ("", "", name)
    if "#" in page:
        page, _, section = page.partition("#")
    return f"{kind}/" + (f"{page}/" if page else "") + (f"#{section}" if section else "")


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)

"""Writes the search index of each language: what the worker (docs/assets/search/) loads when the box is opened.

Names are written as they are. Only the worker normalises, the index and the question alike, so that the two cannot
drift apart. Its address is `<language>/search/index.json`; its shape is an agreement between this module and
docs/assets/search/ranker.js alone, and may change with any build.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from nova_states.site.search.documents import READS, Document, documents_of_names, names_of_actions
from nova_states.site.search.lexicon import LEXICON, Entry, Lexicon, check_lexicon, load_lexicon
from nova_states.site.search.prose import documents_of_prose
from nova_states.site.search.telling_names import TellingNames

INDEX: Final = "{language}/search/index.json"
_SUGGESTED: Final = ("guide:states", "matrix:guards", "runbook:stuck-building")
"""What is offered where nothing fits at all."""
_BAR: Final = "|"
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
        CheckError: words of the lexicon lead nowhere or fire where they should not; with file and line.
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
    return {
        INDEX.format(language=language): json.dumps(
            _index(documents[language], lexicon, queries, explanations, PageWords(language=language, table=table)),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for language in LANGUAGES
    }


def _index(
    documents: Sequence[Document],
    lexicon: Lexicon,
    queries: CatalogQueries,
    explanations: Explanations,
    words: PageWords,
) -> dict[str, Any]:
    language = words.language
    places = {document.id: place for place, document in enumerate(documents)}
    kinds = dict.fromkeys(document.kind for document in documents)
    groups = [_typed(entry, language) for entry in lexicon.words]
    fillers = _typed(lexicon.fillers, language)
    if len(READS[language]) > 1:  # names in two languages need the room
        telling = TellingNames(groups, fillers)
        documents = [telling.without_repeated(document) for document in documents]
    return {
        "documents": _columns(documents),
        "kinds": {kind: words(f"found_{kind}") for kind in kinds},
        "words": [_list(group) for group in groups],
        "leans": {group: entry.leans for group, entry in enumerate(lexicon.words) if entry.leans},
        "questions": [
            [_list(_typed(entry, language)), [places[identity] for identity in entry.to]] for entry in lexicon.questions
        ],
        "hints": {entry.to[0]: _typed(entry, language) for entry in lexicon.kinds},
        "topics": [[places[identity] for identity in entry.to] for entry in lexicon.topics],
        "fillers": _list(fillers),
        "asides": _list(_typed(lexicon.asides, language)),
        "circumstances": _list(_typed(lexicon.circumstances, language)),
        "endings": "".join(lexicon.endings.words[language]),
        "messages": queries.memo.once(("patterns of messages",), lambda: message_patterns(queries.catalog.releases())),
        "actions": {
            word: [places[f"action:{action}"] for action in actions]
            for word, actions in names_of_actions(queries).items()
            if tuple(actions) != (word,)
        },
        "faults": {"place": places[_FAULTS], "texts": _faults(explanations, places)},
        "gone": [places[f"action:{name}"] for name in queries.actions if name not in queries.latest.actions],
        "suggested": [places[identity] for identity in _SUGGESTED],
        "lookup": LOOKUP,
        "words_shown": {word: words(f"search_{word}") for word in ("count", "nothing", "lookup", "offer")},
    }


def _faults(explanations: Explanations, places: Mapping[str, int]) -> list[str]:
    """What faults say, of those that have no page: a page of its own brings its own names."""
    return [
        text
        for fault in explanations.by_kind.get("error", {}).values()
        if fact_id("error", fault.name) not in places
        for text in (fault.name, *fault.aliases["en"])
    ]


def _typed(entry: Entry, language: str) -> list[str]:
    """The words that readers of a language type."""
    return [word for typed in READS[language] for word in entry.words[typed]]


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
        "labels": _lines(document.label for document in documents),
        "ids": _lines(document.id for document in documents),
        "aliases": _lines(_list(document.aliases) for document in documents),
        "anchored": anchored,
        "hrefs": {
            place: document.href
            for place, document in enumerate(documents)
            if document.href != _implied(document.id, anchored)
        },
    }


def _implied(identity: str, anchored: Collection[str]) -> str:
    """The address that an id says: the twin of `impliedHref` in docs/assets/search/names.js."""
    kind, _, name = identity.partition(":")
    page, _, section = (name.lower(), "", "") if kind not in anchored else ("", "", name)
    if "#" in page:
        page, _, section = page.partition("#")
    return f"{kind}/" + (f"{page}/" if page else "") + (f"#{section}" if section else "")


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)

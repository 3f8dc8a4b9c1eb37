"""The words people search with, and where they lead: docs/explanations/lexicon.yml, read and checked.

The file is data that people write; this module knows its shape and what is wrong with it. What is wrong is told with
file and line: an id that does not exist, words that lead nowhere, a word that would fire inside a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from nova_states.errors import CheckError, InputError
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.yaml_text import compose_yaml
from nova_states.site.search.documents import Document

LEXICON: Final = Path("explanations", "lexicon.yml")
"""Below docs/."""
_PARTS: Final = ("words", "questions", "kinds", "topics", "fillers", "asides", "circumstances", "endings")
_HANGUL: Final = re.compile(r"[가-힣]+")
_STEM: Final = "-"
"""Stands behind the stem of a Korean verb: 지우- is found in 지워, 지운, 지웠는데."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Words of each language, with the line they stand in and what they lead to."""

    line: int
    words: Mapping[str, tuple[str, ...]]
    """Language → words; each language is given, perhaps empty."""
    to: tuple[str, ...] = ()
    """Ids, best first; the kind for a hint at a kind."""
    leans: tuple[str, ...] = ()
    """Kinds and ids that answer what has such a word sooner than others: what hangs leads to a runbook."""

    def all_words(self) -> Iterator[str]:
        """The words of all languages."""
        for language in LANGUAGES:
            yield from self.words[language]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The whole file."""

    words: tuple[Entry, ...]
    """Each a group that means the same."""
    questions: tuple[Entry, ...]
    """What people ask, and the pages that answer it."""
    kinds: tuple[Entry, ...]
    """Words that tell of which kind an answer should be."""
    topics: tuple[Entry, ...]
    """Ids that are one topic: shown in one card."""
    fillers: Entry
    """Words that say nothing."""
    asides: Entry
    """Words that only tell where one looks or with what."""
    circumstances: Entry
    """What comes before these is only how a server is; what is asked comes behind them."""
    endings: Entry
    """Syllables that Korean verbs and nouns end with, each word one string of them."""


def load_lexicon(path: Path) -> Lexicon:
    """Read the file.

    Raises:
        InputError: it is not YAML or has another shape, with file and line.
    """
    where = f"docs/explanations/{path.name}"
    parts = dict(_mapping(compose_yaml(path, where), where, 1))
    if set(parts) != set(_PARTS):
        raise InputError(f"{where}:1: needs exactly {', '.join(_PARTS)}")
    return Lexicon(
        words=tuple(_entry(node, where, leans=True) for node in _items(parts["words"], where)),
        questions=tuple(_entry(node, where, to=True) for node in _items(parts["questions"], where)),
        kinds=tuple(_kind(key, node, where) for key, node in _mapping(parts["kinds"], where, _line(parts["kinds"]))),
        topics=tuple(_topic(node, where) for node in _items(parts["topics"], where)),
        fillers=_entry(parts["fillers"], where),
        asides=_entry(parts["asides"], where),
        circumstances=_entry(parts["circumstances"], where),
        endings=_entry(parts["endings"], where),
    )


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _mapping(node: yaml.Node | None, where: str, line: int) -> list[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{where}:{line}: needs a mapping of words to their entries")
    return [(str(key.value), value) for key, value in node.value]


def _items(node: yaml.Node, where: str) -> Sequence[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise InputError(f"{where}:{_line(node)}: needs a list")
    items: Sequence[yaml.Node] = node.value
    return items


def _texts(node: yaml.Node, where: str) -> tuple[str, ...]:
    items = _items(node, where)
    if not all(isinstance(item, yaml.ScalarNode) and str(item.value).strip() for item in items):
        raise InputError(f"{where}:{_line(node)}: needs a list of words, none of them empty")
    return tuple(str(item.value) for item in items)


def _entry(node: yaml.Node, where: str, *, to: bool = False, leans: bool = False) -> Entry:
    given: dict[str, Any] = {}
    more = (*(("to",) if to else ()), *(("leans",) if leans else ()))
    for key, value in _mapping(node, where, _line(node)):
        if key not in (*LANGUAGES, *more):
            known = ", ".join((*more, *LANGUAGES))
            raise InputError(f"{where}:{_line(value)}: unknown key {key!r}; known are {known}")
        given[key] = _texts(value, where)
    if to and not given.get("to"):
        raise InputError(f"{where}:{_line(node)}: leads nowhere; say which ids answer it (to: [vm_state:stopped])")
    words = {language: given.get(language, ()) for language in LANGUAGES}
    if not any(words.values()):
        raise InputError(f"{where}:{_line(node)}: has no words")
    return Entry(line=_line(node), words=words, to=given.get("to", ()), leans=given.get("leans", ()))


def _kind(kind: str, node: yaml.Node, where: str) -> Entry:
    entry = _entry(node, where)
    return Entry(line=entry.line, words=entry.words, to=(kind,))


def _topic(node: yaml.Node, where: str) -> Entry:
    return Entry(line=_line(node), words=dict.fromkeys(LANGUAGES, ()), to=_texts(node, where))


def check_lexicon(lexicon: Lexicon, documents: Mapping[str, Sequence[Document]]) -> None:
    """Compare the words with what there is to find, `documents` by language.

    Raises:
        CheckError: something leads nowhere or fires where it should not; each with file and line.
    """
    problems = (
        *_unknown_ids(lexicon, {document.id for found in documents.values() for document in found}),
        *_idle_words(
            lexicon, [name for found in documents.values() for document in found for name in _names(document)]
        ),
        *_words_inside(lexicon, [name for document in documents["ko"] for name in _names(document)]),
    )
    if problems:
        raise CheckError(tuple(f"docs/{LEXICON.as_posix()}:{problem}" for problem in problems))


def _names(document: Document) -> tuple[str, ...]:
    return (document.name, document.label, *document.aliases)


def _unknown_ids(lexicon: Lexicon, ids: Collection[str]) -> Iterator[str]:
    kinds = {identity.partition(":")[0] for identity in ids}
    for entry in (*lexicon.questions, *lexicon.topics):
        for identity in entry.to:
            if identity not in ids:
                yield f"{entry.line}: leads nowhere: there is no {identity}"
    for entry in lexicon.words:
        for identity in entry.leans:
            if identity not in ids and identity not in kinds:
                yield f"{entry.line}: leads nowhere: there is no {identity}, neither a page nor a kind"
    for entry in lexicon.kinds:
        if entry.to[0] not in kinds:
            yield f"{entry.line}: leads nowhere: there is no kind {entry.to[0]}"


def _idle_words(lexicon: Lexicon, names: Iterable[str]) -> Iterator[str]:
    """Groups none of whose words anything is called by."""
    asked = [word for entry in (*lexicon.questions, *lexicon.kinds) for word in entry.all_words()]
    text = "\n".join(name.casefold() for name in (*names, *asked))
    squeezed = re.sub(r"[ _-]", "", text)
    for entry in lexicon.words:
        if not any(re.sub(r"[ _-]", "", word.casefold()) in squeezed for word in entry.all_words()):
            yield f"{entry.line}: leads nowhere: nothing is called {', '.join(entry.all_words())}"


def _words_inside(lexicon: Lexicon, names: Iterable[str]) -> Iterator[str]:
    """Korean words that would be found inside a longer one that means something else: 부팅 in 재부팅."""
    lines = {part: entry.line for entry in lexicon.words for word in entry.words["ko"] for part in _nouns(word)}
    known = set(lines) | {
        part for entry in (lexicon.fillers, *lexicon.kinds) for word in entry.words["ko"] for part in _nouns(word)
    }
    reported: set[tuple[str, str]] = set()
    for name in names:
        for longer in _HANGUL.findall(name):
            word = _fires_inside(longer, known)
            if word in lines and (word, longer) not in reported:
                reported.add((word, longer))
                yield f"{lines[word]}: {word} fires inside {longer}; enter {longer} as a word of its own"


def _nouns(word: str) -> list[str]:
    return [] if word.endswith(_STEM) else [part for part in _HANGUL.findall(word) if len(part) > 1]


def _fires_inside(longer: str, known: Collection[str]) -> str:
    """The first known word that a left-to-right reading finds behind letters it does not know; else empty."""
    place = 0
    while place < len(longer):
        found = next((longer[place:end] for end in range(len(longer), place, -1) if longer[place:end] in known), "")
        if not found:
            rest = [longer[at:end] for at in range(place + 1, len(longer)) for end in range(len(longer), at, -1)]
            inside = next((part for part in rest if part in known), "")
            return inside if place == 0 else ""
        place += len(found)
    return ""

"""What the search is taught in a language: the lexicon's words to read with, and the questions to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nova_states.site.kept_files import LEARNED, kept
from nova_states.site.search.asked import Asked
from nova_states.site.search.documents import READS, Document
from nova_states.site.search.learning import learn, packed
from nova_states.site.search.lexicon import Entry, Lexicon
from nova_states.site.search.normaliser import Normaliser

_SECTION: Final = "#"
_TELLS_BY_FORM: Final = ("-", "…")
"""Begin or end a hint that is no word of its own: -된, how to…"""
_LEAST: Final = {True: (2, 0.36), False: (3, 0.6)}
"""Whether there is room → in how many questions a word has to be, and the least weight; measured by their size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Teaching:
    """The words and the questions of a language."""

    lexicon: Lexicon
    asked: Sequence[Asked]
    language: str
    root: Path = field(repr=False)
    """Of the checkout, where what was learned is kept; it decides about nothing."""

    @property
    def has_room(self) -> bool:
        """Whether the index of the language has room: names in two languages need all of it."""
        return len(READS[self.language]) == 1

    def learned(self, documents: Sequence[Document]) -> dict[str, str]:
        """What the questions teach of documents, packed; nothing is learned again that was learned before."""
        names = [(document.id, document.label, document.aliases) for document in documents]
        return kept(
            self.root, LEARNED.format(language=self.language), repr((self, names)), lambda: self._learn(documents)
        )

    def _learn(self, documents: Sequence[Document]) -> dict[str, str]:
        """Those of the lexicon teach, too, where there is room."""
        lexicon = [(text, entry.to) for entry in self.lexicon.questions for text in entry.words[self.language]]
        taught = [Asked(text=text, pages=to, source="lexicon") for text, to in lexicon if self.has_room]
        pages = [document.id for document in documents if _SECTION not in document.id]
        normaliser = self._normaliser()
        # All that the worker takes for names, in its order.
        names = [name for document in documents for name in (document.label, *document.aliases)]
        normaliser.learn_names([*names, *(text for text, _ in lexicon)])
        fewest, least = _LEAST[self.has_room]
        weights = learn([*self.asked, *taught], pages, normaliser, fewest=fewest, least=least)
        return packed(weights, len(self.lexicon.words))

    def _normaliser(self) -> Normaliser:
        hints = [word for entry in self.lexicon.kinds for word in typed(entry, self.language)]
        return Normaliser(
            words=[typed(entry, self.language) for entry in self.lexicon.words],
            fillers=typed(self.lexicon.fillers, self.language),
            hints=[word for word in hints if word[0] not in _TELLS_BY_FORM and word[-1] not in _TELLS_BY_FORM],
            endings="".join(self.lexicon.endings.words[self.language]),
        )


def typed(entry: Entry, language: str) -> list[str]:
    """The words that readers of a language type."""
    return [word for read in READS[language] for word in entry.words[read]]

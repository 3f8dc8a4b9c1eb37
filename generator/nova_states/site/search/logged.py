"""Lines of Nova's log as the search recognises them where they are pasted: by words that stand together in no other.

Of each line the first `_LENGTH` words that nothing is filled in between are kept, as a number of `_BITS` bits; the
worker looks at each run of as many words of a question (docs/assets/search/pasted.js). Of a line without such a run
`_SHORT` words are kept, which the worker looks for only in what begins as a log's lines do: people ask in such words,
too. A line without either is found by its words, as any text is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nova_states.catalog.queries import CatalogQueries
from nova_states.facts.ids import fact_id
from nova_states.pages.record_links import LOG, log_address
from nova_states.site.search.learning import packed_numbers, word_number
from nova_states.site.search.wordings import literal_words

_LENGTH: Final = 5
"""Words; the twin of `LOGGED` in pasted.js."""
_SHORT: Final = 4
"""The twin of `SHORT_LOGGED` in pasted.js."""
_BITS: Final = 22
"""The twin of `LOGGED_BITS` in pasted.js: a run of ten thousand is taken for a line that it is not."""


def logged_lines(queries: CatalogQueries) -> Mapping[str, str]:
    """Id of each page of log lines → the numbers of the lines it shows, packed."""
    found: dict[str, set[int]] = {}
    for known in queries.named("log_messages").values():
        for fact in known.facts:
            address = log_address(fact.evidence.file)
            page = fact_id("log", address.removeprefix(LOG).strip("/"))
            found.setdefault(page, set()).update(_numbers(fact.pattern))
    return {page: packed_numbers(numbers) for page, numbers in sorted(found.items())}


def _numbers(pattern: str) -> Iterator[int]:
    said = list(literal_words(pattern))
    for length in (_LENGTH, _SHORT):
        for words in said:
            if len(words) >= length:
                yield word_number(" ".join(words[:length]), _BITS)
                return

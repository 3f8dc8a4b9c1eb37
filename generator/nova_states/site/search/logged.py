"""Lines of Nova's log as the search recognises them where they are pasted: by words that stand together in no other.

Of each line the first `_LENGTH` words that nothing is filled in between are kept, as a number of `_BITS` bits; the
worker looks at each run of as many words of a question (docs/assets/search/pasted.js). A line without such a run is
found by its words, as any text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nova_states.catalog.queries import CatalogQueries
from nova_states.facts.ids import fact_id
from nova_states.pages.record_links import LOG, log_address
from nova_states.site.search.learning import packed_numbers, word_number

_LENGTH: Final = 5
"""Words; the twin of `LOGGED` in pasted.js."""
_BITS: Final = 18
"""The twin of `LOGGED_BITS` in pasted.js: a run of a thousand is taken for a line that it is not."""
_QUIET: Final = "debug"
"""Hardly a log has these lines."""
_FILLED: Final = re.compile(r"\{[^}]*\}")
_WORD: Final = re.compile(r"[a-z]+")


def logged_lines(queries: CatalogQueries) -> Mapping[str, str]:
    """Id of each page of log lines → the numbers of the lines it shows, packed."""
    found: dict[str, set[int]] = {}
    for known in queries.named("log_messages").values():
        for fact in known.facts:
            if fact.level == _QUIET:
                continue
            address = log_address(fact.evidence.file)
            page = fact_id("log", address.removeprefix(LOG).strip("/"))
            found.setdefault(page, set()).update(_numbers(fact.pattern))
    return {page: packed_numbers(numbers) for page, numbers in sorted(found.items())}


def _numbers(pattern: str) -> Iterator[int]:
    for literal in _FILLED.split(pattern):
        words = _WORD.findall(literal.lower())
        if len(words) >= _LENGTH:
            yield word_number(" ".join(words[:_LENGTH]), _BITS)
            return

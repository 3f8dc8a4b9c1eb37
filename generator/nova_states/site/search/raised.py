"""Messages of Nova's exceptions as the search recognises them where they are pasted: by words that no other page has.

Of each wording one run of `_LENGTH` words is kept, as a number of `_BITS` bits: of those that only one page tells of,
the one whose words are the rarest. The worker looks at each run of as many words of a question
(docs/assets/search/pasted.js). A message that is too short for one is found by the names of its page, as any text is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from nova_states.catalog.queries import CatalogQueries
from nova_states.catalog.seen import STATE_REFUSED
from nova_states.facts.ids import fact_id
from nova_states.pages.record_links import initial_of
from nova_states.site.search.learning import packed_numbers, word_number
from nova_states.site.search.wordings import literal_words

_LENGTH: Final = 4
"""Words; the twin of `RAISED` in pasted.js."""
_BITS: Final = 22
"""The twin of `RAISED_BITS` in pasted.js: a run of seven thousand is taken for a message that it is not."""
_FIRST_PLACE: Final = 0x100
_SHORTEST_CLASS: Final = 9
_ENDS_CLASS: Final = re.compile(
    "(?:NotFound|Exception|Error|Failed|Failure|Exists|Invalid|Unsupported|NotSupported|InUse|Unavailable|NotAllowed"
    "|Mismatch|Conflict|Exceeded|Missing)$"
)
"""What classes of exceptions mostly end with: the worker knows those by it. The twin of `ENDS_CLASS` in pasted.js."""


def raised_messages(queries: CatalogQueries, places: Mapping[str, int]) -> dict[str, str]:
    """Numbers of the messages in all their wordings, packed, and the place of the page of each, a character a number.

    `places` are those of the pages by their ids: an exception that has none of its own is on the page of its initial.
    """
    runs: dict[str, list[set[str]]] = {}
    for name, known in queries.named("errors").items():
        own = fact_id("error", name)
        page = own if own in places else f"error:letter-{initial_of(name).lower()}"
        wordings = {wording for wording, _ in queries.wordings.get(name, ())} | {known.facts[0].pattern}
        runs.setdefault(page, []).extend(set(_runs(wording)) for wording in wordings if wording)
    pages = Counter(run for of_page in runs.values() for run in set().union(*of_page))
    words = Counter(word for run in pages for word in run.split())
    found: dict[int, int] = {}
    for page, wordings_of_page in sorted(runs.items()):
        for of_wording in wordings_of_page:
            own_runs = [run for run in of_wording if pages[run] == 1]
            # What a refusal says leads to the action that was refused.
            if own_runs and page != fact_id("error", STATE_REFUSED):
                rarest = min(own_runs, key=lambda run: (sum(words[word] for word in run.split()), run))
                found[word_number(rarest, _BITS)] = places[page]
    return {
        "numbers": packed_numbers(found),
        "places": "".join(chr(_FIRST_PLACE + found[number]) for number in sorted(found)),
    }


def unmarked_classes(queries: CatalogQueries, places: Mapping[str, int]) -> str:
    """Numbers of the newest release's classes that have no page of their own and no ending to know them by, packed.

    The page of such a class is that of its initial.
    """
    names = {fact.name for fact in queries.latest.facts("errors") if fact_id("error", fact.name) not in places}
    unmarked = (name for name in names if len(name) >= _SHORTEST_CLASS and not _ENDS_CLASS.search(name))
    return packed_numbers({word_number(name.lower()) for name in unmarked})


def _runs(wording: str) -> Iterator[str]:
    """All runs of a wording, none across what is filled in."""
    for words in literal_words(wording):
        for at in range(len(words) - _LENGTH + 1):
            yield " ".join(words[at : at + _LENGTH])

"""What each page is said to be in results of search engines: no two pages of a language say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from nova_states.site.generated_page import PageHead


def tell_apart(heads: Mapping[str, PageHead]) -> dict[str, str]:
    """Return the description of each generated page by its path; `heads` are theirs by the same.

    A status is mostly explained in the words of the vm_state that it shows: where pages share a sentence, each
    begins with its title.
    """
    counts = Counter((_language(path), head.description) for path, head in heads.items())
    return {
        path: f"{head.title}. {head.description}" if counts[_language(path), head.description] > 1 else head.description
        for path, head in heads.items()
    }


def _language(path: str) -> str:
    return path.partition("/")[0]

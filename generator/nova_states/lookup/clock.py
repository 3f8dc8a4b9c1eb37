"""Times as Nova prints them, and how long ago they were. Seconds since 1970 in UTC, in which all of Nova's times are.

docs/assets/lookup/situation.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime
from typing import Final

_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]{1,9})?(?:Z|[+-]00:?00)?"
)


@functools.lru_cache(maxsize=256)  # what is known of one server is asked for several times
def seconds_of(text: str | None) -> int | None:
    """A time as "2026-11-26T16:06:01Z" or "2026-11-26 16:06:01.429483"; None for what is none."""
    found = _TIME.fullmatch(text) if text else None
    if found is None:
        return None
    try:
        return int(datetime(*map(int, found.groups()), tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def time_of(seconds: int) -> str:
    """The same as text, "2026-11-26T16:06:01Z"."""
    return f"{datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()}Z"

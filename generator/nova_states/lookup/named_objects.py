"""Objects that a message names, for commands and for the steps that speak of them: a volume, a port, a path, a filter.

docs/assets/lookup/named_objects.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from typing import Final

_UUID: Final = r"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b"
_BEFORE_ID: Final = r"(?:[ _-]?(?:id|uuid))?(?: with)?(?: id| uuid)?[:=]? ?[\"'\[(]{0,2}"
_UNREADABLE: Final = (
    "permission denied|no such file or directory|no space left|read-only file system|input/output error|stale"
)
_PATTERNS: Final = (
    ("server", rf"\b(?:instance|server){_BEFORE_ID}{_UUID}"),
    ("volume", rf"\bvolumes?(?:/|{_BEFORE_ID}){_UUID}"),
    ("port", rf"\bports?(?:/|{_BEFORE_ID}){_UUID}"),
    ("image", rf"\bimages?(?:/|{_BEFORE_ID}){_UUID}"),
    ("network", rf"\bnetworks?(?:/|{_BEFORE_ID}){_UUID}"),
    ("filter", r"\b(\w{3,60})['\"]?: \(start: \d{1,6}, end: 0\)"),
    ("filter", r"\bfilter (\w{3,60}) returned 0 hosts"),
    ("path", rf"[ '\"](/[\w.+/-]{{2,200}})['\"]?: (?:{_UNREADABLE})"),
    ("host", r"\bhost '([\w.-]{1,64})' is not mapped"),
    ("host", r"\bcompute host ([\w.-]{1,64}) could not be found"),
    ("host", r"\bcompute service of ([\w.-]{1,64}) is unavailable"),
    ("flavor", r"\bflavor ([\w.-]{1,64}) could not be found"),
)
"""What an object is called in commands → how a message names it."""
_COMPILED: Final = tuple((name, re.compile(pattern, re.ASCII | re.IGNORECASE)) for name, pattern in _PATTERNS)


def objects_in(message: str) -> dict[str, str]:
    """Name of a placeholder → the object of that kind which a message names first."""
    found: dict[str, str] = {}
    for name, pattern in _COMPILED:
        if name not in found and (told := pattern.search(message)):
            found[name] = told[1]
    return found

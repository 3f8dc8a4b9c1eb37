"""Objects that a message names, for commands and for the steps that speak of them: a volume, a port, a path, a filter.

docs/assets/lookup/named_objects.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from typing import Final

_FILTER: Final = "filter"
_ID: Final = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_UUID: Final = rf"({_ID})\b"
_BEFORE_ID: Final = r"(?:[ _-]?(?:id|uuid))?(?: with)?(?: id| uuid)?[:=]? ?[\"'\[(]{0,2}"
_UNREADABLE: Final = (
    "permission denied|no such file or directory|no space left|read-only file system|input/output error|stale"
)
_SERVER: Final = re.compile(
    r"(?:/servers/|\b(?:[Ii]nstances?|[Ss]ervers?|VMs?|compute)(?: with)?(?:[ _-](?:ID|id|uuid|UUID)| '[\w.-]{1,80}')?"
    rf"[ :='\"(\[]{{1,3}})(?P<before>{_ID})(?![\w-])"
    rf"|(?<![\w-])(?P<behind>{_ID}) (?:compute|instance|server)\b(?! {_ID})",
    re.ASCII,
)
_PATTERNS: Final = (
    ("volume", rf"\bvolumes?(?:/|{_BEFORE_ID}){_UUID}"),
    ("port", rf"\bports?(?:/|{_BEFORE_ID}){_UUID}"),
    ("image", rf"\bimages?(?:/|{_BEFORE_ID}){_UUID}"),
    ("network", rf"\bnetworks?(?:/|{_BEFORE_ID}){_UUID}"),
    ("node", rf"\bnodes?(?:/|{_BEFORE_ID}){_UUID}"),
    (_FILTER, r"\b(\w{3,60})['\"]?: \(start: [1-9]\d{0,5}, end: 0\)"),
    (_FILTER, r"\bfilter (\w{3,60}) returned 0 hosts"),
    ("path", rf"[ '\"](/[\w.+/-]{{2,200}})['\"]?: (?:{_UNREADABLE})"),
    ("host", r"\bhost '([\w.-]{1,64})' is not mapped"),
    ("host", r"\bresources for node ([\w.-]{0,63}\w)\.?:"),
    ("host", r"\(([\w.-]{1,64}), [\w.-]{1,64}\) ram: .{0,160}has not been heard"),
    ("host", r"\bcompute host ([\w.-]{1,64}) could not be found"),
    ("host", r"\bcompute service of ([\w.-]{1,64}) is (?:unavailable|still in use)"),
    ("destination", r"\bcould not resolve hostname ([a-z0-9][\w.-]{0,63})(?=[:, ])"),
    ("host", r"\berror from last host: ([a-z0-9][\w.-]{0,63}) \(node"),
    ("flavor", r"\bflavor ([\w.-]{1,64}) could not be found"),
)
"""What an object is called in commands → how a message names it."""
_COMPILED: Final = tuple((name, re.compile(pattern, re.ASCII | re.IGNORECASE)) for name, pattern in _PATTERNS)


def server_in(message: str) -> str | None:
    """The only server that a message names by its id."""
    named = {found["before"] or found["behind"] for found in _SERVER.finditer(message)}
    return named.pop() if len(named) == 1 else None


def filter_in(message: str) -> str | None:
    """The filter of the scheduler that left no host, as a message names it."""
    return next((told[1] for name, pattern in _COMPILED if name == _FILTER and (told := pattern.search(message))), None)


def objects_in(message: str) -> dict[str, str]:
    """Name of a placeholder → the object of that kind which a message names first; the server if it is the only one."""
    server = server_in(message)
    found: dict[str, str] = {"server": server} if server else {}
    for name, pattern in _COMPILED:
        if name not in found and (told := pattern.search(message)):
            found[name] = told[1]
    return found

"""Finds what mentions states in one file: names and markers, by patterns over text, with nothing understood.

A mention says what stands where. Which kind of fact it belongs to, and whether a reader accounts for it, is judged in
`judgement.py`, as it depends on the whole tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from nova_states.introspection.census.source_lines import Scope, SourceText, read_text

Sort: TypeAlias = Literal[
    "constant", "compared", "changed", "defined", "read", "write", "keyword", "refusal", "status_map", "request",
    "conflict", "route", "option", "wording", "service", "patched", "condition",
]  # fmt: skip
"""What is mentioned, and how: a constant is compared or given, an attribute read or written."""

STATE_MODULES = {"vm_states": "vm_state", "task_states": "task_state", "power_state": "power_state"}
"""Modules that define states → the kind of state."""
API = "nova/api/openstack/"
STATUS_FILE = "nova/api/openstack/common.py"
ROUTES_FILE = "nova/api/openstack/compute/routes.py"

_TELLING = (
    b"vm_state",
    b"task_state",
    b"power_state",
    b"_STATE_MAP",
    b"wsgi.action",
    b"raise_http_conflict_for_instance",
)
"""What a file with mentions has in it; spares looking closely at the others."""
_REGISTERING = ("Opt(", "set_default", "set_override")
"""What a line that has to do with the definition of an option has in it."""
_WORD = re.compile(r"\b(?:vm_states?|task_states?|power_state)\b")
_MODULE = "vm_states|task_states|power_state"
_ALIAS = re.compile(rf"\b({_MODULE})[ \t]+as[ \t]+(\w+)")
_FROM = re.compile(rf"^[ \t]*from[ \t]+[\w.]*\b({_MODULE})[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORTED = re.compile(r"(\w+|\*)(?:[ \t]+as[ \t]+(\w+))?")
_MEMBER = re.compile(r"\.([A-Z]\w*|allow\w*)")
_LABELS = "STATE_MAP"
_CHANGING = re.compile(
    r"[ \t]*(?:\[[^\]]*\][ \t]*)?"
    r"(?:[-+|&]?=(?!=)|\.(?:append|extend|insert|remove|pop|clear|add|update|discard|sort)\b)"
)
_COMPARING = re.compile(
    r"(?:[=!]=|\bin|\bis|\bnot)[\s\\]*+(?:[(\[{][\s\w.,\\]*+|(?:set|frozenset)\([(\[{][\s\w.,\\]*+)?[\w.]*+$"
)
_ASSIGNED = re.compile(r"[ \t]*(?:\][ \t]*)?(?:[-+|&]?=(?!=))")
# Nothing is given back once it is matched: else a long word behind a comma takes time that doubles with each letter.
_TARGETS = re.compile(r"[ \t]*+(?:\][ \t]*+)?,[ \t]*+(?:[\w.]++(?:\[[^\]]*+\])?[ \t]*+(?:,[ \t]*+)?)++=(?!=)")
_REQUEST = re.compile(r"^[ \t]*@(?:\w+\.)*action\b", re.MULTILINE)
_GONE = re.compile(r"@\S*removed\b|\bHTTPGone\b|\.expected_errors\(410\)")
_CONFLICT = re.compile(r"\braise_http_conflict_for_instance_invalid_state\b")
_STATUS_MAP = re.compile(r"\b_STATE_MAP\b")
_PATCHED = re.compile(r"(?:\b\w+\.)+API\.(\w+)[ \t]*=(?!=)|\bsetattr\([\s]*(?:\w+\.)+API\b")
"""A method of the compute API that another module replaces."""
_WORDING = re.compile(r"%\(action\)s")
_ROUTE = re.compile(r"""(['"])(/[^'"\n]*)\1|(['"])(POST|PUT|DELETE|PATCH)\3""")
_ABOUT_SERVERS = ("/servers", "/os-assisted-volume-snapshots")
_DEFINITION = re.compile(
    r"^([A-Z_a-z]\w*)[ \t]*(?::[^=\n]+)?=(?!=)|^def[ \t]+(\w+)|^from\b[^\n]*\bimport[ \t]*(\([^)]*\)|[^\n]*)",
    re.MULTILINE,
)
_SERVICE = re.compile(
    r"\b(?:servicegroup_api\.)?service_is_up\b(?=\s*\()|\bservicegroup_api\.\w+(?=\s*\()|\b\w+\.forced_down\b(?!\s*=(?!=))"
)
"""Asks whether the compute service of a host is up, by the one question for it or by another."""
_SERVICE_WORDS = (b"service_is_up", b"servicegroup_api.", b".forced_down")
_CONF = re.compile(r"CONF\.(\w+)(?:\.(\w+))?")
_BINDING = re.compile(r"(\w+)[ \t]*(?::[^=\n]+)?=(?!=)")
_DECORATOR = re.compile(r"[ \t]*@([\w.]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """One place that names something of states."""

    sort: Sort
    name: str
    """What is named: "vm_state ACTIVE", "task_state", "InstanceInvalidState", "POST /servers"."""
    line: int
    first: int
    """First line of the logical line it stands in."""
    last: int
    scope: Scope | None
    """The innermost function or class around it; of a decorator, what it decorates."""
    decorator: str | None
    """Name of the decorator it stands in, if it does."""
    bound: str | None = None
    """Name that the statement binds, at the top level."""
    is_caught: bool = False
    """For a refusal: whether it is named by an `except`."""


def find_mentions(path: str, content: bytes, options: frozenset[str], refusals: frozenset[str]) -> tuple[Mention, ...]:
    """All mentions of a file, in order of its lines.

    Args:
        path: Path in the tree.
        content: The file.
        options: Names of the options that act on states.
        refusals: Names of the exceptions that refuse for a state.
    """
    is_telling = path == ROUTES_FILE or own_kind(path) is not None or any(word in content for word in _TELLING)
    is_asking = any(word in content for word in _SERVICE_WORDS)
    is_refusing = any(name.encode() in content for name in refusals)
    wanted = _options_in(content, options)
    if not (is_telling or is_asking or is_refusing or wanted):
        return ()
    source = read_text(content)
    places = list(_options(source, wanted)) if wanted else []
    if is_telling:
        places += [*_states(path, source), *_markers(path, source), *_patches(source)]
    if is_asking:
        asked = _SERVICE.finditer(source.code)
        places += [
            ("service", match.group(), match.start())
            for match in asked
            if not source.code.endswith("def ", 0, match.start())
        ]
    if is_refusing:
        places += [("refusal", match.group(), match.start()) for match in _any_of(refusals).finditer(source.code)]
    places.sort(key=lambda place: (place[2], place[0], place[1]))
    return tuple(one for one in (_mention(source, *place) for place in places) if one is not None)


_Found: TypeAlias = tuple[Sort, str, int]
"""Sort, name and offset."""


def _mention(source: SourceText, sort: Sort, name: str, offset: int) -> Mention | None:
    line = source.line(offset)
    first, last = source.logical_line(line)
    start = source.starts[first - 1]
    decorator = _DECORATOR.match(source.code, start)
    scope = source.decorated(line) if decorator else source.scope_at(line)
    head = source.code[start:offset].lstrip()
    if sort == "refusal" and head.startswith(("class ", "import ", "from ")):
        return None
    if sort == "request" and scope is not None and _GONE.search(source.code_of(first, scope.last)):
        return None  # left for an action that is gone: it only says so
    bound = _BINDING.match(source.code, start) if scope is None else None
    return Mention(
        sort=sort,
        name=name,
        line=line,
        first=first,
        last=last,
        scope=scope,
        decorator=decorator.group(1).rpartition(".")[2] if decorator else None,
        bound=bound.group(1) if bound else None,
        is_caught=head.startswith("except"),
    )


def _states(path: str, source: SourceText) -> Iterator[_Found]:
    """Constants, groups and attributes."""
    own = own_kind(path)
    if own is not None:
        yield from _defined(own, source)
        return
    has_alias = any(f"{stem} as " in source.code for stem in STATE_MODULES)
    aliases = {alias: STATE_MODULES[stem] for stem, alias in _ALIAS.findall(source.code)} if has_alias else {}
    for match in _any_of(frozenset(aliases)).finditer(source.code) if aliases else ():
        yield from _member(source, aliases[match.group()], match)
    for match in _WORD.finditer(source.text):
        word, start, end = match.group(), match.start(), match.end()
        if source.code[start:end] != word:
            yield from _key(source, match)
            continue
        if word in STATE_MODULES:
            yield from _member(source, STATE_MODULES[word], match)
        if source.code[start - 1 : start] == "." and not word.endswith("s"):
            if not source.code[end : end + 3].lstrip().startswith("("):
                yield _access(source, start, end), word, start
        elif word in ("vm_state", "task_state") and _ASSIGNED.match(source.code, end):
            yield from _keyword(source, word, start)
    yield from _imported(source)


def own_kind(path: str) -> str | None:
    """The kind of state that a file defines."""
    return next((kind for stem, kind in STATE_MODULES.items() if path.startswith(f"nova/compute/{stem}")), None)


def _defined(kind: str, source: SourceText) -> Iterator[_Found]:
    """Names that a file of states gives a meaning, those it imports included."""
    for match in _DEFINITION.finditer(source.code):
        name = match.group(1) or match.group(2)
        if name is not None and not name.endswith(_LABELS):
            yield "defined", f"{kind} {name}", match.start()
        for one, alias in _IMPORTED.findall(match.group(3) or ""):
            if (alias or one).isupper() or one == "*":
                yield "defined", f"{kind} {alias or one}", match.start()


def _member(source: SourceText, kind: str, match: re.Match[str]) -> Iterator[_Found]:
    """A constant or a group, named as a part of its module."""
    member = _MEMBER.match(source.code, match.end())
    if member and not member.group(1).endswith(_LABELS):
        yield _use(source.code, match.start(), member.end()), f"{kind} {member.group(1)}", match.start()


def _imported(source: SourceText) -> Iterator[_Found]:
    """Constants and groups that were imported by their own names."""
    for statement in _FROM.finditer(source.code) if "import" in source.code else ():
        for name, alias in _IMPORTED.findall(statement.group(2)):
            local = alias or name
            for match in _any_of(frozenset((local,))).finditer(source.code) if local.isupper() else ():
                if not statement.start() <= match.start() < statement.end():
                    sort = _use(source.code, match.start(), match.end())
                    yield sort, f"{STATE_MODULES[statement.group(1)]} {name}", match.start()


def _use(code: str, start: int, end: int) -> Sort:
    """Whether a constant is changed, compared with something, or is what is given."""
    if _CHANGING.match(code, end):
        return "changed"
    return "compared" if _COMPARING.search(code, max(0, start - 300), start) else "constant"


def _key(source: SourceText, match: re.Match[str]) -> Iterator[_Found]:
    """The name of an attribute as a string of its own."""
    start, end = match.start() - 1, match.end()
    quote = source.text[start]
    if quote in "'\"" and source.text[end : end + 1] == quote and source.code[start] == source.code[end] == quote:
        is_item = source.code[start - 1 : start] == "["
        is_written = is_item and _access(source, start, end + 1, is_item=True) == "write"
        is_set = "setattr(" in source.code_of(*source.logical_line(source.line(start)))
        yield "write" if is_written or is_set else "read", match.group(), start


def _keyword(source: SourceText, word: str, start: int) -> Iterator[_Found]:
    first, _ = source.logical_line(source.line(start))
    before = source.code[source.starts[first - 1] : start]
    if _depth(before) > 0 and not before.lstrip().startswith(("def ", "async def ")) and "lambda" not in before:
        yield "keyword", word, start


def _access(source: SourceText, start: int, end: int, *, is_item: bool = False) -> Sort:
    """Whether an attribute, or an item, is read or assigned."""
    if _ASSIGNED.match(source.code, end):
        return "write"
    if not _TARGETS.match(source.code, end):
        return "read"
    first, _ = source.logical_line(source.line(start))
    return "write" if _depth(source.code[source.starts[first - 1] : start]) == is_item else "read"


def _depth(before: str) -> int:
    """Brackets that are open at the end of a part of a logical line."""
    return sum(before.count(one) for one in "([{") - sum(before.count(one) for one in ")]}")


def _patches(source: SourceText) -> Iterator[_Found]:
    """Methods of the compute API that another module replaces."""
    for match in _PATCHED.finditer(source.code):
        yield "patched", match.group(1) or "API", match.start()


def _markers(path: str, source: SourceText) -> Iterator[_Found]:
    """What the REST layer marks its requests, its refusals and its words for states with."""
    if path.startswith(API):
        yield from (("request", "action", match.start()) for match in _REQUEST.finditer(source.code))
        yield from (("status_map", match.group(), match.start()) for match in _STATUS_MAP.finditer(source.code))
        for match in _CONFLICT.finditer(source.code):
            if not source.code.endswith("def ", 0, match.start()):
                yield "conflict", "409", match.start()
    if path == STATUS_FILE:
        for match in _WORDING.finditer(source.text):
            if source.code[match.start()] != " ":
                yield "wording", "409", match.start()
    if path == ROUTES_FILE:
        route = ""
        for match in _ROUTE.finditer(source.text):
            route = match.group(2) or route
            if match.group(4) and route.startswith(_ABOUT_SERVERS) and source.code[match.start()] == match.group(3):
                yield "route", f"{match.group(4)} {route}", match.start()


def _options_in(content: bytes, options: frozenset[str]) -> frozenset[str]:
    """The listed options that a file which registers options, or uses them, has in it."""
    is_registering = any(word.encode() in content for word in _REGISTERING)
    if b"CONF." not in content and not is_registering:
        return frozenset()
    return frozenset(
        name
        for name in options
        if name.encode() in content or (is_registering and name.replace("_", "-").encode() in content)
    )


def _options(source: SourceText, names: frozenset[str]) -> Iterator[_Found]:
    """Names of options as strings of a registration, and as attributes of CONF."""
    for match in _CONF.finditer(source.code):
        used = next((name for name in match.groups() if name in names), None)
        if used:
            yield "option", f"CONF.{used}", match.start()
    spelled = frozenset((*names, *(name.replace("_", "-") for name in names)))
    for match in _any_of(spelled).finditer(source.text):
        start, end = match.start() - 1, match.end()
        quote = source.text[start]
        if quote in "'\"" and source.text[end : end + 1] == quote and source.code[start] == quote:
            around = source.code_of(*source.logical_line(source.line(start)))
            if any(word in around for word in _REGISTERING):
                yield "option", match.group().replace("-", "_"), start


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))})\b")

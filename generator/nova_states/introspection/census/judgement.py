"""Judges each mention: which kind of fact it belongs to, and whether an extractor accounts for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nova_states.introspection.census.accounts import Accounts, plain_request
from nova_states.introspection.census.mentions import STATUS_FILE, Mention, Sort

_VIRT, _REST, _COMPUTE_API = "nova/virt/", "nova/api/", "nova/compute/api.py"
_CONSTANTS: tuple[Sort, ...] = ("constant", "compared", "changed")
_BY_EVIDENCE = ("statuses", "drivers")
"""Kinds whose facts are entries of maps: each mention is one."""

_Unit: TypeAlias = tuple[str, str, int, int]
"""Kind, path, first and last line of what facts are counted in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A mention with its judgement."""

    path: str
    mention: Mention
    kind: str
    """Kind of fact it belongs to."""
    is_claimed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """What a mention is judged by."""

    path: str
    mention: Mention
    kind: str
    accounts: Accounts
    is_accounted: bool
    """Whether there are as many facts of the kind as its statement, or function, mentions."""
    is_alone: bool
    """Whether its statement, or function, has no other mention that must be a fact of its own."""


def judge(files: Mapping[str, Sequence[Mention]], guards: frozenset[str], accounts: Accounts) -> Iterator[Judged]:
    """All mentions of a tree that no extractor has reported itself.

    Args:
        files: Path → mentions.
        guards: Names of the tree's guard decorators.
        accounts: What is accounted for.
    """
    needed = _needed(files)
    applied = {
        mention.decorator
        for path, mentions in files.items()
        for mention in mentions
        if mention.decorator in guards and accounts.accounted("guards", path, mention.first, mention.last)
    }
    for path, mentions in files.items():
        for mention in mentions:
            owner = mention.scope.name.partition(".")[0] if mention.scope and not mention.decorator else ""
            if owner in guards:
                # What a guard decorator is made of is told by the guards that carry it.
                yield Judged(path=path, mention=mention, kind="guards", is_claimed=owner in applied)
                continue
            around = mention.scope if mention.scope is not None and mention.scope.is_function else mention
            kind = _kind(path, mention, accounts)
            # A name that a file of states gives is told where its state is asked for; its own place is told here.
            kinds = (kind,) if mention.sort == "defined" else tuple(accounts.sections)
            if not accounts.is_gap(kinds, path, around.first, around.last):
                unit = _unit(path, mention, kind)
                question = _Question(
                    path=path,
                    mention=mention,
                    kind=kind,
                    accounts=accounts,
                    is_accounted=accounts.accounted(*unit) >= max(1, needed[unit]),
                    is_alone=needed[unit] <= 1,
                )
                is_claimed = _CLAIMS.get(mention.sort, _is_read)(question)
                yield Judged(path=path, mention=mention, kind=kind, is_claimed=is_claimed)


def _unit(path: str, mention: Mention, kind: str) -> _Unit:
    """The statement, or for a refusal the function, whose facts have to be as many as its mentions."""
    if mention.sort == "refusal" and mention.scope is not None:
        return kind, path, mention.scope.first, mention.scope.last
    return kind, path, mention.first, mention.last


def _needed(files: Mapping[str, Sequence[Mention]]) -> Counter[_Unit]:
    """How many facts each statement must have told, where that is more than one."""
    found: Counter[_Unit] = Counter()
    for path, mentions in files.items():
        for mention in mentions:
            is_state = mention.sort in _CONSTANTS
            if is_state and mention.name.startswith("power_state") and path.startswith(_VIRT):
                found[_unit(path, mention, "drivers")] += 1
            elif is_state and mention.name.startswith("task_state") and path == STATUS_FILE:
                found[_unit(path, mention, "statuses")] += 1
            elif mention.sort == "option" and not mention.name.startswith("CONF."):
                found[_unit(path, mention, "options")] += 1
            elif mention.sort == "refusal" and not mention.is_caught:
                found[_unit(path, mention, "guards")] += 1
    return found


_KINDS: dict[Sort, str] = {
    "changed": "groups",
    "conflict": "actions",
    "option": "options",
    "patched": "guards",
    "refusal": "guards",
    "request": "actions",
    "route": "actions",
    "service": "host_checks",
    "status_map": "statuses",
    "wording": "messages",
}
"""Sorts of mention that always belong to one kind of fact."""


def _kind(path: str, mention: Mention, accounts: Accounts) -> str:
    if mention.sort == "defined" or _is_unknown(mention, accounts):
        name = mention.name.partition(" ")[2]
        return "states" if name == "*" or (name.isupper() and not name.startswith("ALLOW")) else "groups"
    return _KINDS.get(mention.sort) or _kind_by_place(path, mention)


def _kind_by_place(path: str, mention: Mention) -> str:
    """The kind of fact that a state or an attribute is about, where it stands."""
    if path == STATUS_FILE:
        return "statuses"
    if mention.decorator or path.startswith(_REST) or (path == _COMPUTE_API and mention.scope is None):
        return "guards"
    if mention.name.startswith("power_state"):
        return "drivers" if path.startswith(_VIRT) else "power_sync"
    return "transitions"


def _is_unknown(mention: Mention, accounts: Accounts) -> bool:
    """Whether a constant or a group is named that has no value."""
    return mention.sort in _CONSTANTS and mention.name not in accounts.names


def _is_read(question: _Question) -> bool:
    """A state or an attribute: told by a fact, or in a function that was followed, or in a value worked out."""
    path, mention, accounts = question.path, question.mention, question.accounts
    if _is_unknown(mention, accounts):
        return False
    is_written = mention.sort in ("constant", "keyword") and accounts.is_written(path, mention)
    if question.is_accounted or is_written or accounts.is_followed(path, mention):
        return True
    if question.kind in _BY_EVIDENCE:
        # A name for one state, which the maps that use it were read with; a change of a map that was read after it.
        return (question.is_alone and accounts.is_evaluated(path, mention)) or accounts.is_run(path, mention)
    if mention.decorator:
        return False
    if mention.scope is None or not mention.scope.is_function:
        return accounts.is_evaluated(path, mention) or accounts.is_run(path, mention)
    return accounts.is_guarded(path, mention)


def _is_defined(question: _Question) -> bool:
    """A name that a file of states gives a meaning."""
    name = question.mention.name
    return name in question.accounts.names or question.is_accounted


def _is_option(question: _Question) -> bool:
    used = question.mention.name.removeprefix("CONF.")
    return used in question.accounts.options if used != question.mention.name else question.is_accounted


def _is_route(question: _Question) -> bool:
    verb, _, path = question.mention.name.partition(" ")
    return plain_request(verb, path) in question.accounts.requests


def _is_request(question: _Question) -> bool:
    scope = question.mention.scope
    return scope is not None and question.accounts.accounted("actions", question.path, scope.first, scope.first) > 0


def _is_refusal(question: _Question) -> bool:
    """An exception that is raised makes a guard; one that is caught belongs to what was followed, or to a request."""
    if not question.mention.is_caught:
        return question.is_accounted
    return question.accounts.is_followed(question.path, question.mention) or _is_answered(question)


def _is_checked(question: _Question) -> bool:
    """A question for a service: only who tells what is refused by its answer accounts for it."""
    return question.is_accounted or question.accounts.is_followed_for("host_checks", question.path, question.mention)


def _is_of_map(question: _Question) -> bool:
    return _is_answered(question) or question.accounts.is_run(question.path, question.mention)


def _is_answered(question: _Question) -> bool:
    return question.is_accounted or question.accounts.answers(question.path, question.mention)


def _is_written(question: _Question) -> bool:
    """A write: of the power_state by who follows the function, of the others come by itself."""
    if question.mention.name == "power_state":
        return _is_read(question)
    return question.accounts.is_written(question.path, question.mention)


_CLAIMS: dict[Sort, Callable[[_Question], bool]] = {
    "conflict": _is_answered,
    "defined": _is_defined,
    "option": _is_option,
    "patched": lambda _: False,  # what another module puts in a method's place is followed by nobody
    "refusal": _is_refusal,
    "request": _is_request,
    "route": _is_route,
    "service": _is_checked,
    "status_map": _is_of_map,
    "wording": _is_answered,
    "write": _is_written,
}
"""Sort of mention → whether it is accounted for; of all others, `_is_read`."""

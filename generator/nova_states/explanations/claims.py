"""What prose claims of Nova, held against the facts: a text that a fact contradicts stops the build.

A page says in its front matter what it rests on, one line a claim, and since and until which release:

    claims:
      - {guard: evacuate, vm_state: error, is: allowed}
      - {guard: evacuate, vm_state: active, task_state: rebuilding, is: allowed, from: 26.0.0}
      - {status: REBUILD, vm_state: error, task_state: rebuilding}
      - {option: shutdown_timeout, default: 60}
      - {startup: {vm_state: active, task_state: deleting}, effect: delete}
      - {power_sync: {vm_state: active, power_state: SHUTDOWN}, effect: stop}
      - {transition: confirm_resize, from: {vm_state: resized}, to: {vm_state: active}, outcome: success}
      - {never_set: task_state:resize_confirming}
      - {absent: status:STOPPED}

A claim must hold in every release of its range that knows what it speaks of, and in one at least.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.permissions import decide
from nova_states.catalog.reactions import ReactionKind
from nova_states.catalog.release import Release
from nova_states.errors import InputError
from nova_states.explanations.yaml_text import item_lines, read_front_matter
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Reaction, StateKind, Transition
from nova_states.facts.state_set import FIELDS, StateSet
from nova_states.facts.stored_states import states_of

FOLDERS: Final = ("en/runbook", "en/guide")
"""Folders of docs/ whose pages may claim something; the other language's twin rests on the same claims."""

Holds: TypeAlias = bool | None
"""Whether a claim holds in a release; None: the release does not know what it speaks of."""

_SAME: Final = "="


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One claim of a page."""

    place: str
    """"docs/en/runbook/locked.md:6: claim 2"."""
    says: Mapping[str, Any]
    """The claim as it is written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Check:
    """How one sort of claim is held to the facts."""

    holds: Callable[[Catalog, str, Mapping[str, Any]], Holds]
    """Takes the facts, a version and the claim."""
    reads: tuple[str, ...]
    """Kinds of facts that decide it."""


def claims_of(docs: Path) -> Iterator[Claim]:
    """All claims of the pages below `docs`, in the order of their files.

    Raises:
        InputError: front matter is not YAML, or `claims` is no list of mappings; with file and line.
    """
    for folder in FOLDERS:
        for file in sorted((docs / folder).glob("*.md")):
            place = f"docs/{file.relative_to(docs).as_posix()}"
            text = file.read_text(encoding="utf-8")
            claims = read_front_matter(text, place).get("claims") or []
            if not isinstance(claims, list):
                raise InputError(f"{place}: claims: {claims!r} is no list; see explanations/claims.py")
            for number, (says, line) in enumerate(zip(claims, item_lines(text, place, "claims"), strict=True), 1):
                if not isinstance(says, dict):
                    reason = f"{says!r} is no mapping; see explanations/claims.py"
                    raise InputError(f"{place}:{line}: claim {number}: {reason}")
                yield Claim(place=f"{place}:{line}: claim {number}", says=says)


def find_false_claims(catalog: Catalog, claims: Iterable[Claim]) -> Iterator[str]:
    """Each claim that does not hold, with its place and the releases; also one that cannot be checked."""
    for claim in claims:
        try:
            answers = ask(catalog, claim.says)
        except (InputError, KeyError, TypeError, AttributeError) as error:
            yield f"{claim.place}: cannot be checked: {error}; see explanations/claims.py"
            continue
        wrong = [version for version, holds in answers.items() if holds is False]
        if wrong:
            yield f"{claim.place}: {_text(claim.says)}: does not hold in {_versions(wrong)}; mend the text or its range"
        elif all(holds is None for holds in answers.values()):
            yield f"{claim.place}: {_text(claim.says)}: no release of its range knows what it speaks of"


def kind_of(says: Mapping[str, Any]) -> str:
    """The word that a claim begins with.

    Raises:
        InputError: it is none of `CHECKS`.
    """
    kind = next((kind for kind in CHECKS if kind in says), None)
    if kind is None:
        raise InputError(f"it claims nothing that is known; write one of {', '.join(CHECKS)}")
    return kind


def ask(catalog: Catalog, says: Mapping[str, Any]) -> dict[str, Holds]:
    """Whether a claim holds, in each release of its range.

    Raises:
        InputError: it claims nothing that is known, or a release that is not.
        KeyError, TypeError, AttributeError: it lacks a part, or says something else in place of one.
    """
    return catalog.memo.once(("answers to a claim", repr(says)), lambda: _ask(catalog, says))


def _ask(catalog: Catalog, says: Mapping[str, Any]) -> dict[str, Holds]:
    kind = kind_of(says)
    versions = _range(catalog, says, nested=kind == "transition")
    return _answers(catalog, CHECKS[kind], says, versions)


def _answers(catalog: Catalog, check: _Check, says: Mapping[str, Any], versions: Sequence[str]) -> dict[str, Holds]:
    """Whether a claim holds in each version; those whose facts say the same are asked once."""
    by_content: dict[Hashable, Holds] = {}
    answers: dict[str, Holds] = {}
    for version in versions:
        content = catalog.content_keys(version, check.reads)
        if content not in by_content:
            by_content[content] = check.holds(catalog, version, says)
        answers[version] = by_content[content]
    return answers


def _range(catalog: Catalog, says: Mapping[str, Any], *, nested: bool) -> Sequence[str]:
    """The versions a claim is made for; a transition's own `from` is the state that it starts from."""
    first = says.get("since" if nested else "from", catalog.versions[0])
    last = says.get("until", catalog.latest)
    for version in (first, last):
        if version not in catalog.versions:
            raise InputError(f"{version!r} is no release that the reference speaks of")
    return catalog.versions[catalog.versions.index(first) : catalog.versions.index(last) + 1]


def _guard(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    release = catalog.release(version)
    action = says["guard"]
    if action not in release.actions:
        return None
    expected = {"allowed": True, "refused": False}[says["is"]]
    vm_states = [says["vm_state"]] if "vm_state" in says else list(release.vm_states)
    task = says.get("task_state")
    if not _knows(release, vm_states, [task]):
        return None
    found = {
        decide(release, action, ServerStates(vm_state=state, task_state=task, launched=says.get("launched", True)))
        is None
        for state in vm_states
    }
    return found == {expected}


def _status(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    release = catalog.release(version)
    if not _knows(release, [says["vm_state"]], [says.get("task_state")]):
        return None
    return bool(release.status(says["vm_state"], says.get("task_state")) == says["status"])


def _option(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    found = [
        option
        for option in catalog.bare_facts("options", version)
        if option.name == says["option"] and says.get("group", option.group) == option.group
    ]
    return any(option.default == says["default"] for option in found) if found else None


def _reaction(kind: ReactionKind) -> _Check:
    def holds(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
        cell = says[kind]
        if not _knows(catalog.release(version), [cell["vm_state"]], [cell.get("task_state")]):
            return None
        servers = servers_of({"task_state": None} | cell)
        rows: list[Reaction] = [row for row in catalog.bare_facts(kind, version) if states_of(row.start).meets(servers)]
        return any(row.effect == says["effect"] for row in rows) if rows else None

    return _Check(holds=holds, reads=(kind, "states"))


def _transition(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    source = catalog.document_key("transitions", version)
    rows = catalog.memo.once(
        ("transitions by action", source), lambda: _by_action(catalog.bare_facts("transitions", version))
    ).get(says["transition"])
    return None if rows is None else any(True for _ in transitions_meant(rows, says))


def _by_action(transitions: Iterable[Transition]) -> dict[str, list[Transition]]:
    found: dict[str, list[Transition]] = {}
    for row in transitions:
        found.setdefault(row.action, []).append(row)
    return found


def transitions_meant(rows: Iterable[Transition], says: Mapping[str, Any]) -> Iterator[Transition]:
    """Of the transitions of an action those that do what a claim says."""
    start, end = says.get("from", {}), says.get("to", {})
    for row in rows:
        if says.get("outcome", row.outcome) != row.outcome or not _starts(row, start):
            continue
        if all(_ends(row, kind, start, end[kind]) for kind in FIELDS if kind in end):
            yield row


def _starts(row: Transition, start: Mapping[str, Any]) -> bool:
    return not start if row.start is None else states_of(row.start).meets(servers_of(start))


def _ends(row: Transition, key: StateKind, start: Mapping[str, Any], state: str | None) -> bool:
    """Whether a row can end in a state; where it leaves the field alone, in what it starts from."""
    end = getattr(row.end, key)
    if end != _SAME or row.start is None:
        return bool(end == state)
    return bool(start[key] == state) if key in start else states_of(row.start).meets(servers_of({key: state}))


def _never_set(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    release = catalog.release(version)
    kind, _, value = says["never_set"].partition(":")
    known = {"vm_state": release.vm_states, "task_state": release.task_states}[kind]
    if value not in known:
        return None
    return all(getattr(row.end, kind) != value for row in catalog.bare_facts("transitions", version))


def _absent(catalog: Catalog, version: str, says: Mapping[str, Any]) -> Holds:
    """Whether a release has no such name or number; it always knows what it has not."""
    release = catalog.release(version)
    kind, _, value = says["absent"].partition(":")
    known: dict[str, Iterable[object]] = {
        "vm_state": release.vm_states,
        "task_state": release.task_states,
        "power_state": (*release.power_states, *release.constants["power_state"]),
        "status": release.statuses,
    }
    return value not in map(str, known[kind])


def _knows(release: Release, vm_states: Sequence[str], tasks: Sequence[str | None]) -> bool:
    return set(vm_states) <= set(release.vm_states) and all(task in (None, *release.task_states) for task in tasks)


def servers_of(states: Mapping[str, Any]) -> StateSet:
    """The servers in the states that a claim names; a field that it does not name is any."""
    servers = StateSet()
    for kind in FIELDS:
        if kind in states:
            servers = servers.having(kind, frozenset({states[kind]}))
    return servers


CHECKS: Final[Mapping[str, _Check]] = {
    "guard": _Check(holds=_guard, reads=("guards", "actions", "states")),
    "status": _Check(holds=_status, reads=("statuses", "states")),
    "option": _Check(holds=_option, reads=("options",)),
    "startup": _reaction("startup"),
    "power_sync": _reaction("power_sync"),
    "transition": _Check(holds=_transition, reads=("transitions",)),
    "never_set": _Check(holds=_never_set, reads=("transitions", "states")),
    "absent": _Check(holds=_absent, reads=("states", "statuses")),
}
"""Word a claim begins with → how it is held to the facts."""


def _text(says: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in says.items())


def _versions(versions: Sequence[str]) -> str:
    return versions[0] if len(versions) == 1 else f"{versions[0]}–{versions[-1]} ({len(versions)} releases)"

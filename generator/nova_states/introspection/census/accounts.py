"""What the extractors account for in one tree: the evidence of their facts, and what they say they followed.

Where several facts come of one statement, there must be as many as the statement mentions: a map of which one entry was
read is not read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nova_states.facts.model import Section
from nova_states.introspection.census.mentions import Mention
from nova_states.introspection.claims import Claims

_PLACEHOLDER = re.compile(r"\{\w+\}")
_REST_KINDS = ("actions", "guards", "statuses", "messages")
"""Kinds of fact that a function of the REST layer may tell."""


@dataclass(kw_only=True)
class Accounts:
    """What is accounted for, by place."""

    sections: Mapping[str, Section[Any]]
    """Kind → what was read."""
    claims: Mapping[str, Claims]
    """Kind → what its extractor followed."""
    evidence: dict[str, dict[str, Counter[int]]] = field(default_factory=dict)
    """Kind → path → line → facts that stand on it."""
    names: set[str] = field(default_factory=set)
    """Constants and groups that have a value, "vm_state ACTIVE"."""
    requests: set[str] = field(default_factory=set)
    """Verb and path of the requests that are known."""
    controllers: set[tuple[str, str]] = field(default_factory=set)
    """Path and name of the classes that handle known requests."""
    options: set[str] = field(default_factory=set)
    followed: dict[str, set[int]] = field(default_factory=dict)
    """Path → first lines of the functions that were followed for any kind."""
    gaps: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """Kind and path → lines of what its extractor reported itself."""

    def __post_init__(self) -> None:
        """Index what is known."""
        for kind, section in self.sections.items():
            places = self.evidence.setdefault(kind, defaultdict(Counter))
            for fact in section.facts:
                for place in (fact.evidence, *(one.evidence for one in getattr(fact, "endpoints", ()))):
                    places[place.file][place.line] += 1
            for gap in section.gaps:
                self.gaps.setdefault((kind, gap.file), []).append(gap.line)
        self.names = {f"{fact.kind} {fact.name}" for kind in ("states", "groups") for fact in self._facts(kind)}
        self.options = {option.name for option in self._facts("options")}
        for endpoint in (one for action in self._facts("actions") for one in action.endpoints):
            self.requests.add(plain_request(endpoint.verb, endpoint.path))
            self.controllers.add((endpoint.evidence.file, (endpoint.evidence.function or "").partition(".")[0]))
        for claims in self.claims.values():
            for path, spans in claims.spans.items():
                self.followed.setdefault(path, set()).update(first for first, _ in spans)

    def _facts(self, kind: str) -> tuple[Any, ...]:
        return self.sections[kind].facts if kind in self.sections else ()

    def accounted(self, kind: str, path: str, first: int, last: int) -> int:
        """How many facts of a kind stand on some lines."""
        lines = self.evidence.get(kind, {}).get(path)
        return sum(count for line, count in lines.items() if first <= line <= last) if lines else 0

    def is_gap(self, kinds: Iterable[str], path: str, first: int, last: int) -> bool:
        """Whether the extractor of one of the kinds has reported some lines itself."""
        return any(first <= line <= last for kind in kinds for line in self.gaps.get((kind, path), ()))

    def is_followed(self, path: str, mention: Mention) -> bool:
        """Whether the function around a mention was followed."""
        return mention.scope is not None and mention.scope.first in self.followed.get(path, ())

    def is_followed_for(self, kind: str, path: str, mention: Mention) -> bool:
        """Whether the function around a mention was followed for one kind of fact."""
        spans = self.claims[kind].spans.get(path, ()) if kind in self.claims else ()
        return mention.scope is not None and any(mention.scope.first == first for first, _ in spans)

    def is_evaluated(self, path: str, mention: Mention) -> bool:
        """Whether the value of the top-level name that a statement binds was worked out."""
        return mention.bound is not None and any(
            (path, mention.bound) in claims.names for claims in self.claims.values()
        )

    def is_run(self, path: str, mention: Mention) -> bool:
        """Whether a mention stands in a top-level statement that was run for a value."""
        return mention.scope is None and any(
            first <= mention.line <= last
            for claims in self.claims.values()
            for first, last in claims.statements.get(path, ())
        )

    def is_written(self, path: str, mention: Mention) -> bool:
        """Whether a write of state was come by."""
        lines = range(mention.first, mention.last + 1)
        return any(not claims.writes.get(path, set()).isdisjoint(lines) for claims in self.claims.values())

    def is_guarded(self, path: str, mention: Mention) -> bool:
        """Whether the function around a mention refuses by state: it is read for its guards from end to end."""
        scope = mention.scope
        return scope is not None and self.accounted("guards", path, scope.first, scope.last) > 0

    def answers(self, path: str, mention: Mention) -> bool:
        """Whether the function around a mention handles a known request, or helps one of its controller that does."""
        scope = mention.scope
        if scope is None:
            return False
        owner, _, name = scope.name.partition(".")
        is_helper = name.startswith("_") and (path, owner) in self.controllers
        return is_helper or any(self.accounted(kind, path, scope.first, scope.last) for kind in _REST_KINDS)


def plain_request(verb: str, path: str) -> str:
    """A request whatever its placeholders are called."""
    return f"{verb} {_PLACEHOLDER.sub('{}', path)}"

"""Finds the options that conditions of facts name: one that decides and is not told itself is not read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nova_states.facts.codec import to_json
from nova_states.facts.model import Section
from nova_states.introspection.census.judgement import Judged
from nova_states.introspection.census.mentions import Mention

_OPTIONS = "options"
_NAMED = re.compile(r"\bCONF\.((?:\w+\.)?\w+)")
_CONDITIONS = ("condition", "when")


def judge_options(sections: Mapping[str, Section[Any]]) -> Iterator[Judged]:
    """Each option that a condition names, once, with the place of the first fact that rests on it."""
    told = {f"{option.group}.{option.name}" if option.group else option.name for option in sections[_OPTIONS].facts}
    seen: set[str] = set()
    for section in sections.values():
        for fact in section.facts:
            for name in _names(fact):
                if name not in seen:
                    seen.add(name)
                    place = fact.evidence
                    mention = Mention(
                        sort="condition",
                        name=f"CONF.{name}",
                        line=place.line,
                        first=place.line,
                        last=place.line,
                        scope=None,
                        decorator=None,
                    )
                    yield Judged(path=place.file, mention=mention, kind=_OPTIONS, is_claimed=name in told)


def _names(fact: object) -> list[str]:
    """Options in the conditions of a fact, "group.name" or, of DEFAULT, the name."""
    given = [getattr(fact, field, None) for field in _CONDITIONS]
    return [name for one in given if one is not None for name in _NAMED.findall(json.dumps(to_json(one)))]

"""Whatever mentions states and is read by nobody is told, in the kind of fact it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.errors import InputError
from nova_states.facts.codec import to_plain
from nova_states.facts.model import CENSUS, Section, UnreadMention
from nova_states.introspection.census.census import LISTED, take_census
from nova_states.introspection.census.judgement import Judged
from nova_states.introspection.census.mentions import Mention
from nova_states.introspection.census.places import load_places
from nova_states.introspection.extraction import EXTRACTORS, read_tree
from nova_states.introspection.modules import Modules
from tests.introspection.synthetic import SyntheticTree

HERE = Path(__file__).parent
BASE: dict[str, str] = yaml.safe_load((HERE / "base.yaml").read_text(encoding="utf-8"))
CASES: dict[str, Any] = yaml.safe_load((HERE / "cases.yml").read_text(encoding="utf-8"))


def changed(case: dict[str, Any]) -> SyntheticTree:
    sources = BASE | case.get("files", {})
    for path, replacements in case.get("change", {}).items():
        for old, new in replacements:
            assert sources[path].count(old) >= 1, (path, old)
            sources[path] = sources[path].replace(old, new, 1)
    for path, text in case.get("append", {}).items():
        sources[path] = sources.get(path, "") + text
    return SyntheticTree(sources=sources)


def census(tree: SyntheticTree) -> Section[UnreadMention]:
    (section,) = [reading.section for reading in read_tree(tree) if reading.kind == CENSUS]
    return section


def fits(fact: Any, wanted: Any) -> bool:  # noqa: ANN401 - plain data
    """Whether a fact has all that is wanted of it."""
    if isinstance(wanted, dict):
        return isinstance(fact, dict) and all(fits(fact.get(name), value) for name, value in wanted.items())
    return bool(fact == wanted)


def told(row: UnreadMention) -> str:
    return f"{row.kind} {row.evidence.file} {row.evidence.function}: {', '.join(row.names)}"


@pytest.mark.parametrize("name", CASES)
def test_what_nobody_reads_is_told(name: str) -> None:
    case = CASES[name]
    sections = {reading.kind: reading.section for reading in read_tree(changed(case))}
    section = sections[CENSUS]
    assert sorted(told(row) for row in section.facts) == sorted(case["unread"])
    gaps = [f"{kind} {gap.file}:{gap.line}: {gap.reason}" for kind, one in sections.items() for gap in one.gaps]
    assert gaps == case.get("reported", [])
    for kind, wanted in case.get("reads", {}).items():
        facts = [to_plain(fact) for fact in sections[kind].facts]
        assert all(any(fits(fact, one) for fact in facts) for one in wanted), (kind, facts)
    left = sum(count.found - count.read for count in section.counts)
    assert left >= len(section.facts) if section.facts else left == 0


AROUND_STATES = {
    *("errors", "events", "fault_causes", "host_statuses", "log_messages", "microversions", "migration_statuses"),
    *("raise_sites", "refusals", "translations"),
}
"""Kinds that tell of no states: nothing that the census looks for is theirs."""


def test_every_kind_with_mentions_is_counted() -> None:
    counts = {count.name: count for count in census(changed({})).counts}
    kinds = set(EXTRACTORS) - {"startup"} - AROUND_STATES  # its mentions are those of the manager's transitions
    assert kinds <= counts.keys()
    assert all(count.read == count.found > 0 for count in counts.values())


def test_nothing_is_accounted_for_where_nothing_was_read() -> None:
    empty: dict[str, Section[Any]] = {kind: Section(facts=(), gaps=(), counts=()) for kind in EXTRACTORS}
    claims = {kind: Modules(tree=changed({})).claims for kind in EXTRACTORS}
    section = take_census(changed({}), empty, claims)
    counts = {count.name: count for count in section.counts}
    # Where no state has a value, none of them can be told to be a driver's or a guard's.
    assert {"states", "groups", "actions", "guards", "statuses", "messages", "options", "transitions"} <= counts.keys()
    assert all(count.read == 0 for name, count in counts.items() if not name.startswith(LISTED))


def test_a_place_that_is_listed_is_no_gap() -> None:
    tree = changed({"append": {"nova/db/api.py": "def find(session):\n    return session.filter(vm_state='active')\n"}})
    section = census(tree)
    assert section.facts == ()
    assert f"{LISTED}storage" in {count.name for count in section.counts}


def test_a_write_is_listed_by_no_rule_that_does_not_say_so() -> None:
    write = Mention(sort="write", name="vm_state", line=1, first=1, last=1, scope=None, decorator=None)
    for path in ("nova/db/api.py", "nova/objects/instance.py", "nova/virt/libvirt/driver.py", "nova/compute/stats.py"):
        judged = Judged(path=path, mention=write, kind="transitions", is_claimed=False)
        assert not any(place.covers(judged) for place in load_places())


@pytest.mark.parametrize("text", ['[one]\npaths = ["a"]\n', '[one]\npaths = ["a"]\nreason = "b"\nmore = 1\n'])
def test_an_entry_that_does_not_fit_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "census.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"census\.toml: one: needs paths and reason"):
        load_places(path)

"""Sources made to hurt: whatever stands in a file, reading ends soon, and says where it could not go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.facts.model import Section
from nova_states.introspection.conflict_messages import read_messages
from nova_states.introspection.constants import read_groups, read_states
from nova_states.introspection.guards import read_guards
from nova_states.introspection.modules import Modules
from nova_states.introspection.parsing import SourceError, parse
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.status_map import COMMON, read_statuses
from tests.introspection.hostile_tree import UNREADABLE, BytesTree

VM_STATES, API = "nova/compute/vm_states.py", "nova/compute/api.py"
BASE: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "guards" / "_base.yaml").read_text(encoding="utf-8")
)
READERS = (read_states, read_groups, read_statuses, read_messages, read_actions, read_guards)

DOUBLING = "A0 = ['a']\n" + "".join(f"A{n} = A{n - 1} + A{n - 1}\n" for n in range(1, 40))
SHARED = "B0 = ('a',)\n" + "".join(f"B{n} = (B{n - 1}, B{n - 1})\n" for n in range(1, 30)) + "B = {B29: 1}\n"
LOOPS = f"C = str([x19 for x0 in ['a'] {' '.join(f'for x{n} in [[x{n - 1}, x{n - 1}]]' for n in range(1, 20))}])\n"
MANY = "D = [" + " + ".join(["1"] * 80) + "]\nE = [" + "[x for x in " * 20 + "'ab'" + "]" * 21 + "\n"
WIDE = "F = [" + ", ".join(f"'{n}'" for n in range(20_000)) + "]\n"
NUMBERS = "G = 9" + " * 999999999999" * 40 + "\nH = 'a' * 999999999\nI = [0] * 999999999\nJ = 10 ** 10 ** 10\n"
BRANCHING = "def f(x):\n    return f(x) or f(x)\nK = f([])\n"
CLASSES = "".join(f"class L{n}(L{(n + 1) % 9}, L{(n + 2) % 9}):\n    pass\n" for n in range(9)) + "M = L0.NAME\n"
EXPENSIVE = (DOUBLING, SHARED, LOOPS, MANY, WIDE, NUMBERS, BRANCHING, CLASSES)

BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "brackets": b"A = " + b"[" * 5_000 + b"]" * 5_000,
    "attributes": b"A = a" + b".a" * 3_000,
    "signs": b"A = " + b"-" * 3_000 + b"1",
    "sums": b"A = [1]" + b" + [1]" * 3_000,
    "calls": b"A = a" + b"()" * 2_000,
    "branches": b"if a:\n    pass\n" + b"elif a:\n    pass\n" * 2_000,
    "decorators": b"@a\n" * 5_000 + b"def f():\n    pass\n",
    "not utf-8": b"A = '\xff\xfe'\n",
    "null": b"A = 1\n\0",
    "other encoding": "A = 1\n".encode("utf-16"),
    "no python": b"\x7fELF\x02\x01\x01" + bytes(range(1, 255)) * 50,
    "open string": b"A = '''" + b"'" * 2 + b'\\"' * 50_000,
    "quotes": b"A = " + b'\\"' * 50_000,
    "excepts": b"except " * 10_000,
    "one line": b"A = 1; " * 5_000,
    "surrogate": b"A = '\\ud800'\nACTIVE = A + '\\udfff'\n",
}


BROKEN["unreadable"] = UNREADABLE


def read_all(files: dict[str, bytes]) -> list[Section[Any]]:
    modules = Modules(tree=BytesTree({path: text.encode() for path, text in BASE.items()} | files))
    return [read(modules.recording()) for read in READERS]


@pytest.mark.parametrize("source", EXPENSIVE, ids=lambda source: source.partition(" ")[0])
def test_an_expensive_definition_is_a_gap(source: str) -> None:
    modules = Modules(tree=BytesTree({VM_STATES: b"UP = 'up'\n" + source.encode()}))
    states, groups = read_states(modules), read_groups(modules)
    assert [fact.value for fact in states.facts if fact.name == "UP"] == ["up"]
    assert any(gap.file == VM_STATES and gap.line > 1 for gap in (*states.gaps, *groups.gaps))


def test_many_expensive_definitions_share_one_budget() -> None:
    source = "".join(f"def f{n}(x):\n    return f{n}(x) or f{n}(x)\nA{n} = f{n}([])\n" for n in range(200))
    section = read_states(Modules(tree=BytesTree({VM_STATES: source.encode()})))
    assert len(section.gaps) == 200 + 2  # and the two files that are not there


@pytest.mark.parametrize("path", [VM_STATES, API, COMMON, "nova/api/openstack/compute/x.py"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_gap_and_no_crash(name: str, path: str) -> None:
    sections = read_all({path: BROKEN[name]})
    places = {(gap.file, gap.line > 0) for section in sections for gap in section.gaps}
    try:
        parse(BROKEN[name], path)
    except SourceError:
        assert (path, True) in places


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_translation_is_no_crash(name: str) -> None:
    common = (
        "def raise_http_conflict_for_instance_invalid_state(exc, action, server_id):\n    raise E(_('no %(state)s'))\n"
    )
    files = {COMMON: common.encode(), "nova/locale/ko_KR/LC_MESSAGES/nova.po": BROKEN[name]}
    section = read_messages(Modules(tree=BytesTree(files)))
    assert [fact.text for fact in section.facts] == ["no %(state)s"]


@pytest.mark.parametrize("name", ["brackets", "attributes", "signs", "sums", "calls", "branches"])
def test_a_tree_too_deep_to_walk_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match=r"x\.py:\d+: "):
        parse(BROKEN[name], "x.py")


def test_a_tree_as_deep_as_allowed_is_read() -> None:
    depth = 40
    source = f"A = {'(' * depth}[{'not ' * depth}1]{')' * depth}\n"
    assert parse(source.encode(), "x.py").body


@pytest.mark.parametrize("missing", sorted(BASE))
def test_a_missing_file_is_a_gap(missing: str) -> None:
    files = {path: text.encode() for path, text in BASE.items() if path != missing}
    sections = [read(Modules(tree=BytesTree(files))) for read in READERS]
    assert any(gap.file == missing for section in sections for gap in section.gaps)

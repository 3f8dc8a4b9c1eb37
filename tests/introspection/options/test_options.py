from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from nova_states.introspection import option_definitions
from nova_states.introspection.option_definitions import read_options
from tests.introspection.synthetic import cases, load_case

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("path", cases(CASES))
def test_options(path: Path) -> None:
    case = load_case(path)
    section = read_options(case.modules)
    assert [[o.group, o.name, o.default, o.evidence.line] for o in section.facts] == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps
    acts_on = {option.name: list(option.acts_on) for option in section.facts}
    for name, ids in yaml.safe_load(path.read_text(encoding="utf-8"))["acts_on"].items():
        assert acts_on[name] == ids


def test_default_keeps_its_type() -> None:
    section = read_options(load_case(CASES / "in_nova_conf.yml").modules)
    assert {o.name: type(o.default) for o in section.facts}["resume_guests_state_on_host_boot"] is bool


def test_each_judgement_has_ids_and_a_reason() -> None:
    groups = tomllib.loads(Path(option_definitions.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    for group, entries in groups.items():
        for name, entry in entries.items():
            assert entry.keys() == {"acts_on", "reason"}, f"{group}.{name}"
            kinds = {identity.partition(":")[0] for identity in entry["acts_on"]}
            assert kinds <= {"vm_state", "task_state", "power_state", "action"}, f"{group}.{name}"
            assert entry["reason"].endswith("."), f"{group}.{name}"

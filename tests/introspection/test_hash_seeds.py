"""What is read is a function of the source alone: another order of sets gives the same facts, byte for byte.

`benchmarks/hash_seeds.py` asks the same of every release.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
BASES = (HERE / "census" / "base.yaml", HERE / "startup" / "cases" / "_base.yaml")
MORE = """
class ComputeManager(object):
    def init_host(self):
        for instance in self._load():
            self._init_instance(context, instance)
    def _init_instance(self, context, instance):
        state = self._power(instance)
        try:
            again = self.driver.get_info(instance).state
        except exception.NotFound:
            again = None
        if state != again and instance.task_state in (task_states.PAUSING, task_states.DELETING, None):
            instance.task_state = None
            instance.save()
    def _power(self, instance):
        try:
            return self.driver.get_info(instance).state
        except exception.NotFound:
            return power_state.NOSTATE
"""

READ = """
import sys, yaml
from nova_states.facts.codec import canonical, to_json
from nova_states.introspection.extraction import read_tree
from tests.introspection.synthetic import SyntheticTree

sources = yaml.safe_load(sys.stdin.read())
for reading in read_tree(SyntheticTree(sources=sources)):
    print(reading.kind, canonical(to_json(reading.section)), canonical(reading.reads))
"""


def read(sources: dict[str, str], seed: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=yaml.safe_dump(sources),
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_order_of_sets_does_not_show() -> None:
    for path in BASES:
        sources = yaml.safe_load(path.read_text(encoding="utf-8"))
        sources["nova/compute/manager.py"] = sources.get("nova/compute/manager.py", "") + MORE
        first = read(sources, 0)
        assert '"kind":"startup"' in first or "startup {" in first
        assert {read(sources, seed) for seed in (1, 2)} == {first}

"""The levels of tests leave nothing out between them: `make test`, `make test-all`, and `make measure` for time."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import BEYOND

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parent.parent
PYTEST = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
TESTS = """
import pytest

def test_default(): pass

@pytest.mark.network
@pytest.mark.timing
def test_two(): pass

@pytest.mark.all_pages
class TestPages:
    def test_one(self): pass
"""


GROUPED = """
import time
from pathlib import Path

import pytest

def test_alone(): time.sleep(0.1)

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_together(number, worker_id):
    with Path(__file__).with_name("workers").open("a") as file:
        file.write(worker_id + " ")
"""


def test_every_mark_but_the_one_for_all_of_them_is_beyond_the_default() -> None:
    assert [line.partition(":")[0] for line in PYTEST["markers"]] == ["beyond", *sorted(BEYOND)]


def commands_of(target: str) -> list[str]:
    """The commands of a target of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert found, target
    return [line.strip() for line in found[1].splitlines()]


def chosen(command: str) -> str:
    """The expression that a command of the Makefile chooses tests by."""
    given = re.search(r"-m (?:'([^']*)'|(\S+))", command)
    return (given[1] or given[2]) if given else PYTEST["addopts"][PYTEST["addopts"].index("-m") + 1]


@pytest.mark.parametrize(
    ("target", "run"),
    [("test", {"test_default"}), ("test-all", {"test_one"}), ("measure", {"test_two"})],
    ids=["test", "test-all", "measure"],
)
def test_a_level_runs_what_the_others_do_not(pytester: pytest.Pytester, target: str, run: set[str]) -> None:
    pytester.makeconftest((ROOT / "tests/conftest.py").read_text(encoding="utf-8"))
    pytester.makepyprojecttoml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pytester.mkdir("tests")
    pytester.path.joinpath("tests/test_it.py").write_text(TESTS, encoding="utf-8")
    ran: list[str] = []
    for command in commands_of(target):
        assert "pytest" in command
        result = pytester.inline_run("-p", "no:cacheprovider", "-m", chosen(command))
        ran += [
            report.nodeid.split("::")[-1] for report in result.getreports() if getattr(report, "when", "") == "call"
        ]
    assert sorted(ran) == sorted(run)


def test_continuous_integration_runs_both_levels() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line.removeprefix("exec ") for line in lines if "make test" in line] == ["make test", "make test-all"]


def test_a_group_stays_with_one_worker(pytester: pytest.Pytester) -> None:
    """Also with the versions that are pinned: with a pytest that keeps ids otherwise, pytest-xdist forgets groups."""
    pytester.makepyfile(GROUPED)
    pytester.runpytest_subprocess("-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider").assert_outcomes(passed=9)
    workers = pytester.path.joinpath("workers").read_text(encoding="ascii").split()
    assert len(workers) == 8
    assert len(set(workers)) == 1

"""The workflows, which only GitHub runs: what they use is pinned, what they may is little, what they call is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.cli import _COMMANDS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.y*ml"))}
JOBS = [
    pytest.param(name, job, body, id=f"{name}-{job}")
    for name, workflow in WORKFLOWS.items()
    for job, body in workflow["jobs"].items()
]
RUNS = {
    f"{name}-{job}-{number}": step["run"]
    for name, workflow in WORKFLOWS.items()
    for job, body in workflow["jobs"].items()
    for number, step in enumerate(body.get("steps", ()))
    if "run" in step
}
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$")


def triggers(workflow: dict[Any, Any]) -> dict[str, Any]:
    """What starts a workflow; YAML reads the word `on` as true."""
    return {name: value or {} for name, value in workflow[True].items()}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_there_are_the_workflows_that_the_readme_and_contributing_name() -> None:
    named = {"test.yml", "package.yml", "pages.yml", "release.yml", "nova-release.yml", "pins.yml", "open-change.yml"}
    assert named == set(WORKFLOWS)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_its_commit_and_says_its_version(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    uses = [line.strip().removeprefix("- ") for line in lines if "uses:" in line]
    foreign = [line for line in uses if not line.startswith("uses: ./")]
    assert [line for line in foreign if not PINNED.fullmatch(line)] == []


def test_one_action_is_pinned_by_one_commit() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    pins: dict[str, set[str]] = {}
    for action, pin in re.findall(r"uses: ([\w.-]+/[\w./-]+)@(.+)", text):
        pins.setdefault(action, set()).add(pin)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_itself_may_nothing(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


@pytest.mark.parametrize(("name", "_job", "body"), JOBS)
def test_a_job_says_what_it_may_and_how_long(name: str, _job: str, body: dict[str, Any]) -> None:
    assert isinstance(body["permissions"], dict)
    if "uses" not in body:
        assert body["timeout-minutes"] <= 60
    writes = {right for right, given in body["permissions"].items() if given == "write"}
    assert not writes or name in {"pages.yml", "release.yml", "nova-release.yml", "pins.yml", "open-change.yml"}


@pytest.mark.parametrize(("_name", "_job", "body"), JOBS)
def test_a_job_that_may_write_installs_and_runs_nothing_of_the_tree(
    _name: str, _job: str, body: dict[str, Any]
) -> None:
    may_write = "write" in body["permissions"].values()
    ran = "\n".join(step.get("run", "") for step in body.get("steps", ()))
    assert not (may_write and re.search(r"\bmake\b|\bpip\b|\bpython|nova-states ", ran))


@pytest.mark.parametrize(("_name", "_job", "body"), JOBS)
def test_a_checkout_keeps_no_credentials(_name: str, _job: str, body: dict[str, Any]) -> None:
    for step in body.get("steps", ()):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_starts_by_itself_does_not_run_twice_at_once(name: str) -> None:
    workflow = WORKFLOWS[name]
    if set(triggers(workflow)) != {"workflow_call"}:
        assert {"group", "cancel-in-progress"} == set(workflow["concurrency"])


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_script_has_no_text_of_others_put_into_it(run: str) -> None:
    assert "${{" not in run


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_script_calls_only_what_there_is(run: str) -> None:
    assert set(re.findall(r"(?:^|\s|`)make ([a-z-]+)", run)) <= targets()
    called = re.findall(r"(?:nova-states|-m nova_states) (-*[a-z]+)", run)
    assert set(called) <= {*_COMMANDS, "--version"}
    for file in re.findall(r"gh workflow run (\S+)", run):
        assert "workflow_dispatch" in triggers(WORKFLOWS[file])


def test_the_scripts_call_the_commands_that_matter() -> None:
    text = "\n".join(RUNS.values())
    for command in ("make test", "make test-all", "make site", "nova-states check", "nova-states extract --pypi new"):
        assert command in text


@pytest.mark.parametrize(("_name", "_job", "body"), JOBS)
def test_a_workflow_that_is_called_is_there_and_gets_what_it_asks_for(
    _name: str, _job: str, body: dict[str, Any]
) -> None:
    if "uses" not in body:
        return
    called = WORKFLOWS[body["uses"].removeprefix("./.github/workflows/")]
    inputs = triggers(called)["workflow_call"].get("inputs", {})
    assert set(body.get("with", {})) == set(inputs)
    # A job that is called may no more than its caller.
    for inner in called["jobs"].values():
        assert inner["permissions"].items() <= body["permissions"].items()


@pytest.mark.parametrize(
    ("name", "job", "action"),
    [("pages.yml", "publish", "actions/deploy-pages@"), ("release.yml", "publish", "pypa/gh-action-pypi-publish@")],
)
def test_nothing_is_published_before_the_tests_pass(name: str, job: str, action: str) -> None:
    places = [
        (file, place)
        for file, workflow in WORKFLOWS.items()
        for place, body in workflow["jobs"].items()
        if any(step.get("uses", "").startswith(action) for step in body.get("steps", ()))
    ]
    assert places == [(name, job)]
    jobs = WORKFLOWS[name]["jobs"]
    needs = jobs[job]["needs"]
    assert "test" in (needs if isinstance(needs, list) else [needs])
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"


def test_every_push_is_tested_on_each_python() -> None:
    started = triggers(WORKFLOWS["test.yml"])
    assert {"push", "pull_request", "workflow_call", "workflow_dispatch"} == set(started)
    assert started["push"] == {"branches-ignore": triggers(WORKFLOWS["pages.yml"])["push"]["branches"]}
    pythons = WORKFLOWS["test.yml"]["jobs"]["default"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={pythons[0]}"
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]


def test_the_bot_moves_the_pins_of_actions() -> None:
    bot = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    assert [update["package-ecosystem"] for update in bot["updates"]] == ["github-actions"]

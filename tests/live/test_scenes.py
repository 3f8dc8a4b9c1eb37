"""What is told of real servers, in each situation and of each output that people paste, is what Nova's rows say."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import yaml

from tests.live.environments import HERE, RELEASES
from tests.live.guards import Question, foretold
from tests.live.judging import judge
from tests.live.looks import Look, Looker
from tests.live.scenes import SCENES, Stage, scene
from tests.live.truth import Record

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]

BRIEF = RELEASES[0]
"""A release that is looked at with one output of each kind: the formats are the client's, and the same for all."""
KNOWN: list[dict[str, Any]] = yaml.safe_load((HERE / "known.yml").read_text(encoding="utf-8"))
"""What is told wrongly until somebody mends that."""
ASKED = {
    "start": ("os-start", "server start"),
    "stop": ("os-stop", "server stop"),
    "pause": ("pause", "server pause"),
    "unpause": ("unpause", "server unpause"),
    "suspend": ("suspend", "server suspend"),
    "resume": ("resume", "server resume"),
    "unrescue": ("unrescue", "server unrescue"),
    "shelve": ("shelve", "server shelve"),
    "confirm_resize": ("confirmResize", "server resize confirm"),
    "restore": ("restore", "server restore"),
}
"""Action → its word in the API, and the client's."""
REFUSALS = 2
"""A scene."""
PRINTED = ("created", "no-room", "build-hangs", "locked", "evacuated")
"""Scenes whose outputs the client also prints as a process of its own, two each."""


def wrong(looks: list[Look], release: str, name: str) -> dict[str, list[str]]:
    """Output → what is told wrongly of it and not known, and what is known and no longer told wrongly."""
    found = {}
    for look in looks:
        differences = judge(look, release)
        of_it = [known for known in KNOWN if known["output"] == look.name]
        here = [start for known in of_it if name in known.get("scenes", ()) for start in known["told"]]
        anywhere = [start for known in of_it if "scenes" not in known for start in known["told"]]
        unknown = [difference for difference in differences if not difference.startswith((*here, *anywhere))]
        mended = [f"no longer: {start}" for start in here if not any(one.startswith(start) for one in differences)]
        if unknown or mended:
            found[look.command] = [*unknown, *mended]
    return found


def refused(stage: Stage, looker: Looker) -> list[Look]:
    """What is said of actions that the facts call refused in the states of the server."""
    row, release = stage.row(), stage.nova.release
    states = {name: row[name] for name in ("vm_state", "task_state")}
    asked = [Question(action=action, **states, is_launched=row["launched_at"] is not None) for action in ASKED]
    refusals = [(one.action, found) for one in asked if (found := foretold(release, one)) is not None]
    # Another two in each scene, the same in every run.
    first = list(SCENES).index(stage.name) % len(refusals)
    looks = []
    for action, refusal in [*refusals, *refusals][first : first + REFUSALS]:
        record: Record = {"record": "refusal", "id": stage.server, "action": action, **asdict(refusal)}
        looks += looker.refusals(stage.server, *ASKED[action], record)
    return looks


@pytest.mark.parametrize("name", SCENES)
def test_what_is_told_of_a_server_is_what_the_database_says(looker: Looker, name: str) -> None:
    release = looker.nova.release
    with scene(looker.nova, name) as stage:
        looks = looker.looks_at(stage.server, is_brief=release == BRIEF)
        refusals = refused(stage, looker)
    assert REFUSALS <= len(refusals) <= 2 * REFUSALS
    assert wrong([*looks, *refusals], release, name) == {}


def test_what_is_told_of_all_servers_is_what_the_database_says(looker: Looker) -> None:
    for name in ("created", "stopped", "no-room"):
        with scene(looker.nova, name):
            pass
    looks = looker.looks_at_all(is_brief=looker.nova.release == BRIEF)
    assert all(look.records for look in looks if look.name.startswith("server list"))
    assert wrong(looks, looker.nova.release, "all") == {}


def test_a_member_is_refused_what_is_locked(looker: Looker) -> None:
    with scene(looker.nova, "locked") as stage:
        reply = stage.ask("os-stop", user="member")
        assert reply.status == 409
        record: Record = {"record": "refusal", "id": stage.server}
        looks = [Look(name="refusal API", command="", text=reply.text, records=[record])]
    assert wrong(looks, looker.nova.release, "locked") == {}


@pytest.mark.parametrize("name", PRINTED)
def test_the_client_prints_the_same_as_a_process_of_its_own(looker: Looker, name: str) -> None:
    if looker.nova.release == BRIEF:
        pytest.skip("the client is the same for every release")
    client = looker.openstack
    with scene(looker.nova, name) as stage:
        for command in (["server", "show", stage.server], ["server", "list", "--long", "-f", "csv"]):
            assert client.start(*command) == client.run(*command)

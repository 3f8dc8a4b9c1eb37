"""Records that are no server: each is told as what it is, and nothing bolder than it."""

from __future__ import annotations

from typing import Any

import pytest

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import join_records
from nova_states.lookup.report import Asked, Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView

TABLES = load_tables("en")
VIEW = TablesView(tables=TABLES, version=TABLES["latest"])
EXPLAINER = Explainer(view=VIEW, texts=TABLES["texts"], now=1_795_737_600)
SERVER = "5a1b8c1e-0000-4000-8000-000000000001"
POWER: dict[int | str | None, str] = {number: name for number, name, _ in VIEW.power_states}


def text_of(answer: dict[str, Any]) -> str:
    steps = [" ".join(filter(None, step.values())) for step in answer["steps"]]
    return " ".join([answer["why"] or "", *steps, *(advice["text"] for advice in answer["advice"])])


def migration(status: str, kind: str) -> Report:
    read = {"status": status, "migration_type": kind, "server": SERVER, "source": "h1", "destination": "h2"}
    return Report(record="migration", id="41", read=read)


@pytest.mark.parametrize(
    ("report", "verdict", "said", "unsaid"),
    [
        (migration("error", "live-migration"), "needs-attention", "source", "reboot --hard"),
        (migration("running", "live-migration"), "in-progress", f"migration abort {SERVER} 41", "reset"),
        (migration("finished", "resize"), "needs-attention", f"resize confirm {SERVER}", "reboot"),
        (migration("done", "evacuation"), "stable", "Data can be lost", "reboot"),
        (migration("accepted", "evacuation"), "needs-progress", "do not start", "reboot"),
        (
            Report(record="event", read={"action": "shelve", "request_id": "req-1", "server": SERVER}),
            "unknown",
            f"event show {SERVER} req-1",
            "reboot",
        ),
        (
            Report(record="event", read={"event": "compute_finish_resize", "result": "Error", "message": "Error"}),
            "needs-attention",
            "failed",
            "reboot --hard",
        ),
        (
            Report(record="hypervisor", power_state=3, read={"domain": "instance-1", "state": "paused"}),
            "needs-attention",
            "virsh domstate --reason instance-1",
            "reboot --hard",
        ),
        (Report(record="volume", id=SERVER, read={"status": "error"}), "needs-attention", "volume", "server delete"),
        (
            Report(record="service", read={"binary": "nova-compute", "host": "h1", "state": "down"}),
            "needs-attention",
            "--host h1",
            "server evacuate",
        ),
        (
            Report(record="refusal", read={"error": "ComputeServiceInUse", "http": 400, "message": "…"}),
            "unknown",
            "compute service set --down",
            "reboot",
        ),
        (
            Report(
                record="fault",
                status="ERROR",
                read={"fault": {"message": "No valid host was found.", "error": "NoValidHost", "created": None}},
            ),
            "needs-attention",
            "nova-scheduler",
            "reboot",
        ),
        (Report(record="tool", status="SOFT_DELETED", read={}), "unknown", "reclaim_instance_interval", "reboot"),
    ],
    ids=lambda value: value.record if isinstance(value, Report) else None,
)
def test_a_record_is_told_as_what_it_is(report: Report, verdict: str, said: str, unsaid: str) -> None:
    answer = EXPLAINER.tell(report)
    assert answer["record"] == report.record
    assert answer["verdict"] == verdict.replace("needs-progress", "in-progress")
    assert said in text_of(answer)
    assert unsaid not in " ".join(step["command"] or "" for step in answer["steps"])


@pytest.mark.parametrize(
    ("asked", "states", "fulfilled", "instead"),
    [
        ("stop", {"vm_state": "stopped"}, True, []),
        ("resume", {"vm_state": "stopped"}, False, ["start"]),
        ("unpause", {"vm_state": "active"}, True, []),
        ("confirmResize", {"vm_state": "active"}, False, []),
        ("attach_volume", {"task_state": "resize_finish"}, False, []),
    ],
)
def test_a_refusal_is_answered_as_one(asked: str, states: dict[str, str], fulfilled: bool, instead: list[str]) -> None:  # noqa: FBT001
    (attribute, value), = states.items()  # fmt: skip
    report = Report(
        record="refusal",
        id=SERVER,
        has_task="task_state" in states,
        asked=Asked(action=asked, attribute=attribute, value=value),
        read={"message": "…", "error": None, "http": 409},
        **states,  # type: ignore[arg-type]
    )
    refusal = EXPLAINER.tell(report)["refusal"]
    assert (refusal["fulfilled"], refusal["instead"]) == (fulfilled, instead)
    assert (refusal["attribute"], refusal["value"], refusal["http"]) == (attribute, value, 409)


def test_the_word_of_the_hypervisor_stands_beside_the_server() -> None:
    server = Report(vm_state="active", has_task=True, power_state=1, read={"instance_name": "instance-1"})
    domain = Report(record="hypervisor", power_state=3, read={"domain": "instance-1", "reason": "I/O error"})
    (joined,) = join_records([domain, server], POWER)
    told = EXPLAINER.tell(joined)
    assert told["verdict"] == "inconsistent"
    assert told["steps"][0]["command"] == "virsh domblkerror instance-1"
    other = Report(record="hypervisor", power_state=3, read={"domain": "instance-2"})
    assert EXPLAINER.tell(join_records([other, server], POWER)[1])["verdict"] == "stable"

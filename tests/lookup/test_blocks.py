"""Records of every shape: each is told as what it is, and an unknown value leaves what does not rest on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from tests.lookup.page_scripts import answers_of_the_page, needs_node
from tests.lookup.test_in_hand import EXPLAINER, VOCABULARY, joined

PASTES = Path(__file__).parent / "pastes"
WRITTEN = ("asked_in_words_of_a_line", "terraform_power_state", "traceback_line_of_code")
SERVER = "5b1f1a44-0000-4000-8000-000000000001"
PORT = "0a1b2c3d-1111-4222-8333-0123456789ab"
MOVE = '{"migrations": [{"id": 8, "status": "%s", "source_compute": "a", "dest_compute": "b"}]}'
COPIED = """\
| Id | Status  | Source Compute | Dest Compute | Created At                 |
| 8  | running | cmp-1          | cmp-2        | 2026-11-20T10:00:00.000000 |
$ nova server-migration-show db1 8 | grep bytes
| memory_processed_bytes | {processed} |
| memory_remaining_bytes | 7516192768   |
| memory_total_bytes     | 274877906944 |
"""
COUNTED = """\
    servers_test.go:41: Server status 11: RESIZE
    servers_test.go:41: Server status 12: VERIFY_RESIZE
"""
NODES = f"""\
{PORT} bm-1 {SERVER} power on active False
0a1b2c3d-1111-4222-8333-0123456789ac bm-2 None power off available False
0a1b2c3d-1111-4222-8333-0123456789ad bm-3 None None clean failed True
"""
LISTED = """\
 Id   Name                State
------------------------------------
 24   instance-0000001a   paused
 25   instance-0000001b   running
"""
HALTED = (
    LISTED
    + """
# tail -1 /var/log/libvirt/qemu/instance-0000001a.log
block I/O error in device 'drive-virtio-disk0': No space left on device (28)
"""
)
TWICE = """\
cmp-a# virsh list --all | grep 1a
 17   instance-0000001a   running
cmp-b# virsh list --all | grep 1a
 5    instance-0000001a   running
"""
AWAY = """\
root@{off}:~# virsh list --all
 -    instance-0000001a   shut off
root@{on}:~# virsh list --all
 6    instance-0000001a   running
"""
MOVED = f"""\
2026-03-03 09:11:08.112 6 ERROR nova.virt.libvirt.driver [None req-aa11 - - - - -] [instance: {SERVER}] Live Migration \
failure: internal error: client socket is closed
$ openstack server show {SERVER}
| id     | {SERVER} |
| status | SHUTOFF |
"""
FAILED = f"| id     | {SERVER} |\n| status | ERROR |\n\n"
UNBUILT = (
    f"Error: Error waiting for instance ({SERVER}) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'",
    FAILED
    + f"2026-04-02 10:03:13.605 9 ERROR nova.compute.manager [instance: {SERVER}] Build of instance {SERVER} aborted: "
    "Failed to allocate the network(s), not rescheduling.",
    FAILED
    + "| action | create |\n| message | Error |\n| request_id | req-0d0c0f1a-1111-4222-8333-444455556666 |\n"
    + f"| instance_uuid | {SERVER} |\n",
)
RENAMED = """\
| ID | Binary       | Host             | Zone | Status  | State |
| 3  | nova-compute | cmp7             | nova | enabled | {old} |
| 9  | nova-compute | cmp7.example.org | nova | enabled | up    |
"""
RECORDED = """\
[root@ctl ~]# openstack server show web1 -c OS-EXT-SRV-ATTR:host -c status
| OS-EXT-SRV-ATTR:host | cmp-b  |
| status               | {status} |
"""
STARTED = "2026-11-20 10:41:33.500 7 WARNING nova.compute.manager [None req-f0 - - - - -] "
KEPT = """\
| OS-EXT-STS:task_state | None         |
| status                | SOFT_DELETED |
"""
LEFT = f"""\
2026-11-20 10:41:33.500 7 WARNING nova.compute.resource_tracker [-] Instance {SERVER} has been moved to another host \
cmp-7(cmp-7). There are allocations remaining against the source host that might need to be removed: \
{{'resources': {{'VCPU': 4}}}}."""
UNMOVED = f"""\
2026-11-20 10:41:33.500 7 WARNING nova.scheduler.utils [None req-c5b5c2c2-4d2b-4a11-a1d5-0b6f2ad0b1c3 a b - - default \
default] Failed to compute_task_migrate_server: No valid host was found. There are not enough hosts available.
2026-11-20 10:41:33.600 7 WARNING nova.scheduler.utils [None req-c5b5c2c2-4d2b-4a11-a1d5-0b6f2ad0b1c3 a b - - default \
default] [instance: {SERVER}] Setting instance to ACTIVE state.
"""
BUSY = f"""\
| ID | Name | Status | Task State | Power State | Networks |
| {SERVER} | web1 | ACTIVE | None | Running | a=10.0.0.1 |
| {PORT} | web2 | SHUTOFF | image_snapshot | Shutdown | a=10.0.0.2 |
| {PORT[:-1]}e | web3 | SHUTOFF | None | Shutdown | a=10.0.0.3 |
"""
JOB = """\
# virsh domjobinfo instance-0000001a
Job type:         Unbounded
Operation:        Outgoing migration
Time elapsed:     5402117      ms
Memory processed: %s GiB
Memory remaining: 3.071 GiB
Memory total:     64.016 GiB
Iteration:        291
"""
LOGGED = f"""\
# virsh list --all
 Id   Name                State
---------------------------------------
 31   instance-0000001a   pmsuspended

2026-11-20 10:41:33.500 7 WARNING nova.compute.manager [-] [instance: {SERVER}] Instance is suspended unexpectedly. \
Calling the stop API.
"""
TOOLS = f"""\
Error: Invalid power_state for instance {SERVER}: BUILD

(before: Error waiting for instance ({SERVER}) to become ready: context deadline exceeded)
"""
DASHBOARD = """\
Error: Failed to perform requested operation on instance "web1", the instance has an error status: Please try again \
later [Error: Host 'cmp4' is not mapped to any cell].

| OS-EXT-STS:vm_state | error |
| OS-EXT-SRV-ATTR:host | - |
| status | ERROR |
"""
ACCESS = """\
ERROR nova.api.openstack.wsgi [req-5a1d3cb6-0e4b-4f4d-8e93-5a1d3cb6ad2f - default default] Unexpected exception in API \
method: oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 5c8d1a4b
INFO nova.osapi_compute.wsgi.server "POST /v2.1/servers/3e4d/os-volume_attachments HTTP/1.1" status: 500 time: 60.1
"""
EVENT = f'{{"events": [{{"name": "network-vif-plugged", "server_uuid": "{SERVER}", "tag": "{PORT}", %s}}]}}'


def told(paste: str) -> list[dict[str, Any]]:
    return [EXPLAINER.tell(report) for report in joined(paste) or ()]


def test_what_rests_on_an_unknown_vm_state_is_not_said() -> None:
    (idle,) = told('{"vm_state": "frozen", "task_state": null, "power_state": 1}')
    assert {one["attribute"] for one in idle["refused"]} == {"task_state"}
    assert "delete" in idle["allowed"]
    (busy,) = told('{"vm_state": "frozen", "task_state": "deleting", "power_state": 1}')
    assert {"action": "stop", "attribute": "task_state", "value": "deleting"} in busy["refused"]
    assert "confirm_resize" not in {one["action"] for one in busy["refused"] if one["attribute"] == "vm_state"}


def test_what_any_task_refuses_an_unknown_one_refuses() -> None:
    (answer,) = told('{"vm_state": "active", "task_state": "powering_of", "power_state": 1}')
    refused = {one["action"]: one["attribute"] for one in answer["refused"]}
    assert refused["suspend"] == "task_state"
    assert refused["start"] == "vm_state"
    assert "live_migrate_abort" not in refused


def test_an_unknown_status_of_a_migration_names_the_nearest_and_keeps_the_rest() -> None:
    (answer,) = told(MOVE % "runing")
    assert answer["unknown"] == [{"attribute": "status", "value": "runing", "nearest": ["running"]}]
    assert answer["verdict"] == "unknown"
    assert answer["steps"][0]["command"].startswith("openstack server show")
    assert told(MOVE % "running")[0]["unknown"] == []


def test_memory_beside_a_migration_tells_whether_its_copy_ends() -> None:
    (answer,) = told(COPIED.format(processed=918273645568))
    assert (answer["id"], answer["verdict"], answer["advice"][0]["id"]) == (
        "8",
        "needs-attention",
        "migration_circling",
    )
    (answer,) = told(COPIED.format(processed=27487790694))
    assert "migration_circling" not in {one["id"] for one in answer["advice"]}


def test_of_counted_statuses_the_last_is_the_present_one() -> None:
    (answer,) = told(COUNTED)
    assert answer["status"] == "VERIFY_RESIZE"
    assert told("Server status 1: RESIZE")[0]["status"] == "RESIZE"
    (answer,) = told(COUNTED.replace("\n", "\nis success: true\n\nand then\n", 1))
    assert answer["status"] == "VERIFY_RESIZE"


def test_nodes_of_ironic_are_neither_servers_nor_volumes() -> None:
    found = read_reports(NODES, VOCABULARY)
    assert isinstance(found, Problem)
    assert found.product == "Ironic"


def test_what_another_service_tells_of_a_server_is_no_action() -> None:
    for said, verdict in (
        ('"status": "completed"', "stable"),
        ('"status": "completed", "code": 422', "stable"),
        ('"status": "failed"', "needs-attention"),
    ):
        (answer,) = told(EVENT % said)
        assert (answer["record"], answer["id"], answer["verdict"]) == ("log", SERVER, verdict)
    (answer,) = told(EVENT % '"status": "failed"')
    assert PORT in answer["steps"][0]["command"]


def test_why_a_guest_is_paused_stands_with_it() -> None:
    halted, running = told(HALTED)
    assert halted["name"] == "instance-0000001a"
    assert "resume" in " ".join(step["command"] or "" for step in halted["steps"])
    assert "full disk" in halted["why"]
    assert running["name"] == "instance-0000001b"
    assert "full disk" not in running["why"]


def test_a_guest_that_runs_under_two_numbers_is_an_emergency() -> None:
    (answer,) = told(TWICE)
    assert (answer["verdict"], answer["advice"][0]["id"]) == ("needs-attention", "domain_twice")
    (answer,) = told(TWICE.replace(" 5 ", " 17"))
    assert "domain_twice" not in {one["id"] for one in answer["advice"]}


@pytest.mark.parametrize("status", ["ACTIVE", "SHUTOFF", "ERROR"])
def test_a_guest_that_runs_twice_is_an_emergency_whatever_nova_has_on_record(status: str) -> None:
    (answer,) = told(TWICE + RECORDED.format(status=status))
    assert (answer["record"], answer["status"], answer["verdict"]) == ("server", status, "needs-attention")
    assert answer["advice"][0]["id"] == "domain_twice"
    assert any(step["command"] == "virsh destroy instance-0000001a" for step in answer["steps"])
    (answer,) = told(TWICE.replace(" 5 ", " 17") + RECORDED.format(status=status))
    assert "domain_twice" not in {one["id"] for one in answer["advice"]}


@pytest.mark.parametrize("status", ["ACTIVE", "SHUTOFF", "ERROR"])
def test_a_guest_that_runs_where_it_is_not_on_record_is_not_started(status: str) -> None:
    (answer,) = told(AWAY.format(off="cmp-b", on="cmp-a") + RECORDED.format(status=status))
    assert (answer["verdict"], [one["id"] for one in answer["advice"]]) == ("inconsistent", ["runs_elsewhere"])
    assert answer["why"].startswith("Data can be lost: do not start")
    commands = [step["command"] for step in answer["steps"]]
    assert not any("reboot" in command for command in commands)
    assert not any("server start" in command for command in commands[:-1])


@pytest.mark.parametrize("ahead", ["ssh cmp-a", "virsh -c qemu+ssh://root@cmp-a/system"])
def test_a_guest_that_runs_elsewhere_is_known_by_the_host_that_a_command_asks(ahead: str) -> None:
    paste = AWAY.format(off="cmp-b", on="cmp-b")
    command = ahead if "virsh" in ahead else f"{ahead} virsh"
    paste = paste.replace("cmp-b:~# virsh list --all\n 6", f"cmp-b:~# {command} list --all\n 6")
    (answer,) = told(paste)
    assert [one["id"] for one in answer["advice"]] == ["runs_elsewhere"]


@pytest.mark.parametrize("paste", UNBUILT)
def test_a_server_whose_build_failed_has_never_run(paste: str) -> None:
    (answer,) = told(paste)
    assert answer.get("lacks") == "host"
    assert not any("reboot" in (step["command"] or "") for step in answer["steps"])


def test_a_server_that_failed_after_another_action_may_have_run() -> None:
    later = "| request_id | action | start_time |\n| req-1 | reboot | 2026-04-02T12:00:00 |\n"
    (answer,) = told(f"{UNBUILT[2]}\n{later}")
    assert not answer.get("lacks")


def test_a_host_that_goes_on_under_its_whole_name_is_not_dead() -> None:
    former, now = told(RENAMED.format(old="down "))
    assert "rename" in former["why"] or "name of the host" in former["why"]
    assert not any("evacuate" in step["text"] for step in former["steps"][:2])
    assert "name of the host" not in (now["why"] or "")
    for answer in told(RENAMED.format(old="up   ")):
        assert "name of the host" not in (answer["why"] or "")


def test_two_looks_at_one_host_are_no_two_guests() -> None:
    for answer in told(AWAY.format(off="cmp-b", on="cmp-b") + RECORDED.format(status="SHUTOFF")):
        assert "runs_elsewhere" not in {one["id"] for one in answer["advice"]}


def test_a_guest_that_runs_where_it_is_on_record_is_there() -> None:
    (answer,) = told(AWAY.format(off="cmp-a", on="cmp-b.example.org") + RECORDED.format(status="ACTIVE"))
    assert "runs_elsewhere" not in {one["id"] for one in answer["advice"]}


@pytest.mark.parametrize("asked", ["", "Should I start it?"])
def test_what_a_live_migration_left_off_may_run_elsewhere(asked: str) -> None:
    (answer,) = told(f"{MOVED}\n{asked}")
    assert (answer["verdict"], answer["advice"][0]["id"]) == ("needs-attention", "runs_elsewhere")
    assert answer["why"].startswith("Data can be lost: do not start")
    assert "virsh list" in answer["steps"][0]["command"]


def test_a_host_that_is_spelled_otherwise_turns_off_no_guest() -> None:
    (answer,) = told(
        STARTED
        + f"Instance {SERVER} appears to not be owned by this host, but by cmp-7. \
Startup processing is being skipped."
    )
    assert (answer["id"], answer["verdict"]) == (SERVER, "needs-attention")
    assert "turn off nothing" in answer["why"]
    assert not [step for step in answer["steps"] if "virsh destroy" in (step["command"] or "")]


def test_a_delete_that_is_taken_up_again_says_so() -> None:
    (answer,) = told(
        STARTED
        + f"[instance: {SERVER}] Service started deleting the instance during the previous run, \
but did not finish. Restarting the deletion now."
    )
    assert (answer["id"], answer["verdict"]) == (SERVER, "in-progress")
    assert "takes up again a delete" in answer["why"]


def test_what_waits_for_its_reclaim_is_told_without_its_power() -> None:
    (answer,) = told(KEPT)
    assert (answer["verdict"], answer["ask"]) == ("stable", None)
    assert "reclaim_instance_interval" in answer["why"]
    restore, force = answer["steps"]  # what cannot be undone is never the first thing to do
    assert "server restore" in restore["command"]
    assert "--force" in force["command"]
    assert force["caution"]


@pytest.mark.parametrize("asked", ["is it safe to remove the allocations now?", "이제 할당을 지워도 되나요?"])
def test_who_asks_of_an_allocation_is_told_of_no_delete_of_the_server(asked: str) -> None:
    (answer,) = told(f"{LEFT}\n{asked}")
    assert "placement audit" in " ".join(step["command"] or "" for step in answer["steps"])
    assert not any("launched_at" in (step["command"] or "") for step in answer["steps"])
    (answer,) = told(f"{LEFT}\nis it safe to delete the server?")
    assert any("launched_at" in (step["command"] or "") for step in answer["steps"])


def test_a_move_that_found_no_host_leads_to_no_delete() -> None:
    (answer,) = told(UNMOVED)
    assert "unharmed" in answer["why"]
    assert "allow_resize_to_same_host" in answer["why"]
    assert not any("delete" in (step["command"] or "") for step in answer["steps"])
    (answer,) = told(UNMOVED.replace("migrate_server", "build_instances"))
    assert "unharmed" not in answer["why"]


def test_a_resize_that_failed_by_ssh_looks_for_no_flavor() -> None:
    said = "Resize error: not able to execute ssh command: Unexpected error while running command. Stderr: "
    (answer,) = told("Instance rollback performed due to: " + said + "Host key verification failed.")
    assert "ssh -o BatchMode" in (answer["steps"][0]["command"] or "")
    assert not any("flavor list" in (step["command"] or "") for step in answer["steps"])
    (answer,) = told("Instance rollback performed due to: Resize error: Unable to resize disk down.")
    assert any("flavor list" in (step["command"] or "") for step in answer["steps"])


def test_who_is_to_detach_a_volume_learns_that_a_root_volume_cannot_be() -> None:
    (answer,) = told(f"Invalid volume: volume '{PORT}' status must be 'available'. Currently in 'in-use' (HTTP 400)")
    (step,) = (step for step in answer["steps"] if "remove volume" in (step["command"] or ""))
    assert "root (boot) volume" in step["text"]
    assert "delete_on_termination" in step["caution"]


@pytest.mark.parametrize("said", ["it is like this since yesterday", "어제부터 이 상태입니다"])
def test_how_long_it_lasts_is_said_of_the_only_task_of_a_list(said: str) -> None:
    verdicts = [answer["verdict"] for answer in told(BUSY + said)]
    assert verdicts == ["stable", "needs-attention", "stable"]
    assert [answer["verdict"] for answer in told(BUSY)] == ["stable", "in-progress", "stable"]
    both = BUSY.replace("SHUTOFF | None ", "SHUTOFF | deleting ") + said
    assert "needs-attention" not in [answer["verdict"] for answer in told(both)]


@pytest.mark.parametrize(("processed", "advice"), [("912.442", "migration_circling"), ("12.5", None)])
def test_a_job_that_moves_a_guest_is_its_migration(processed: str, advice: str | None) -> None:
    (answer,) = told(JOB % processed)
    assert (answer["record"], answer["verdict"]) in (("migration", "in-progress"), ("migration", "needs-attention"))
    assert [one["id"] for one in answer["advice"]] == ([advice] if advice else [])
    assert not any("virsh destroy" in (step["command"] or "") for step in answer["steps"])


def test_the_only_guest_is_told_with_the_line_of_the_only_server() -> None:
    (answer,) = told(LOGGED)
    assert (answer["record"], answer["id"]) == ("log", SERVER)
    assert [one["record"] for one in answer["beside"]] == ["hypervisor"]


def test_what_a_tool_says_twice_of_a_server_is_one() -> None:
    (answer,) = told(TOOLS)
    assert (answer["id"], answer["status"]) == (SERVER, "BUILD")


def test_what_a_dashboard_quotes_is_the_fault_of_the_server_beside_it() -> None:
    (answer,) = told(DASHBOARD)
    assert (answer["record"], answer["name"]) == ("server", "web1")
    assert answer["fault"]["error"] == "HostMappingNotFound"
    assert not any("reboot" in (step["command"] or "") for step in answer["steps"])


def test_a_line_that_only_says_that_the_api_failed_is_told_with_why() -> None:
    (answer,) = told(ACCESS)
    assert [one["record"] for one in answer["beside"]] == ["log"]
    assert "rpc_response_timeout" in answer["why"]


@needs_node
def test_the_page_answers_the_same(tmp_path: Path) -> None:
    pastes = [
        '{"vm_state": "frozen", "task_state": null, "power_state": 1}',
        '{"vm_state": "frozen", "task_state": "deleting", "power_state": 1}',
        '{"vm_state": "active", "task_state": "powering_of", "power_state": 1}',
        '{"vm_state": "frozen", "task_state": "powering_of"}',
        MOVE % "runing",
        MOVE % "running",
        *(AWAY.format(off=off, on="cmp-a") + RECORDED.format(status="SHUTOFF") for off in ("cmp-a", "cmp-b")),
        AWAY.format(off="cmp-a", on="cmp-b") + RECORDED.format(status="ACTIVE"),
        AWAY.format(off="cmp-b", on="ctl").replace("list --all\n 6", "-c qemu+ssh://cmp-a/system list\n 6"),
        f"{MOVED}\nShould I start it?",
        *UNBUILT,
        RENAMED.format(old="down "),
        TWICE + RECORDED.format(status="SHUTOFF") + "\nMay I reboot it?",
        *(yaml.safe_load((PASTES / f"{name}.yml").read_text(encoding="utf-8"))["input"] for name in WRITTEN),
        COPIED.format(processed=918273645568),
        COPIED.format(processed=27487790694),
        COUNTED,
        NODES,
        NODES + "| status | ACTIVE |",
        EVENT % '"status": "completed"',
        EVENT % '"status": "failed", "code": 200',
        EVENT % '"status": "completed", "code": 422',
        TWICE + RECORDED.format(status="ACTIVE"),
        *(JOB % "912.442", JOB % "12.5", JOB.replace("Outgoing migration", "Backup")),
        *(BUSY, BUSY + "it is like this since yesterday", UNMOVED),
        *(KEPT, f"{LEFT}\nis it safe to remove the allocations now?"),
        *(HALTED, LISTED, TWICE, LOGGED, TOOLS, DASHBOARD, ACCESS),
        "POST /v2.1/os-server-external-events " + EVENT % '"status": "completed"',
    ]
    for paste, theirs in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        assert json.loads(json.dumps(told(paste))) == theirs, paste

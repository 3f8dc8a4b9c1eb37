"""What is not offered to a server that has no host, is deleted, or was never made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import join_records
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.reach import HOST, SERVER, locked_actions, open_actions
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import NOW, answers_of_the_page, needs_node

TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)
UUID = "11111111-2222-4333-8444-555555555555"
LINE = f"2026-11-28 05:00:00.000 7 %s nova.compute.manager [None req-{UUID}] [instance: {UUID}] %s"
DASHED = "| OS-EXT-STS:vm_state | error |\n| OS-EXT-SRV-ATTR:host | - |\n| status | ERROR |\n"
BUILD = f"Build of instance {UUID} aborted: Volume {UUID} did not finish being created even after we waited 9 seconds."
FAILED = f"{{'code': 500, 'created': '2026-11-28T05:00:00Z', 'message': '{BUILD}'}}"
MARKED = LINE % (
    "WARNING",
    "Detected instance with name label 'instance-1' which is marked as DELETED but still present on host.",
)
PLUG = LINE % (
    "WARNING",
    "Timeout waiting for ['network-vif-plugged-1'] for instance with vm_state building and task_state spawning.",
)
UNPLUGGED = LINE % (
    "ERROR",
    "Failed to allocate network(s): VirtualInterfaceCreateException: Virtual Interface creation failed",
)
ABORTED = LINE % ("ERROR", f"Build of instance {UUID} aborted: Failed to allocate the network(s), not rescheduling.")
REFUSED = "$ openstack server create web-1\nQuota exceeded for ram: Requested 1, but already used 4 of 4 ram (HTTP 403)"

TOLD = (
    'Error: Failed to perform requested operation on instance "web", the instance has an error status: '
    f"[Error: {BUILD}]."
)
QUOTA = (
    "| OS-EXT-STS:vm_state | error |\n| fault | {'code': 413, 'created': '2026-11-28T05:00:00Z', 'message': "
    "'Quota exceeded for cores: Requested 1, but already used 4 of 4 cores'} |\n| status | ERROR |"
)
HOSTLESS = [
    DASHED,
    f"| OS-EXT-STS:vm_state | error |\n| fault | {FAILED} |\n| status | ERROR |",
    f"| OS-EXT-SRV-ATTR:host | None |\n| OS-EXT-STS:vm_state | error |\n| fault | {FAILED} |\n| status | ERROR |",
    '{"OS-EXT-SRV-ATTR:host": null, "OS-EXT-SRV-ATTR:instance_name": "instance-1", "OS-EXT-STS:vm_state": "error"}',
    TOLD,
    QUOTA,
]
NEVER = "| OS-EXT-STS:vm_state | error |\n| OS-SRV-USG:launched_at | None |\n| status | ERROR |"
PERHAPS_HOSTED = [
    # It may also not be for who asks to see.
    "| OS-EXT-SRV-ATTR:host | None |\n| OS-EXT-STS:vm_state | error |\n| status | ERROR |",
    "| OS-EXT-SRV-ATTR:host | node-1 |\n| OS-EXT-STS:vm_state | error |\n| status | ERROR |",
    "| OS-EXT-SRV-ATTR:host | - |\n| OS-EXT-STS:vm_state | shelved_offloaded |\n| status | SHELVED_OFFLOADED |",
]
GONE = [
    "I deleted the production VM by mistake, can I restore it? the data was on its local disk",
    "VM을 실수로 openstack server delete 해버렸습니다. 로컬 디스크인데 살릴 방법 있나요?",
    "삭제한 인스턴스를 복구할 수 있나요?",
]
NOT_GONE = [
    "실수로 볼륨을 삭제했습니다. 복구할 수 있나요? 서버는 ACTIVE입니다",
    "I accidentally deleted the volume of the server, can I restore it? Server is ACTIVE",
    "삭제된 서버의 포트를 복구하려면?",
]
SOFT = f"실수로 인스턴스를 삭제했습니다. 복구할 수 있나요?\n| id | {UUID} |\n| status | SOFT_DELETED |"
UNSHELVED = (
    "$ openstack server show db-1 -c status\n| status | SHELVED_OFFLOADED |\n"
    "$ openstack server event show db-1 req-2f3f4b5c-7d8e-4f9a-8b1c-2d3e4f5a6b7c\n| action | unshelve |\n"
    "| message | Error |\n| events | event='schedule_instances', result='Error', "
    "traceback='nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.' |"
)
GIVEN_UP = f"{PLUG}\n{UNPLUGGED}\n{ABORTED}"
CREATE = "$ openstack server create --flavor m1.small --image cirros --network a vm1\n"
UNMADE = (
    "Flavor's disk is too small for requested image. Flavor disk is 1 bytes, image is 2 bytes. (HTTP 400)",
    "Multiple possible networks found, use a Network ID to be more specific. (HTTP 409)",
)
FAILED_API = "Unexpected API Error. <class 'oslo_messaging.exceptions.MessagingTimeout'> (HTTP 500)"
LOCKED = (
    f"Instance {UUID} is locked (HTTP 409)",
    f"| id | {UUID} |\n| OS-EXT-STS:vm_state | error |\n| OS-EXT-STS:task_state | None |\n| locked | True |\n",
)
MARKED_ASKED = f"{MARKED}\ncan I delete it?"


def answers_to(paste: str) -> list[dict[str, Any]]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    view = TablesView(tables=TABLES, version=TABLES["latest"])
    explainer = Explainer(view=view, texts=TEXTS, now=NOW)
    return [
        explainer.tell(report)
        for report in join_records(reports, {number: name for number, name, _ in view.power_states})
    ]


def commands_of(answer: dict[str, Any]) -> str:
    return "\n".join(step["command"] or "" for step in answer["steps"])


def shown_of(answer: dict[str, Any]) -> list[str]:
    return open_actions(answer, TEXTS["uses"], locked_actions(answer, answer))


@pytest.mark.parametrize("paste", HOSTLESS)
def test_a_server_without_a_host_is_offered_nothing_that_is_done_on_one(paste: str) -> None:
    (answer,) = answers_to(paste)
    assert answer["lacks"] == HOST
    assert "reboot" not in commands_of(answer)
    assert "delete" in commands_of(answer)
    assert not {"stop", "reboot", "hard_reboot", "rebuild", "rescue", "evacuate"} & set(shown_of(answer))
    assert {"delete", "lock"} <= set(shown_of(answer))
    # The guards of its states alone decide about these.
    assert "hard_reboot" in answer["allowed"]


def test_what_never_ran_has_no_host_and_leads_nowhere() -> None:
    (never,) = answers_to(NEVER)
    (perhaps,) = answers_to("| OS-EXT-STS:vm_state | error |\n| OS-EXT-STS:task_state | None |\n| status | ERROR |")
    assert never["lacks"] == HOST
    assert not any("console" in name for name in shown_of(never))
    # Nobody is led by what is refused itself.
    assert never["ways"] == {}
    assert perhaps["ways"]["snapshot"] == ["stop"]


@pytest.mark.parametrize("paste", PERHAPS_HOSTED)
def test_where_a_host_is_not_known_to_be_wanting_nothing_is_left_out(paste: str) -> None:
    (answer,) = answers_to(paste)
    assert "lacks" not in answer
    # Of a failed server a reboot of no kind is asked for in vain: it is the soft one.
    assert shown_of(answer) == [action for action in answer["allowed"] if action != "reboot"]


def test_a_build_that_was_given_up_is_not_rebooted_but_made_anew() -> None:
    (answer,) = answers_to(GIVEN_UP)
    assert "server reboot" not in commands_of(answer)
    assert f"openstack server delete {UUID}" in commands_of(answer)


def test_a_question_of_deleting_what_is_deleted_asks_nothing_of_that_server() -> None:
    (answer,) = answers_to(MARKED_ASKED)
    assert answer["lacks"] == SERVER
    assert UUID not in commands_of(answer)
    assert "server list --all-projects --deleted" in commands_of(answer)
    assert answer["why"].startswith("Nova has deleted this server")
    assert shown_of(answer) == []


@pytest.mark.parametrize("paste", GONE)
def test_who_has_deleted_a_server_is_told_what_may_still_be_there(paste: str) -> None:
    (answer,) = answers_to(paste)
    assert answer["why"].startswith("Only a server that is `SOFT_DELETED`")
    assert "--status SOFT_DELETED" in commands_of(answer)
    assert "server show" not in commands_of(answer)
    assert "image create" not in commands_of(answer)
    assert shown_of(answer) == []


def test_what_was_refused_to_be_made_has_no_actions() -> None:
    (answer,) = answers_to(REFUSED)
    assert answer["lacks"] == SERVER
    assert shown_of(answer) == []
    assert answer["steps"]


@pytest.mark.parametrize("message", UNMADE)
def test_who_was_refused_a_server_is_not_told_to_delete_it(message: str) -> None:
    (answer,) = answers_to(f"{CREATE}{message}")
    assert "delete" not in commands_of(answer)
    assert "{server}" not in commands_of(answer)
    assert answer["steps"]


def test_a_server_that_may_have_been_made_all_the_same_is_not_wanting() -> None:
    (answer,) = answers_to(f"{CREATE}{FAILED_API}")
    assert "lacks" not in answer


@pytest.mark.parametrize("paste", LOCKED)
def test_a_lock_refuses_what_its_decorator_says_to_all_but_administrators(paste: str) -> None:
    (answer,) = answers_to(paste)
    assert not {"delete", "force_delete", "stop", "rebuild", "hard_reboot"} & set(shown_of(answer))
    assert {"unlock", "reset_state"} <= set(shown_of(answer))
    assert {"delete", "force_delete"} <= set(locked_actions(answer, answer))
    # The states alone decide about these.
    assert "delete" in answer["allowed"]


@pytest.mark.parametrize("state", ["stopped", "error", "active"])
def test_a_reboot_of_no_kind_is_offered_where_a_soft_one_is_taken(state: str) -> None:
    (answer,) = answers_to(f"| OS-EXT-STS:vm_state | {state} |\n| OS-EXT-STS:task_state | None |\n")
    assert ("reboot" in shown_of(answer)) == (state == "active")
    assert "hard_reboot" in shown_of(answer)


def test_what_ran_before_is_not_deleted_because_no_host_took_it() -> None:
    answer, *_ = answers_to(UNSHELVED)
    assert "server delete" not in commands_of(answer)


@pytest.mark.parametrize("paste", NOT_GONE)
def test_another_thing_that_was_deleted_is_no_deleted_server(paste: str) -> None:
    found = read_reports(paste, VOCABULARY)
    causes = [] if isinstance(found, Problem) else [(one.read or {}).get("cause") for one in found]
    assert "asked-undelete" not in causes


def test_what_is_soft_deleted_is_restored_whatever_is_asked() -> None:
    (answer,) = answers_to(SOFT)
    assert "lacks" not in answer
    assert f"openstack server restore {UUID}" in commands_of(answer)
    assert "reclaim_instance_interval" in answer["why"] or answer["ask"]


@needs_node
def test_the_page_answers_the_same(tmp_path: Path) -> None:
    pastes = [*HOSTLESS, *PERHAPS_HOSTED, *GONE, GIVEN_UP, MARKED_ASKED, REFUSED, UNSHELVED, SOFT, NEVER, *LOCKED]
    pastes += [f"{CREATE}{message}" for message in UNMADE]
    for paste, answer in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        assert answer == answers_to(paste), paste

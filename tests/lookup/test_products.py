"""What is of another product is told as that: no server of Nova is read from it, whatever its words are like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_states.lookup.paste_reader import Problem, read_reports
from tests.lookup.page_scripts import answers_of_the_page, needs_node
from tests.lookup.test_in_hand import EXPLAINER, TABLES, VOCABULARY, joined

OTHERS = {
    "Apache CloudStack": 'Failed to migrate VM [VM instance {"instanceName":"i-5-103-VM"}] due to '
    "[com.cloud.utils.exception.CloudRuntimeException: Exception during migrate: internal error: QEMU Driver error].",
    "NAVER Cloud": "<serverInstanceNo>351177</serverInstanceNo><serverInstanceStatus><code>NSTOP</code>"
    "<codeName>Server normal stopped state</codeName></serverInstanceStatus>",
    "Oracle Cloud": "500-InternalError, Out of host capacity.",
    "Proxmox VE": "VMID NAME STATUS\n100 web1 stopped\n",
    "Microsoft Azure": '{"code":"DeploymentFailed","message":"One operation failed. See https://aka.ms/arm-debug","details":'
    '[{"code":"Conflict","message":"Operation results in exceeding quota limits of Core."}]}',
    "Amazon EC2": '{"InstanceArn": "arn:aws:ec2:eu-central-1:1:instance/i-0abc", "State": {"Name": "stopped"}}',
    "Google Cloud": "ERROR: https://compute.googleapis.com/compute/v1/zones/a/instances/web1 status: STOPPED",
    "OpenNebula": "error: Failed to create domain from /var/lib/one/datastores/104/2214/deployment.0\n"
    "error: device not found: mediated device '0c1dcdd2-e0bc-51f5-bdf3-62261edc3100' not found",
    "Kubernetes": "NAME                            READY  STATUS\nmachine.cluster.x-k8s.io/md-0   False  ERROR\n",
    "Glance": "2026-03-23 07:53:27.105 4173 ERROR glance.api.v2.image_data [-] Failed to upload image data\n",
    "KubeVirt": "Server error. command SyncVMI failed: \"LibvirtError(Message='internal error: QEMU unexpectedly "
    "closed the monitor (vm='default_vm-gpu-02'): vfio 0000:41:00.0: failed to open /dev/vfio/1: Device busy')\"",
    "oVirt": "2026-03-23 07:53:27 ERROR (vm/1a) [virt.vm] The vm start process failed vdsm libvirtError: internal",
    "VirtualBox": "VBoxManage: error: VM cannot start because an error occurred: VERR_NO_MEMORY",
    "virt-manager": "virtManager/asyncjob.py: libvirtError: Cannot access storage file '/srv/a': Permission denied",
    "Neutron": "2026-03-23 07:53:27.105 4173 ERROR neutron.agent.dhcp.agent [-] Unable to disable dhcp\n",
}


@pytest.mark.parametrize("product", OTHERS)
def test_another_product_is_named(product: str) -> None:
    found = read_reports(OTHERS[product], VOCABULARY)
    assert isinstance(found, Problem)
    assert found.product == product
    assert product in found.describe(TABLES["texts"]["words"])


@pytest.mark.parametrize("product", OTHERS)
def test_beside_a_server_of_nova_it_is_left(product: str) -> None:
    found = read_reports(f"{OTHERS[product]}\n\nopenstack server show: status | ERROR | vm_state: error\n", VOCABULARY)
    assert not isinstance(found, Problem)


NEIGHBOURS = {
    "a timeout between Neutron's services": (
        "Neutron",
        (
            "2026-07-09 18:59:54.949 59 ERROR neutron_lib.rpc [-] Timeout in RPC method a.b. Waiting for 13 seconds: "
            "oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 3fc557ed44b34353"
        ),
    ),
    "a quota of networks": (
        "Neutron",
        (
            "Expected HTTP response code when accessing [POST https://api.example:9696/v2.0/networks], but got 409\n"
            '{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources.", "detail": ""}}'
        ),
    ),
    "nodes of bare metal": (
        "Ironic",
        "$ openstack baremetal node list\n| UUID | Name | Provisioning State |\n| 1 | n1 | clean failed |",
    ),
    "a load balancer": ("Octavia", "$ openstack loadbalancer show lb1\n| provisioning_status | ERROR |"),
    "a line of Neutron's log with the word of a state": (
        "Neutron",
        (
            "2026-06-18 19:45:48.982 15 DEBUG neutron.db.provisioning_blocks [-] Transition to ACTIVE for port object "
            "f35783fe-1587-4953-adec-4519d32d0d4b will not be triggered until provisioned by entity L2."
        ),
    ),
    "a cluster, and what Neutron told it": (
        "Magnum",
        (
            "$ openstack coe cluster show k1\n| status | DELETE_IN_PROGRESS |\n"
            "| status_reason | Expected code [204] when accessing [DELETE https://n.example/v2.0/security-groups/1] |"
        ),
    ),
    "one service that tells of another": (
        "other_service",
        "| provisioning_status | ERROR |\nfailed: [POST https://n.example/v2.0/ports], but got 409",
    ),
    "an image": ("Glance", "$ openstack image show i1\n| disk_format | qcow2 |\n| status | queued |"),
}


@pytest.mark.parametrize("what", NEIGHBOURS)
def test_a_neighbour_of_nova_is_named(what: str) -> None:
    product, paste = NEIGHBOURS[what]
    found = read_reports(paste, VOCABULARY)
    assert isinstance(found, Problem)
    assert found.product == product


def test_where_it_is_uncertain_whose_it_is_none_is_named() -> None:
    found = read_reports(NEIGHBOURS["one service that tells of another"][1], VOCABULARY)
    assert isinstance(found, Problem)
    assert "Neutron" not in (said := found.describe(TABLES["texts"]["words"]))
    assert TABLES["texts"]["words"]["other_service"] in said


def test_a_neighbour_that_nova_asked_is_nova() -> None:
    paste = (
        "nova.exception.PortLimitExceeded: Maximum number of ports exceeded\nPOST https://api.example:9696/v2.0/ports"
    )
    assert not isinstance(read_reports(paste, VOCABULARY), Problem)


BY_HAND = """$ virsh list --all
 Id   Name    State
------------------------
 -    win11   shut off

$ virsh start win11
error: Failed to start domain 'win11'
error: internal error: process exited while connecting to monitor: Could not open '/srv/win11.qcow2': Permission denied
"""


def test_a_guest_that_somebody_made_by_hand_is_none_of_novas() -> None:
    found = read_reports(BY_HAND, VOCABULARY)
    assert isinstance(found, list)
    (domain,) = found
    answer = EXPLAINER.tell(domain)
    assert [one["id"] for one in answer["advice"]] == ["domain_foreign"]
    assert answer["steps"][0]["command"].startswith("ls -ldZ /srv/win11.qcow2")
    assert answer["steps"][-1]["command"] == "virsh dumpxml win11 | grep nova:"


@pytest.mark.parametrize("sign", ["openstack server list\n", "host: nova-compute 12\n", "Domain instance-0000002e\n"])
def test_beside_a_word_of_nova_it_is_not_told_apart(sign: str) -> None:
    found = read_reports(sign + BY_HAND, VOCABULARY)
    assert isinstance(found, list)
    assert not any((report.read or {}).get("foreign") for report in found)


def test_no_step_asks_nova_of_a_guest_that_it_has_not_made() -> None:
    path = "/srv/instances/11111111-2222-3333-4444-555555555555/vda"
    paste = f"error: Failed to start domain 'a'\nerror: Could not open '{path}': No such file or directory\n"
    found = read_reports(paste, VOCABULARY)
    assert isinstance(found, list)
    commands = [step["command"] or "" for step in EXPLAINER.tell(found[0])["steps"]]
    assert commands
    assert not any("openstack" in command or "/var/lib/nova" in command for command in commands)


def test_a_command_that_failed_names_its_domain() -> None:
    found = read_reports(BY_HAND[BY_HAND.index("$ virsh start") :], VOCABULARY)
    assert isinstance(found, list)
    assert [(one.record, one.name, (one.read or {})["foreign"]) for one in found] == [("hypervisor", "win11", True)]


@needs_node
def test_the_page_tells_them_alike(tmp_path: Path) -> None:
    pastes = [*OTHERS.values(), *(paste for _, paste in NEIGHBOURS.values()), BY_HAND, BY_HAND[90:]]
    for paste, theirs in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        ours = [EXPLAINER.tell(report) for report in joined(paste) or ()]
        assert json.loads(json.dumps(ours)) == theirs, paste


@pytest.mark.parametrize("message", ["Connection to cinder host failed: x", "Connection to glance host x failed: y"])
def test_what_nova_says_of_another_service_is_novas(message: str) -> None:
    found = read_reports(message, VOCABULARY)
    assert not isinstance(found, Problem)
    assert [report.record for report in found] == ["fault"]

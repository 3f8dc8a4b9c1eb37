"""What is of another product is told as that: no server of Nova is read from it, whatever its words are like."""

from __future__ import annotations

import pytest

from nova_states.lookup.paste_reader import Problem, read_reports
from tests.lookup.test_in_hand import TABLES, VOCABULARY

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

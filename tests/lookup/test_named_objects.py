"""What a message names goes into commands and into the steps that speak of it; nothing else does."""

from __future__ import annotations

import pytest

from nova_states.lookup.filling import fill_text, filled_steps, values_of
from nova_states.lookup.named_objects import objects_in
from nova_states.lookup.report import Report

ONE, OTHER = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (f"Build of instance {ONE} aborted: Volume {OTHER} did not finish", {"server": ONE, "volume": OTHER}),
        (f"Filtering removed all hosts for the request with instance ID '{ONE}'.", {"server": ONE}),
        (f"Binding failed for port {ONE}, please check neutron logs", {"port": ONE}),
        (f"Unshelve attempted but the image {ONE} cannot be found.", {"image": ONE}),
        (f"No fixed IP addresses available for network: {ONE}", {"network": ONE}),
        ("['ComputeFilter: (start: 2, end: 2)', 'HomeMadeFilter: (start: 2, end: 0)']", {"filter": "HomeMadeFilter"}),
        ("Filter HomeMadeFilter returned 0 hosts", {"filter": "HomeMadeFilter"}),
        (
            "Could not open '/var/lib/nova/instances/_base/1a': Permission denied",
            {"path": "/var/lib/nova/instances/_base/1a"},
        ),
        ("Host 'cmp-07' is not mapped to any cell", {"host": "cmp-07"}),
        ("Flavor m9.large could not be found.", {"flavor": "m9.large"}),
        ("The volume is attached, and the port 22 is open", {}),
        (f"{ONE} is nobody's", {}),
        (f"Error attaching volume {ONE} server {OTHER}: x", {"server": OTHER, "volume": ONE}),
    ],
)
def test_a_message_names_objects(message: str, named: dict[str, str]) -> None:
    assert objects_in(message) == named


def test_what_a_record_is_about_says_more_than_what_its_message_names() -> None:
    report = Report(record="fault", id=OTHER, read={"fault": {"message": f"instance {ONE}: port {ONE} is in use"}})
    assert values_of(report) == {"server": OTHER, "port": ONE}


def test_steps_speak_of_what_is_known_and_of_nothing_else() -> None:
    step = {"text": "Compare with that filter (`{filter}`).", "command": "openstack port show {port}", "caution": None}
    (known,) = filled_steps([step], {"filter": "AFilter", "port": ONE})
    assert (known["text"], known["command"]) == ("Compare with that filter (`AFilter`).", f"openstack port show {ONE}")
    (unknown,) = filled_steps([step], {})
    assert (unknown["text"], unknown["command"]) == ("Compare with that filter.", "openstack port show PORT")
    assert fill_text("그 필터(`{filter}`)와 비교하세요.", {}) == "그 필터와 비교하세요."

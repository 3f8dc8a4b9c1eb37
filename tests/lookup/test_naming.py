"""What an answer names beside states leads to what is said of it."""

from __future__ import annotations

import pytest

from nova_states.explanations.loading import load_explanations
from nova_states.lookup.naming import address_of, names_of
from nova_states.lookup.texts import build_texts

TEXTS = build_texts(load_explanations(), "en")


@pytest.mark.parametrize(
    ("kind", "name", "address"),
    [
        ("error", "NoValidHost", "error/novalidhost/"),
        ("error", "OvsConfigurationFailure", "error/#OvsConfigurationFailure"),
        ("migration_status", "running (post-copy)", "migration_status/#running-post-copy"),
        ("event", "compute_finish_resize", "event/#compute_finish_resize"),
        ("host_status", "UNKNOWN", "host_status/#unknown"),
        ("event", "constructor", None),
    ],
)
def test_a_name_leads_to_its_page_or_row(kind: str, name: str, address: str | None) -> None:
    assert address_of(kind, name, TEXTS) == address


def test_an_answer_names_exceptions_and_its_own_record() -> None:
    migration = {"record": "migration", "status": "error", "errors": ["NoValidHost"]}
    assert list(names_of(migration)) == [("error", "NoValidHost"), ("migration_status", "error")]
    event = {"record": "event", "event": "compute_reboot_instance", "action": "reboot"}
    assert list(names_of(event)) == [("event", "compute_reboot_instance"), ("event", "reboot")]
    server = {"record": "server", "status": "ERROR", "host_status": None}
    assert list(names_of(server)) == []
    assert list(names_of(server | {"host_status": "UP"})) == [("host_status", "UP")]

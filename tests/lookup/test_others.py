"""What other services and other clouds print is never answered as a server, whatever its statuses are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary

OTHERS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "others.yml").read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(tables=load_tables("en"))


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_record_is_a_server(name: str) -> None:
    found = read_reports(OTHERS[name]["paste"], VOCABULARY)
    records = [] if isinstance(found, Problem) else [report.record for report in found]
    assert records == OTHERS[name]["records"]


def test_beside_a_server_what_is_none_is_named() -> None:
    server = '{"id": "5d2f7e61-0f0a-4d3e-b3c7-9a1b2c3d4e5f", "OS-EXT-STS:vm_state": "active", "status": "ACTIVE"}'
    for name, told in OTHERS.items():
        found = read_reports(f"{told['paste']}\n\n$ openstack server show web -f json\n{server}\n", VOCABULARY)
        assert not isinstance(found, Problem)
        records = [report.record for report in found]
        assert records.count("server") == 1, name
        assert told["records"] or found[0].unread, name

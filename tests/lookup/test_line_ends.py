"""A message ends where the next line of a log begins, and not at a guest that it names in quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_states.lookup.paste_reader import read_reports
from nova_states.lookup.reading.line_ends import are_apart
from tests.lookup.page_scripts import answers_of_the_page, needs_node
from tests.lookup.test_in_hand import EXPLAINER, VOCABULARY, joined

BUSY = "2026-05-16T13:49:50Z qemu-system-x86_64: failed to open /dev/vfio/1: Device or resource busy"
ENDS = {
    "2026-03-04 10:40:28 ctl tool[8873] WARNING Could not start instance `c3`: No valid host was found.  Deleting.\n"
    "2026-03-04 10:40:29 ctl http.session[8873] DEBUG REQ: curl -g -i -X DELETE http://10.10.0.1:8774/v2.1/servers": (
        "No valid host was found. Deleting."
    ),
    "nova-compute: \"LibvirtError(Code=1, Message='internal error: QEMU unexpectedly closed the monitor "
    f"(vm='instance-00000007'): {BUSY}')\"": f"closed the monitor (vm='instance-00000007'): {BUSY}",
    f"libvirtError: internal error: process exited while connecting to monitor:\n{BUSY}": (
        f"libvirtError: internal error: process exited while connecting to monitor: {BUSY}"
    ),
}


@pytest.mark.parametrize("paste", ENDS)
def test_a_message_ends_where_it_ends(paste: str) -> None:
    found = read_reports(paste, VOCABULARY)
    assert isinstance(found, list)
    (fault,) = found
    assert (fault.read or {})["fault"]["message"] == ENDS[paste]


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-04 10:40:29 ctl DEBUG",
        "[2026-03-04T10:40:29Z] x",
        "E0219 10:17:14.403924 11 a.go:209] b",
        "level=error msg=x",
    ],
)
def test_a_line_of_a_log_is_no_rest(line: str) -> None:
    assert are_apart("some message that goes", line, 120)
    assert not are_apart("connecting to monitor:", BUSY, 120)


@needs_node
def test_the_page_ends_it_alike(tmp_path: Path) -> None:
    for paste, theirs in zip(ENDS, answers_of_the_page(list(ENDS), tmp_path), strict=True):
        ours = [EXPLAINER.tell(report) for report in joined(paste) or ()]
        assert json.loads(json.dumps(ours)) == theirs, paste

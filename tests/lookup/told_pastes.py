"""Pastes of each line of a log that is known, and of each exception that is explained: alone, and of servers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import yaml

UUID = "11111111-2222-3333-4444-555555555555"
VALUES = {
    "vm_state": "active",
    "task_state": "None",
    "db_power_state": "1",
    "vm_power_state": "4",
    "power_state": "1",
    "task": "spawning",
    "events": "['network-vif-plugged-1']",
}
QUOTED = tuple(
    line.removeprefix("- ").partition(": ")[2].strip().strip("'")
    for line in Path(__file__).with_name("causes.yml").read_text(encoding="utf-8").splitlines()
    if line.startswith("- ")
)
"""Messages that quote a cause."""
ASKED = tuple(
    case["input"] for case in yaml.safe_load(Path(__file__).with_name("asked.yml").read_text(encoding="utf-8"))
)
"""Sentences of people."""
CAUSE = "nova.exception.NoValidHost: No valid host was found."


def told_pastes(texts: Mapping[str, Any], messages: Mapping[str, Any]) -> Iterator[str]:
    """Such pastes.

    Args:
        texts: `nova_states.lookup.texts`.
        messages: A table of messages.
    """
    wordings: dict[str, str] = {}
    for template, language, _, ids, *_ in messages["entries"]:
        for one in ids if language == "en" else ():
            if isinstance(one, int):
                wordings.setdefault(messages["errors"][one][0], filled(template))
            elif one.removeprefix("log_message:") in messages["lines"]:
                yield line_of(filled(template))
                yield line_of(f"{filled(template)}: {CAUSE}")
    yield from ASKED
    for text in QUOTED:
        yield text
        yield line_of(f"Instance failed to spawn: {text}")
        yield line_of(text, "WARNING")
        yield server_of(f"Build of instance {UUID} aborted: {text}", "error", 0, None)
        yield server_of(f"Exceeded maximum number of retries. Last exception: {text}", "error", 1, None)
    for name in (name.removeprefix("error:") for name in texts["help"] if name.startswith("error:")):
        if name in wordings:
            yield wordings[name]
            states = product(("active", "error"), (0, 1), (None, "2026-11-20T10:00:00Z"))
            yield from (server_of(wordings[name], *told) for told in states)


def line_of(text: str, level: str = "ERROR") -> str:
    """A line of the log of nova-compute."""
    return f"2026-11-26 10:00:00.123 12 {level} nova.compute.manager [-] [instance: {UUID}] {text}"


def server_of(message: str, vm_state: str, power_state: int, launched_at: str | None) -> str:
    """A server with a fault, as the API has it."""
    return json.dumps({
        "id": UUID,
        "status": vm_state.upper(),
        "OS-EXT-STS:vm_state": vm_state,
        "OS-EXT-STS:task_state": None,
        "OS-EXT-STS:power_state": power_state,
        "OS-SRV-USG:launched_at": launched_at,
        "updated": "2026-11-26T10:00:01Z",
        "fault": {"message": message, "code": 500, "created": "2026-11-26T10:00:00Z"},
    })  # fmt: skip


def filled(template: str) -> str:
    """A template with something in place of its placeholders."""
    return re.sub(r"%\((\w+)\)s", lambda found: VALUES.get(found[1], "thing"), template).replace("%%", "%")

"""Triage of a cloud with ten thousand servers, served by a stand-in: how long, and how much memory the command takes.

Run it in the checkout, with the environment that `make site` made; another number of servers may be named:

    PYTHONPATH=. .venv/bin/python benchmarks/triage.py 10000

It fails above 20 s or 300 MB, which is for 10,000. A server has what Nova shows an administrator, with a traceback
in the fault of each that failed, and user data in every tenth.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.cloud.fake_cloud import FAILED, STOPPED, STOPPING, FakeCloud, server, serving

SECONDS, MEGABYTES = 20, 300
STUCK = {"OS-EXT-STS:task_state": "deleting"}
FORMS = ("text", "json", "markdown")


def fleet(count: int) -> list[dict[str, Any]]:
    """Servers of which one in five needs somebody, each with an address, metadata and so on."""
    fault = {"code": 500, "message": "No valid host was found. ", "details": "  File line\n" * 2000}
    failed = {**FAILED, "fault": {**fault, "created": "2026-11-26T10:00:00Z"}}
    kinds: tuple[dict[str, Any], ...] = ({}, STOPPED, {}, STOPPING, {})
    found = []
    for number in range(count):
        values = (failed, STUCK)[number // 50 % 2] if number % 50 == 0 else kinds[number % 5]
        more = {"OS-EXT-SRV-ATTR:user_data": "I2Nsb3VkLWNvbmZpZwo" * 400} if number % 10 == 0 else {}
        network = {"net": [{"addr": f"10.0.{number // 250}.{number % 250}", "version": 4, "OS-EXT-IPS:type": "fixed"}]}
        found.append(server(number, **{"addresses": network, **values, **more}))
    return found


def main(count: int) -> int:
    """Print what each format took; exit status 1 if that is too much."""
    is_fine = True
    with tempfile.TemporaryDirectory() as folder, serving(FakeCloud(servers=fleet(count))) as cloud:
        settings = cloud.write_settings(Path(folder))
        environ = os.environ | {"OS_CLIENT_CONFIG_FILE": str(settings)}
        for form in FORMS:
            command = ["-m", "nova_states", "explain", "--os-cloud", "prod", "--all-projects", "--triage"]
            before, seconds = time.monotonic(), _processor_seconds()
            done = subprocess.run(
                [sys.executable, *command, "--format", form], env=environ, stdout=subprocess.PIPE, check=False
            )
            took, used = time.monotonic() - before, _processor_seconds() - seconds
            # Of all children so far the largest: each is a command like this one.
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(
                f"{form}: {took:.1f} s ({used:.1f} s of processor), {peak} MB, {len(done.stdout) // 1024} kB told, "
                f"exit status {done.returncode}"
            )
            is_fine &= done.returncode == 1 and took <= SECONDS and peak <= MEGABYTES
        print(f"{len(cloud.compute_requests)} requests, {len({verb for verb, _ in cloud.compute_requests})} verb")
    return int(not is_fine)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))

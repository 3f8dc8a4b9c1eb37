"""`mkdocs serve` alone rebuilds when people's files change, once a change."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.site.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 300
"""Seconds after which a server is taken to hang; a build takes some twenty where the machine is quiet."""
SETTLED = 3
"""Longer than MkDocs takes to notice a change, in seconds."""


@pytest.mark.all_pages
@pytest.mark.xdist_group("serve")
def test_serve_rebuilds_once_for_each_kind_of_change(tmp_path: Path) -> None:
    for folder in ("docs", "templates", "generator"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    log = tmp_path / "log.txt"
    with serve(tmp_path, log) as address:
        page = f"{address}ko/vm_state/stopped/"
        changes = {
            "docs/assets/site.css": ("#1d4ed8", "#1d4ed7", f"{address}assets/site.css", "#1d4ed7"),
            "templates/theme/partials/alternate.html": ("<a class=", "<a data-changed class=", page, "data-changed"),
            "generator/nova_states/site/generated_page.py": ("¶</a>", "§</a>", page, "§</a>"),
        }
        for path, (old, new, url, shown) in changes.items():
            file = tmp_path / path
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(old, new), encoding="utf-8")
            wait_until(partial(shows, url, shown), f"{path} to be rebuilt", log)
            time.sleep(SETTLED)
    assert log.read_text(encoding="utf-8").count("Building documentation...") == 1 + len(changes)


@contextmanager
def serve(root: Path, log: Path) -> Iterator[str]:
    """Run `mkdocs serve` in `root` and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root / "generator"), "SITE_URL": ""},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            wait_until(lambda: "Serving on" in log.read_text(encoding="utf-8"), "the server to start", log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def wait_until(holds: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}: {log.read_text(encoding='utf-8')}"
        time.sleep(0.2)


def shows(url: str, text: str) -> bool:
    with urlopen(url, timeout=PATIENCE) as response:  # noqa: S310 - the address is our own
        return text in response.read().decode()

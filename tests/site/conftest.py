"""The real site, built once for all workers, served below a base path as GitHub Pages does, and a real browser."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nova_states.site.content_security import POLICY
from tests.site.crawling import Document, read_site

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BASE_PATH = "/repo/"
REPORTS = "/reports"
"""Where browsers report what the policy forbids."""
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""By preference: the shell is the same engine without the windows, and opens a page in a tenth of the time."""
PATIENCE = 30_000
"""Milliseconds that a page may take to show what it should; the default of 5,000 is not enough for a busy machine."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=PATIENCE)


def run_mkdocs(
    *arguments: str, root: Path = ROOT, umask: int = -1, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run mkdocs in `root` with the program that lies there; with a umask other than ours if one is given."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "generator"), "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
    )


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of a strict build of the real mkdocs.yml."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    site, done = shared / "site", shared / "site-built"
    with (shared / "site-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # --quiet would hide the warnings from --strict
            result = run_mkdocs("build", "--strict", "--site-dir", str(site), SITE_URL="")
            if result.returncode:
                pytest.fail(f"mkdocs build --strict: {result.stderr}")
            done.touch()
    return site


@pytest.fixture(scope="session")
def documents(built_site: Path) -> dict[str, Document]:
    """Return every HTML file of the site by its path."""
    return read_site(built_site)


class _Server(ThreadingHTTPServer):
    """Serves the site under its own policy as a header, and keeps what browsers report against it."""

    def __init__(self, site: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(_PagesHandler, directory=str(site)))
        self.reports: list[str] = []


class _PagesHandler(SimpleHTTPRequestHandler):
    """Serves below BASE_PATH only, with 404.html for what is not there, as GitHub Pages does."""

    server: _Server

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", f"{POLICY}; report-uri {REPORTS}")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def do_POST(self) -> None:
        self.server.reports.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def translate_path(self, path: str) -> str:
        if not path.startswith(BASE_PATH):
            return str(Path(self.directory) / "outside the base path")
        return super().translate_path("/" + path.removeprefix(BASE_PATH))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def server(built_site: Path) -> Iterator[_Server]:
    """Return what serves the site."""
    with _Server(built_site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def served_site(server: _Server) -> str:
    """Return the address of the site, e.g. http://127.0.0.1:40001/repo/."""
    return f"http://127.0.0.1:{server.server_port}{BASE_PATH}"


@pytest.fixture(scope="session")
def policy_reports(server: _Server) -> list[str]:
    """Return what browsers have reported so far of scripts and styles that the policy forbids."""
    return server.reports


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.fail("the browser tests need Chromium; as root: apt-get install chromium fonts-nanum")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, served_site: str) -> Iterator[Page]:
    """Return a page of its own profile; the test fails if anything asked another host, a script went
    wrong, or the policy forbade something."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    elsewhere: list[str] = []
    errors: list[str] = []
    forbidden: list[str] = []
    origin = served_site.removesuffix(BASE_PATH)
    page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith(origin) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: forbidden.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert elsewhere == []
    assert errors == []
    assert forbidden == []

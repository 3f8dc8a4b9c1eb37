"""Starts a Nova and the client, asks them, and ends them whatever happens."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.live.environments import HERE, environment

START_SECONDS = 120
"""A quiet machine takes 8; one that builds pages meanwhile, 40."""
ANSWER_SECONDS = 60
_CLOUDS = ("admin", "member")
# Neither the user's clouds nor the user's proxy are anybody's business here.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT")
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartError(Exception):
    """A process did not start, or ended; its text has the last lines that it printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer of the API."""

    status: int
    text: str

    def json(self) -> Any:  # noqa: ANN401 - what JSON holds
        return json.loads(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Nova:
    """A Nova that runs."""

    release: str
    url: str
    process: int
    """Its id."""

    def ask(self, verb: str, path: str, body: object = None, *, version: str = "latest", user: str = "admin") -> Reply:
        """Ask its API, `path` being below /v2.1."""
        headers = {"X-Auth-Token": user, "OpenStack-API-Version": f"compute {version}"}
        return self._send(verb, f"/v2.1{path}", body, headers)

    def control(self, do: str, **arguments: object) -> Any:  # noqa: ANN401 - each has its own
        """One of `Controls` of nova_server.py.

        Raises:
            AssertionError: it could not.
        """
        reply = self._send("POST", "/control", {"do": do, **arguments}, {})
        assert reply.status == 200, f"{do} {arguments}: {reply.text[-500:]}"
        return reply.json()

    def rows(self, table: str, **where: object) -> list[dict[str, Any]]:
        """Rows of a table of Nova's database, deleted ones as well."""
        found: list[dict[str, Any]] = self.control("rows", table=table, where=where)
        return found

    def _send(self, verb: str, path: str, body: object, headers: Mapping[str, str]) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the address is ours
            self.url + path, data, {"Content-Type": "application/json", **headers}, method=verb
        )
        try:
            with _OPENER.open(request, timeout=ANSWER_SECONDS) as answer:
                return Reply(status=answer.status, text=answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(status=error.code, text=error.read().decode())


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenStack:
    """The client, asking one Nova."""

    shells: Mapping[str, subprocess.Popen[str]]
    """A process for each user: the client keeps who asked first."""
    binary: Path
    settings: Path
    """Its clouds.yaml."""

    def run(self, *arguments: str, user: str = "admin") -> str:
        """What a command prints, in the process that is kept for that."""
        shell = self.shells[user]
        assert shell.stdin
        shell.stdin.write(json.dumps(["--os-cloud", self.cloud(user), *arguments]) + "\n")
        shell.stdin.flush()
        text: str = json.loads(_line(shell, ANSWER_SECONDS))["text"]
        return text

    def start(self, *arguments: str, user: str = "admin") -> str:
        """What a command prints as a process of its own, standard error as well."""
        finished = self.finish(*arguments, user=user)
        return finished.stdout + finished.stderr

    def finish(
        self, *arguments: str, user: str = "admin", environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own, with more in its environment where that is wanted."""
        command = [str(self.binary), "--os-cloud", self.cloud(user), *arguments]
        settings = {"OS_CLIENT_CONFIG_FILE": str(self.settings)}
        return subprocess.run(
            command,
            env=_environ(self.settings.parent) | settings | dict(environ or {}),
            capture_output=True,
            text=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )

    def cloud(self, user: str) -> str:
        return f"live-{user}"


@contextmanager
def running_nova(release: str) -> Iterator[Nova]:
    """A Nova that answers, on an address that nobody else has; at the end it has ended.

    Raises:
        NotAtHandError: its wheels cannot be had.
        StartError: it does not start.
    """
    with (
        environment(release) as python,
        _process([str(python), "-W", "ignore", str(HERE / "nova_server.py")]) as process,
    ):
        port = json.loads(_line(process, START_SECONDS))["port"]
        yield Nova(release=release, url=f"http://127.0.0.1:{port}", process=process.pid)


@contextmanager
def running_client(nova: Nova) -> Iterator[OpenStack]:
    """The client for a Nova, as an admin and as a member of the project.

    Raises:
        NotAtHandError: its wheels cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="nova-states-live-") as room, environment("client") as python:
        settings = Path(room) / "clouds.yaml"
        settings.write_text(json.dumps({"clouds": {f"live-{user}": _cloud(nova, user) for user in _CLOUDS}}))
        command = [str(python), "-W", "ignore", str(HERE / "openstack_shell.py")]
        with ExitStack() as running:
            environ = {"OS_CLIENT_CONFIG_FILE": str(settings)}
            shells = {user: running.enter_context(_process(command, environ)) for user in _CLOUDS}
            yield OpenStack(shells=shells, binary=python.with_name("openstack"), settings=settings)


def _cloud(nova: Nova, user: str) -> dict[str, Any]:
    return {
        "auth_type": "password",
        "auth": {
            "auth_url": f"{nova.url}/identity/v3",
            "username": user,
            "password": "any",
            "project_name": "demo",
            "user_domain_id": "default",
            "project_domain_id": "default",
        },
    }


@contextmanager
def _process(command: list[str], environ: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process with a folder for what it leaves behind; it also ends by itself where this one is killed."""
    with (
        tempfile.TemporaryDirectory(prefix="nova-states-live-", ignore_cleanup_errors=True) as room,
        (Path(room) / "stderr").open("w+") as complaints,
        subprocess.Popen(
            command,
            env={**_environ(Path(room)), **(environ or {})},
            cwd=room,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        except EOFError:
            process.wait(ANSWER_SECONDS)
            raise StartError(_tail(complaints)) from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environ(room: Path) -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {"TMPDIR": str(room), "NO_COLOR": "1"}


def _tail(file: IO[str]) -> str:
    file.seek(0)
    return "".join(file.readlines()[-20:])


def _line(process: subprocess.Popen[str], seconds: float) -> str:
    """The next line that a process prints.

    Raises:
        EOFError: it has ended.
        TimeoutError: it prints none in time.
    """
    assert process.stdout
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        if not waiting.select(seconds):
            raise TimeoutError(f"process {process.pid}: no answer in {seconds} s")
    line = process.stdout.readline()
    if not line:
        raise EOFError
    return line

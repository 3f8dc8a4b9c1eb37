"""Whatever is wrong with a cloud, its settings or its answers: one line that says what and what to do, status 2."""

from __future__ import annotations

import builtins
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nova_states.cloud import compute_api, servers
from tests.cloud.conftest import Run, Told
from tests.cloud.fake_cloud import SECRET, FakeCloud, server, uuid

HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script>502 Bad Gateway</body></html>"


def refused(told: Told, *said: str) -> None:
    """One line on standard error, nothing on standard output."""
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("nova-states: ")
    assert told.err.count("\n") == 1
    for text in said:
        assert text in told.err


def test_no_such_cloud(cloud: FakeCloud, run: Run) -> None:
    refused(run("web1", name="porduction"), "cloud porduction: not in clouds.yaml; there are broken, prod")
    assert not cloud.asked


def test_no_settings_at_all(run: Run, tmp_path: Path) -> None:
    refused(
        run("web1", file=tmp_path / "none.yaml"), "cloud prod: no cloud is known: there is no clouds.yaml", "envvars"
    )


def test_libraries_say_nothing_beside_the_one_line(tmp_path: Path) -> None:
    """In a process of its own: pytest sets up logging, and what nobody has set up goes to standard error."""
    settings = {"OS_AUTH_URL": "http://127.0.0.1:9", "OS_USERNAME": "operator", "OS_PASSWORD": SECRET}
    asked = subprocess.run(
        [sys.executable, "-m", "nova_states", "explain", "--os-cloud", "envvars", "web1"],
        cwd=tmp_path,
        env={**os.environ, "OS_CLIENT_CONFIG_FILE": str(tmp_path / "none.yaml"), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    refused(Told(status=asked.returncode, out=asked.stdout, err=asked.stderr), "cloud envvars: cannot be reached")


def test_no_credentials(cloud: FakeCloud, run: Run) -> None:
    refused(run("web1", name="broken"), "cloud broken: credentials are missing in clouds.yaml: password")
    assert not cloud.compute_requests


def test_settings_that_are_no_yaml_are_not_repeated(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"clouds:\n  prod:\n    auth: {{password: {SECRET}, : : ]\n", encoding="utf-8")
    refused(run("web1", file=file), "wrong.yaml: cannot be read: line 3 is no YAML; mend it")


def test_a_plugin_of_authentication_that_does_not_exist(cloud: FakeCloud, run: Run, tmp_path: Path) -> None:
    settings = cloud.write_settings(tmp_path, auth_type="v9carrierpigeon")
    refused(run("web1", file=settings), "cloud prod: its `auth` in clouds.yaml cannot be used")


@pytest.mark.parametrize(("status", "said"), [(401, "refused the credentials, or the token has expired"), (403, "no")])
def test_credentials_that_keystone_refuses(cloud: FakeCloud, run: Run, status: int, said: str) -> None:
    cloud.instead["/auth/tokens"] = lambda: (status, {"error": {"message": f"wrong {SECRET}", "code": status}})
    refused(run("web1"), said)


def test_a_token_that_expires_is_replaced_once_and_then_refused(cloud: FakeCloud, run: Run) -> None:
    cloud.instead[f"/servers/{uuid(1)}"] = lambda: (401, {"error": {"message": "expired", "code": 401}})
    refused(run(uuid(1)), "the token is not accepted; log in again")
    assert [path for verb, path in cloud.asked if verb == "POST"] == ["/identity/v3/auth/tokens"] * 2


def test_a_region_that_the_catalog_does_not_have(cloud: FakeCloud, run: Run, tmp_path: Path) -> None:
    settings = cloud.write_settings(tmp_path, region_name="elsewhere")
    refused(run("web1", file=settings), "its catalog has no compute API for this region")


def test_an_address_where_nobody_answers(cloud: FakeCloud, run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    cloud.url = address
    refused(run("web1", file=cloud.write_settings(tmp_path)), "cannot be reached; check the address and the network")


def test_a_certificate_that_is_not_trusted_and_a_port_that_speaks_no_tls(
    cloud: FakeCloud, run: Run, tmp_path: Path
) -> None:
    cloud.url = cloud.url.replace("http:", "https:")
    refused(run("web1", file=cloud.write_settings(tmp_path)), "its certificate is not trusted")


def test_all_projects_without_the_right(cloud: FakeCloud, run: Run) -> None:
    cloud.is_admin = False
    refused(
        run("--all-projects"), "not allowed with these rights; leave out --all-projects, or ask as an administrator"
    )


@pytest.mark.parametrize("newest", ["", "2.12"])
def test_a_cloud_older_than_mitaka(cloud: FakeCloud, run: Run, newest: str) -> None:
    cloud.servers, cloud.newest = [server(1)], newest
    refused(run("web1"), "older than")
    assert not cloud.compute_requests


def test_a_cloud_older_than_mitaka_is_answered_for_the_release_that_is_named(cloud: FakeCloud, run: Run) -> None:
    cloud.servers, cloud.newest = [server(1)], "2.12"
    assert "Nova 13.1.4" in run("web1", "--release", "mitaka").out


def test_two_servers_of_one_name(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1, name="web"), server(2, name="web")]
    refused(run("web"), f"web: 2 servers have this name; name one by its id: {uuid(1)}, {uuid(2)}")


@pytest.mark.parametrize("wanted", ["nothing", uuid(77), "../../os-keypairs", "\x1b[31mred\x1b[0m", "a\nb", "?limit=1"])
def test_no_such_server(cloud: FakeCloud, run: Run, wanted: str) -> None:
    cloud.servers = [server(1)]
    told = run(wanted)
    refused(told, "no server")
    assert "\x1b" not in told.err
    assert all(path.startswith("servers") for _, path in cloud.compute_requests)


def test_a_proxy_that_answers_with_a_page(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    for path in ("/servers", f"/servers/{uuid(1)}"):
        cloud.instead = {path: lambda: (200, HTML)}
        refused(run("web1"), "answered with a page of HTML instead of JSON; a proxy stands before the API")
        cloud.instead = {path: lambda: (502, HTML)}
        refused(run("web1"), "failed with 502; it is a page of HTML, so a proxy answered; ask again later")


def test_a_proxy_in_place_of_the_whole_api(cloud: FakeCloud, run: Run) -> None:
    cloud.instead["/compute/v2.1"] = lambda: (200, HTML)
    told = run("web1")
    refused(told)
    assert "proxy" in told.err or "something else answers" in told.err


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"server": {"id": "0000',
        b"null",
        b"[]",
        b'{"server": null}',
        b'{"server": []}',
        b'{"server": {"id": 5}}',
        b'{"server": {"id": "../../x"}}',
        b'{"server": {"id": NaN}}',
        b"[" * 100_000,
        b"9" * 10_000,
        b"\xff\xfe\x00garbage",
    ],
    ids=repr,
)
def test_an_answer_that_is_broken(cloud: FakeCloud, run: Run, body: bytes) -> None:
    cloud.instead[f"/servers/{uuid(1)}"] = lambda: (200, body)
    refused(run(uuid(1)), "the answer is broken")


@pytest.mark.parametrize("status", [301, 400, 406, 413, 429, 500, 503])
def test_an_answer_that_refuses(cloud: FakeCloud, run: Run, status: int) -> None:
    said = f"\x1b[2Jevil\n{'x' * 5000}"
    cloud.instead[f"/servers/{uuid(1)}"] = lambda: (status, {"error": {"code": status, "message": said}})
    told = run(uuid(1))
    refused(told)
    assert "\x1b" not in told.err
    assert len(told.err) < 600
    assert not any("evil.example" in path for _, path in cloud.asked)


def test_an_answer_that_is_too_large(cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_api, "LARGEST", 1 << 20)
    cloud.instead[f"/servers/{uuid(1)}"] = lambda: (200, b" " * (2 << 20))
    refused(run(uuid(1)), "the answer is larger than 1 MiB")


def test_an_answer_that_takes_too_long(cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_api, "SLOWEST", -1)
    cloud.servers = [server(1)]
    refused(run(uuid(1)), "was not whole after")


def test_a_cloud_that_falls_silent(cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_api, "_SILENCE", (5, 0.05))
    cloud.servers = [server(1)]
    cloud.before = lambda _, path: time.sleep(0.3) if "/servers/" in path else None
    refused(run(uuid(1)), "ask again later")


def test_pages_without_an_end(cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    link = {"servers_links": [{"rel": "next", "href": "http://evil.example/"}]}
    cloud.instead["/servers/detail"] = lambda: (200, {"servers": [server(1)], **link})
    refused(run(), "the same page comes again and again; the cloud's paging is broken")
    monkeypatch.setattr(servers, "MOST", 10)
    count = iter(range(1000))
    cloud.instead["/servers/detail"] = lambda: (200, {"servers": [server(next(count))], **link})
    refused(run(), "more than 10 servers; ask for fewer")
    assert not any("evil.example" in path for _, path in cloud.asked)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("options", [(), ("--triage",)])
def test_values_of_any_type_and_signs_of_terminals_do_no_harm(
    cloud: FakeCloud, run: Run, form: str, options: tuple[str, ...]
) -> None:
    hostile: list[Any] = [
        "\x1b]0;owned\x07\x1b[2J",
        "<script>alert(1)</script>",
        "| x |\n# y",
        [],
        {},
        7,
        True,
        "\u202e",
    ]
    names = [name for name in server(1) if name != "id"]
    cloud.servers = [server(n, **{name: hostile[(n + k) % 8] for k, name in enumerate(names)}) for n in range(1, 9)]
    told = run("--format", form, *options)
    assert told.status in (0, 1)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", told.out)
    if form == "json":
        assert json.loads(told.out)
    if form == "markdown":
        assert not re.search(r"(?<!\\)<script", told.out)
        assert {line[:2] for line in told.out.splitlines()[2 * bool(options) :]} == {"| "}


@pytest.mark.parametrize("path", ["os-instance-actions", "os-migrations", "os-services"])
@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"instanceActions": 5, "migrations": 5, "services": [5]}'])
def test_what_is_around_a_server_may_be_nonsense(cloud: FakeCloud, run: Run, path: str, body: bytes) -> None:
    cloud.servers = [server(1)]
    cloud.instead[path] = lambda: (200, body)
    assert run("web1").status == 0


@pytest.mark.parametrize("path", ["os-instance-actions", "os-migrations", "os-services"])
@pytest.mark.parametrize(("status", "body"), [(500, HTML), (200, HTML), (429, b"{}"), (200, b"broken")])
def test_what_is_around_a_server_may_not_be_answered(
    cloud: FakeCloud, run: Run, path: str, status: int, body: bytes
) -> None:
    cloud.servers = [server(1)]
    cloud.instead[path] = lambda: (status, body)
    told = run("web1", "--format", "json")
    assert (told.status, json.loads(told.out)[0]["verdict"]) == (0, "stable")
    assert told.err.startswith("nova-states: web1: not answered by the cloud: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--watch",), "--watch: name the one server"),
        (("--watch", "a", "b"), "--watch: name the one server"),
        (("--watch", "--triage", "a"), "leave one of them out"),
        (("a", "--interval", "5"), "only with --watch"),
        (("--watch", "a", "--interval", "0.1"), "at least 1 s"),
        (("--watch", "a", "--interval", "nan"), "at least 1 s"),
        (("--watch", "a", "--timeout", "-1"), "above 0"),
        (("--vm-state", "active"), "the cloud tells the states"),
        ((" ",), "an empty name"),
        (("web1", "--release", "99"), "99"),
    ],
)
def test_what_does_not_go_together_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused(run(*arguments), said)


def test_without_the_extra_it_is_said_how_to_install_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    imported: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401 - as Python has it
        if name.partition(".")[0] == "openstack":
            raise ModuleNotFoundError(name=name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    refused(run("web1"), "not installed: `pip install 'nova-states[cloud]'`", "pipx inject nova-states openstacksdk")

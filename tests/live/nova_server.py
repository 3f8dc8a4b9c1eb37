"""A Nova on 127.0.0.1, all of it in this process: API, conductor, scheduler, nova-computes, Placement.

Run by a Python that has the wheels of requirements-<release>.txt; it prints {"port": …} when it answers, and ends when
its standard input does. Nova starts its services the way its own functional tests do, on SQLite and a message bus in
memory. Of this project's making are the virt driver, which is Nova's fake with switches, and what the client asks of
others before it comes to Nova: a token, a catalog, the names of images.

    /v2.1/…          Nova's own API; the token is the user's name, "admin" or "member"; any other is an admin's
    /identity /image what answers for Keystone and Glance
    POST /control    {"do": …, …}: one of the methods of `Controls`
"""

import os
import threading


def _end_with_whoever_started_this() -> None:
    os.read(0, 1)
    os._exit(0)


# First of all, while threads are threads: importing the next decides between eventlet and native ones.
threading.Thread(target=_end_with_whoever_started_this, daemon=True).start()

import nova.tests.functional  # noqa: E402

# isort: split
import datetime as dt  # noqa: E402
import functools  # noqa: E402
import json  # noqa: E402
import signal  # noqa: E402
import socketserver  # noqa: E402
import sys  # noqa: E402
import traceback  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402
from wsgiref import simple_server  # noqa: E402

import nova.conf  # noqa: E402
import nova_writes  # noqa: E402
import oslo_messaging  # noqa: E402
import sqlalchemy  # noqa: E402
from nova import context, exception  # noqa: E402
from nova.compute import power_state  # noqa: E402
from nova.db.main import api as database  # noqa: E402
from nova.db.main import models  # noqa: E402
from nova.tests.functional import integrated_helpers  # noqa: E402
from nova.virt import fake  # noqa: E402
from oslo_messaging.rpc import client as rpc_client  # noqa: E402

HOSTS = ("host1", "host2")
PROJECT = "5f3e9a0c1d7b4e62a8c4b1f09d6e7a35"
ROLES = {"admin": "admin,member,reader", "member": "member,reader"}
MOVES = {
    "pause": power_state.PAUSED,
    "unpause": power_state.RUNNING,
    "suspend": power_state.SHUTDOWN,
    "resume": power_state.RUNNING,
    "rescue": power_state.RUNNING,
}
"""Calls after which a hypervisor has the guest in another state, and Nova's fake does not."""

faults: dict[str, str] = {}
"""Method of the driver → the message that it fails with."""
hangs: dict[str, threading.Event] = {}
"""Method of the driver → what it waits for."""


def switched(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of the driver that can be made to hang or to fail."""

    @functools.wraps(method)
    def call(driver: Any, *args: Any, **kwargs: Any) -> Any:
        if name in hangs:
            hangs[name].wait()
        if name in faults:
            raise exception.NovaException(faults[name])
        answer = method(driver, *args, **kwargs)
        if name in MOVES:
            (uuid,) = {arg.uuid for arg in (*args, *kwargs.values()) if hasattr(arg, "vm_state")}
            driver.instances[uuid].state = MOVES[name]
        return answer

    return call


fake.SwitchedDriver = type(  # Nova looks for drivers in nova.virt, by name
    "SwitchedDriver",
    (fake.FakeDriver,),
    {
        name: switched(name, method)
        for name, method in ((name, getattr(fake.FakeDriver, name)) for name in dir(fake.FakeDriver))
        if callable(method) and not name.startswith("_")
    },
)


class Cloud(integrated_helpers.ProviderUsageBaseTestCase):  # type: ignore[misc]  # it has no types
    """The services; Nova's own test case starts them."""

    compute_driver = "fake.SwitchedDriver"

    def runTest(self) -> None:  # noqa: N802
        """Nothing: only what is set up is wanted."""

    def setUp(self) -> None:
        # Where a wheel puts it; the fixture looks beside the code.
        self.flags(api_paste_config=os.path.join(sys.prefix, "etc/nova/api-paste.ini"), group="wsgi")  # noqa: PTH118
        self.flags(instances=-1, cores=-1, ram=-1, group="quota")
        super().setUp()
        # The test case makes errors of what newer libraries deprecate.
        warnings.simplefilter("ignore")
        for host in HOSTS:
            self._start_compute(host)


class Controls:
    """What the tests ask for beside Nova's API, by name."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.calls = {name: getattr(rpc_client._BaseCallContext, name) for name in ("call", "cast")}  # noqa: SLF001

    def fault(self, method: str, message: str) -> None:
        """Let a method of the driver fail from now on."""
        getattr(fake.FakeDriver, method)
        faults[method] = message

    def hang(self, method: str) -> None:
        """Let a method of the driver hang from now on."""
        getattr(fake.FakeDriver, method)
        hangs[method] = threading.Event()

    def mend(self) -> None:
        """Let the driver work again; what hangs goes on, computes that were stopped are started."""
        faults.clear()
        while hangs:
            hangs.popitem()[1].set()

    def stop(self, host: str) -> None:
        """Stop a nova-compute; what is asked of it waits."""
        self.cloud.computes[host].stop()

    def start(self, host: str) -> None:
        """Start it again, with the guests it has: `init_host` runs."""
        self.cloud.computes[host] = self.cloud.restart_compute_service(self.cloud.computes[host])

    def option(self, name: str, value: object) -> None:
        """Set an option of [DEFAULT]; null: as it was."""
        if value is None:
            nova.conf.CONF.clear_override(name)
        else:
            nova.conf.CONF.set_override(name, value)

    def periodic(self, task: str) -> None:
        """Run a periodic task once, on each nova-compute."""
        for host, compute in self.cloud.computes.items():
            cell = self.cloud.host_mappings[host].cell_mapping
            with context.target_cell(context.get_admin_context(), cell) as targeted:
                getattr(compute.manager, task)(targeted)

    def power(self, uuid: str, state: str) -> None:
        """Change a guest's power state behind Nova's back."""
        for compute in self.cloud.computes.values():
            if uuid in compute.driver.instances:
                compute.driver.instances[uuid].state = getattr(power_state, state)

    def rows(self, table: str, where: dict[str, object]) -> list[dict[str, object]]:
        """Rows of a table, of all cells, deleted ones as well."""
        found = models.BASE.metadata.tables[table]
        tests = [found.c[name] == value for name, value in where.items()]
        with_all = sqlalchemy.select(found).where(*tests).order_by(found.c.id)
        rows = [dict(row) for engine in self._engines() for row in self._read(engine, with_all)]
        told: list[dict[str, object]] = json.loads(json.dumps(rows, default=str))
        return told

    def write(self, table: str, where: dict[str, object], values: dict[str, object]) -> int:
        """Write values into rows of a table; says how many."""
        found = models.BASE.metadata.tables[table]
        typed = {
            name: dt.datetime.fromisoformat(value)
            if isinstance(value, str) and isinstance(found.c[name].type, sqlalchemy.DateTime)
            else value
            for name, value in values.items()
        }
        tests = [found.c[name] == value for name, value in where.items()]
        count = 0
        for engine in self._engines():
            with engine.begin() as connection:
                count += connection.execute(sqlalchemy.update(found).where(*tests).values(typed)).rowcount
        return count

    def doors(self, *, are_open: bool) -> None:
        """Shut: what the API asks of another service is lost, so that a request changes nothing behind the API."""

        def lose(*_args: Any, **_kwargs: Any) -> None:
            raise oslo_messaging.MessagingTimeout("the doors are shut")

        shut = {"cast": lambda *_args, **_kwargs: None, "call": lose}
        for name, opened in self.calls.items():
            setattr(rpc_client._BaseCallContext, name, opened if are_open else shut[name])  # noqa: SLF001

    def _engines(self) -> Iterator[Any]:
        for cell in self.cloud.cell_mappings.values():
            with context.target_cell(context.get_admin_context(), cell) as targeted:
                yield database.get_engine(context=targeted)

    @staticmethod
    def _read(engine: Any, query: Any) -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(query).mappings())


class Front:
    """The WSGI application: Nova, the controls, and stand-ins for Keystone and Glance."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.controls = Controls(cloud)
        self.watch = nova_writes.Watch(cloud, self.controls.write)
        self.nova = cloud.api_fixture.app()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        service, *rest = environ["PATH_INFO"].strip("/").split("/")
        if service not in {"control", "identity", "image"}:
            user = environ.get("HTTP_X_AUTH_TOKEN")
            user = user if user in ROLES else "admin"
            environ |= {"HTTP_X_AUTH_USER": user, "HTTP_X_AUTH_PROJECT_ID": PROJECT, "HTTP_X_ROLES": ROLES[user]}
            return self.nova(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = [("Content-Type", "application/json")]
        base = f"http://{environ['HTTP_HOST']}"
        if service == "control":
            wanted = json.loads(sent)
            do = wanted.pop("do")
            answer = getattr(self.controls if hasattr(Controls, do) else self.watch, do)(**wanted)
        elif rest[-2:] == ["auth", "tokens"]:
            user = json.loads(sent)["auth"]["identity"]["password"]["user"]["name"]
            headers.append(("X-Subject-Token", user))
            answer = token_of(user, base)
        elif rest[:2] == ["v2", "images"]:
            answer = self.images(rest[2:])
        else:
            answer = versions_of(service, base)
        start_response("404 Not Found" if answer == {} else "200 OK", headers)
        return [json.dumps(answer).encode()]

    def images(self, wanted: list[str]) -> object:
        """Images of Nova's stand-in for Glance."""
        images = [
            {"id": uuid, "name": one["name"], "status": "active"} for uuid, one in self.cloud.glance.images.items()
        ]
        return next((one for one in images if one["id"] in wanted), {}) if wanted else {"images": images}


def versions_of(service: str, base: str) -> object:
    """What is found at the address of a service."""
    version = {"identity": "v3", "image": "v2"}[service]
    link = {"rel": "self", "href": f"{base}/{service}/{version}/"}
    return {"versions": [{"id": f"{version}.0", "status": "CURRENT", "links": [link]}]}


def token_of(user: str, base: str) -> object:
    """What a user who gave any password is told: who he is, and where the services are."""
    domain = {"id": "default", "name": "Default"}
    catalog = [
        {"id": kind, "type": kind, "name": kind, "endpoints": [{"id": kind, "interface": "public", "url": base + path}]}
        for kind, path in (("compute", "/v2.1"), ("identity", "/identity"), ("image", "/image"))
    ]
    return {
        "token": {
            "methods": ["password"],
            "issued_at": "2020-01-01T00:00:00.000000Z",
            "expires_at": "2099-01-01T00:00:00.000000Z",
            "user": {"id": user, "name": user, "domain": domain},
            "project": {"id": PROJECT, "name": "demo", "domain": domain},
            "roles": [{"id": role, "name": role} for role in ROLES[user].split(",")],
            "catalog": catalog,
        }
    }


class Server(socketserver.ThreadingMixIn, simple_server.WSGIServer):
    """A thread a request: one that hangs holds up nobody."""

    daemon_threads = True

    def server_bind(self) -> None:
        # What the standard library adds here is to look up the name of the address.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]
        self.setup_environ()


class Handler(simple_server.WSGIRequestHandler):
    """Says nothing of requests, and asks no name server who makes them."""

    def log_message(self, *_args: object) -> None:
        pass

    def address_string(self) -> str:
        return str(self.client_address[0])


def main() -> None:
    """Start, say where, serve."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # nothing is kept: there is nothing to tidy up
    cloud = Cloud()
    try:
        cloud.setUp()
        front = Front(cloud)
        server = simple_server.make_server("127.0.0.1", 0, front, Server, Handler)
    except BaseException:  # noqa: BLE001
        os.write(2, traceback.format_exc().encode())  # the test case keeps sys.stderr to itself
        os._exit(1)
    os.write(1, json.dumps({"port": server.server_port}).encode() + b"\n")
    server.serve_forever()


if __name__ == "__main__":
    main()

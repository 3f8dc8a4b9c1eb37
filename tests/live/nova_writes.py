"""Notes what a running Nova writes into its servers' rows, and lets what it rests on fail; part of nova_server.py.

A write is noted where `nova.db.main.api` makes it: the states before and after, the functions of Nova that led there,
and the exceptions that are being handled. What can be made to fail are the borders of Nova: the virt driver, and the
clients of the other services and of its own message bus.
"""

import ast
import builtins
import contextlib
import functools
import importlib
import sys
import time
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType
from typing import Any

import nova_bustle
import nova_lines
from nova import context, exception, objects
from nova.compute import power_state
from nova.db.main import api as database
from nova.virt import event

BORDERS = {
    "network": "nova.network.neutron.API",
    "volume": "nova.volume.cinder.API",
    "share": "nova.share.manila.API",
    "placement": "nova.scheduler.client.report.SchedulerReportClient",
    "scheduler": "nova.scheduler.client.query.SchedulerQueryClient",
    "resources": "nova.compute.resource_tracker.ResourceTracker",
    "compute": "nova.compute.rpcapi.ComputeAPI",
    "conductor": "nova.conductor.rpcapi.ComputeTaskAPI",
}
"""Name of a border → the class that Nova asks there."""
NOT_NOVAS_OWN = ("nova/tests/", "nova/db/", "nova/objects/")

IDLE_LOOKS = 3
LOOK_SECONDS = 0.01

CONSTANTS = ("CONF", "power_state", "task_states", "vm_states")
writes: list[dict[str, Any]] = []
calls: list[str] = []
"""What was called at the borders, in order, each once."""
raised: list[list[str]] = []
"""The exceptions that came from the borders, by their classes."""
tests: dict[str, tuple[set[str], CodeType]] = {}
"""Tests of Nova's code, as the facts spell them → what tells whether they hold."""
given: dict[str, Any] = {}
"""Variables that tests are told by, wherever a write is made."""
troubles: dict[str, dict[str, Any]] = {}
"""What is called → what happens then."""


bustle = nova_bustle.Bustle()
lines = nova_lines.Lines()


def note_writes() -> None:
    """Have every write of states noted from now on."""
    update, create, destroy = (
        getattr(database, name) for name in ("instance_update_and_get_original", "instance_create", "instance_destroy")
    )

    @functools.wraps(update)
    def noted_update(context: Any, uuid: str, values: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        old, new = update(context, uuid, values, *args, **kwargs)
        _note(uuid, _states(old), _states(new))
        return old, new

    @functools.wraps(create)
    def noted_create(context: Any, values: dict[str, Any]) -> Any:
        new = create(context, values)
        _note(new["uuid"], None, _states(new))
        return new

    @functools.wraps(destroy)
    def noted_destroy(context: Any, uuid: str, *args: Any, **kwargs: Any) -> Any:
        old = destroy(context, uuid, *args, **kwargs)
        states = _states(old)
        _note(uuid, states, ["deleted", states[1]])
        return old

    database.instance_update_and_get_original = noted_update
    database.instance_create = noted_create
    database.instance_destroy = noted_destroy


def _states(row: Any) -> list[Any]:
    return [row["vm_state"], row["task_state"]]


def _note(uuid: str, before: list[Any] | None, after: list[Any]) -> None:
    if before != after:
        frames = list(_frames(sys._getframe(2)))  # noqa: SLF001
        way = [[file, frame.f_lineno, _name(frame)] for file, frame in frames]
        errors = [*raised, *(_classes(error) for error in _chain(sys.exc_info()[1]))]
        held = _held([frame for _, frame in frames])
        writes.append({"uuid": uuid, "before": before, "after": after, "way": way, "errors": errors, "held": held})


def _frames(frame: FrameType | None) -> Iterator[tuple[str, FrameType]]:
    """Nova's functions on the way to a write, the innermost first, with their files."""
    while frame:
        _, found, below = frame.f_code.co_filename.rpartition("/site-packages/nova/")
        file = f"nova/{below}"
        if found and not file.startswith(NOT_NOVAS_OWN):
            yield file, frame
        frame = frame.f_back


def _name(frame: FrameType) -> str:
    return frame.f_code.co_qualname.replace(".<locals>", "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _classes(error: BaseException) -> list[str]:
    return sorted(one.__name__ for one in type(error).__mro__ if one is not object)


def _held(frames: list[FrameType]) -> dict[str, bool]:
    """Which tests hold at a write, by the variables of the functions on the way to it; those that can be told."""
    held: dict[str, set[bool]] = {}
    scopes = [(frame.f_globals, frame.f_locals) for frame in frames]
    for names_of_all, variables in [*scopes, ({"power_state": power_state}, given)]:
        for text, (names, code) in tests.items():
            if names <= variables.keys():
                with contextlib.suppress(Exception):
                    held.setdefault(text, set()).add(bool(eval(code, names_of_all, variables)))  # noqa: S307
    return {text: values.pop() for text, values in held.items() if len(values) == 1}


def told_by_variables(text: str) -> tuple[set[str], CodeType] | None:
    """A test that only compares variables with constants and options: the variables, and what tells whether it holds.

    What an object holds may have changed between a test and the write, what a variable holds hardly.
    """
    parsed = nova_lines.as_plain_test(text)
    if parsed is None:
        return None
    names: set[str] = set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id in CONSTANTS):
            return None
        if isinstance(node, ast.Name) and node.id not in CONSTANTS:
            names.add(node.id)
    return (names, compile(parsed, "test", "eval")) if names else None


def watch_borders(driver: type, image: type) -> None:
    """Let whatever Nova calls at its borders be noted, and fail where that is wanted."""
    for name, place in BORDERS.items():
        module, _, border = place.rpartition(".")
        _watch(name, getattr(importlib.import_module(module), border))
    _watch("driver", driver)
    _watch("image", image)
    bustle.count()


def _watch(border: str, asked: type) -> None:
    for name in dir(asked):
        method = getattr(asked, name)
        # Not what is bound to a class: nothing of that changes anything.
        is_bound = isinstance(_in_class(asked, name), (classmethod, staticmethod, property))
        if name.startswith("_") or is_bound or isinstance(method, type) or not callable(method):
            continue
        troubled = _troubled(f"{border}.{name}", method)
        # What stands in for a method in Nova's fixtures may be no function, and is then handed no `self`.
        setattr(asked, name, troubled if isinstance(method, FunctionType) else staticmethod(troubled))


def _in_class(asked: type, name: str) -> object:
    return next((vars(one)[name] for one in asked.__mro__ if name in vars(one)), None)


def _troubled(call: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def troubled(*args: Any, **kwargs: Any) -> Any:
        if call not in calls:
            calls.append(call)
        trouble = troubles.get(call)
        if trouble and trouble.get("writes"):
            trouble["writes"]()
        try:
            if trouble:
                for task, expected in trouble["steps"]:
                    # What libvirt's driver does while it makes a snapshot, and the fake one does not.
                    args[-1](task_state=task, expected_state=expected)
                fail_with(trouble["raises"])
                if trouble["steps"]:
                    return None
            return method(*args, **kwargs)
        except Exception as error:
            raised.append(_classes(error))
            raise

    return troubled


def fail_with(name: str | None) -> None:
    """Raise an exception of Nova, or of Python, by its name; None: none."""
    if name is None:
        return
    kind = getattr(exception, name, None) or getattr(builtins, name)
    if name == "InstanceFaultRollback":
        raise kind(exception.NovaException("made to fail"))
    raise kind("made to fail")


class Watch:
    """What the harness asks for, by name, beside `Controls` of nova_server.py."""

    def __init__(self, cloud: Any, write: Callable[..., int]) -> None:
        self.cloud = cloud
        self.write = write

    def note(self, texts: list[str]) -> None:
        """Note from now on what is written, what is called at the borders, and whether some tests hold."""
        if tests:
            return  # somebody had it noted before
        tests.update((text, told) for text in texts if (told := told_by_variables(text)))
        note_writes()
        watch_borders(type(next(iter(self.cloud.computes.values())).driver), type(self.cloud.glance))

    def watch_lines(self, functions: list[str], texts: list[str]) -> None:
        """Note from now on which lines of some functions `react` comes by, and which tests hold there.

        Args:
            functions: Each as its file, a blank and its qualified name.
            texts: Tests of Nova's code, as the facts spell them.
        """
        lines.watch(functions, texts)

    def begin(self, sure: dict[str, str | bool]) -> None:
        """Forget what was noted.

        Args:
            sure: Variables of Nova's code that are sure to have had a value: a boolean, or a power state by its name.
        """
        given.clear()
        given.update(
            (name, getattr(power_state, value) if isinstance(value, str) else value) for name, value in sure.items()
        )
        writes.clear()
        calls.clear()
        raised.clear()
        lines.forget()
        bustle.under_way = 0

    def trouble(
        self, call: str, raises: str | None, uuid: str | None, values: dict[str, Any] | None, steps: list[list[str]]
    ) -> None:
        """Let a call at the borders write into a server's row, or fail, or both, from now on.

        Args:
            call: The border and its method.
            raises: The exception.
            uuid: The server.
            values: What is written into its row first.
            steps: Of a snapshot, in place of what the driver does: tasks that it says it has come to, each with the one
                before.
        """
        write = functools.partial(self.write, "instances", {"uuid": uuid}, values) if values else None
        troubles[call] = {"raises": raises, "writes": write, "steps": steps}

    def calm(self) -> None:
        """Take back all trouble."""
        troubles.clear()

    def noted(self, seconds: float) -> dict[str, Any]:
        """What was noted, once nothing is under way any more; or after some seconds."""
        end = time.monotonic() + seconds
        idle = 0
        while idle < IDLE_LOOKS and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
            idle = idle + 1 if bustle.under_way <= 0 else 0
        return {
            "writes": list(writes),
            "calls": list(calls),
            "raised": list(raised),
            "lines": sorted(lines.seen),
            "held": lines.values,
            "is_done": idle >= IDLE_LOOKS,
        }

    def react(self, how: str, uuid: str) -> str | None:
        """Let the server's nova-compute do what it does by itself; says what that raised."""
        for host, compute in self.cloud.computes.items():
            cell = self.cloud.host_mappings[host].cell_mapping
            with context.target_cell(context.get_admin_context(read_deleted="yes"), cell) as targeted:
                instance = objects.Instance.get_by_uuid(
                    targeted, uuid, expected_attrs=["info_cache", "metadata", "numa_topology"]
                )
                if instance.host == host:
                    try:
                        with lines.noting():
                            self._react(how, compute.manager, targeted, instance)
                    except Exception as error:  # noqa: BLE001 - a service would log it and go on
                        return repr(error)
        return None

    @staticmethod
    def _react(how: str, manager: Any, targeted: Any, instance: Any) -> None:
        kind, _, which = how.partition(":")
        if kind == "startup":
            manager._init_instance(targeted, instance)  # noqa: SLF001
        elif kind == "power_sync":
            manager._query_driver_power_state_and_sync(targeted, instance)  # noqa: SLF001
        elif kind == "lifecycle":
            name = f"EVENT_LIFECYCLE_{which.upper().replace('-', '_')}"
            manager.handle_events(event.LifecycleEvent(instance.uuid, getattr(event, name)))
        else:
            getattr(manager, f"_{which}")(targeted)

    def has_guest(self, uuid: str) -> bool:
        """Whether a driver has a guest for the server."""
        return any(uuid in compute.driver.instances for compute in self.cloud.computes.values())

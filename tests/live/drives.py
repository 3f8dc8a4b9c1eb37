"""What there is to drive in a release: every action from every state that its guards allow, and what services do by
themselves in every state; then each again with trouble in all that Nova called meanwhile."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.catalog.permissions import decide
from nova_states.facts.condition import Raises, literals
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Transition
from tests.live.driving import OTHER_IMAGE, Drive, Trouble
from tests.live.guards import REQUESTS, release_facts

_LONG_AGO: Final = "2020-01-01T00:00:00"
_HUGE: Final = {"flavorRef": "huge"}
_VOLUME: Final = "6ca404f3-d844-4169-bb96-bc792f37de98"
_BOOTED: Final = {"source_type": "image", "destination_type": "volume", "boot_index": 0, "volume_size": 1}
_BODIES: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "create": [
        {},
        _HUGE,
        {"networks": "none"},
        {"min_count": 2, "max_count": 2},
        {"imageRef": "", "block_device_mapping_v2": [_BOOTED | {"uuid": OTHER_IMAGE}]},
    ],
    "event:power-update": [{"tag": "POWER_OFF"}, {"tag": "POWER_ON"}],
    "evacuate": [{"evacuate": {}}, {"evacuate": {"host": "compute"}}, {"evacuate": {"host": "host1"}}],
    "live_migrate": [{"os-migrateLive": {"host": host, "block_migration": "auto"}} for host in (None, "host2")],
    "rebuild": [{"rebuild": {"imageRef": image}} for image in ("155d900f-4e14-4e4c-a73d-069cbf4541e6", OTHER_IMAGE)],
    "reset_state": [{"os-resetState": {"state": state}} for state in ("active", "error")],
    "resize": [{"resize": {"flavorRef": "2"}}, {"migrate": None}, {"resize": _HUGE}],
    "unshelve": [{"unshelve": None}, {"unshelve": {"host": "host2"}}],
}
"""Action → the requests for it, where the ordinary one does not tell all."""
_LIFECYCLE: Final = {
    "lifecycle:stopped": "SHUTDOWN",
    "lifecycle:started": "RUNNING",
    "lifecycle:paused": "PAUSED",
    "lifecycle:postcopy-started": "PAUSED",
    "lifecycle:migration-completed": "PAUSED",
    "lifecycle:resumed": "RUNNING",
    "lifecycle:suspended": "SUSPENDED",
}
_PERIODIC: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    "periodic:poll_rescued_instances": ("rescued", {"launched_at": _LONG_AGO}),
    "periodic:poll_shelved_instances": ("shelved", {"updated_at": _LONG_AGO}),
    "periodic:poll_unconfirmed_resizes": ("resized", {}),
    "periodic:reclaim_queued_deletes": ("soft-delete", {"deleted_at": _LONG_AGO}),
    "periodic:check_instance_build_time": ("building", {"created_at": _LONG_AGO}),
}
_POWERS: Final = ("NOSTATE", "RUNNING", "PAUSED", "SHUTDOWN", "CRASHED", "SUSPENDED")
_DELETES: Final = ("delete", "force_delete", "soft_delete")
_DELETED_FROM: Final = ("deleting", "soft-deleting", "spawning", "resize_migrating", "powering-off")
ANY: Final = "NovaException"
"""Stands for any exception."""
_QUIET: Final = (
    "get",
    "list",
    "show",
    "is_",
    "has_",
    "supports",
    "capabilities",
    "update_from",
    "set_",
    "prepare_for_alt",
    "node_is",
)
"""Beginnings of calls whose failing tells little: they are made everywhere."""
_WORK: Final = frozenset(
    {
        *("driver.spawn", "driver.destroy", "driver.power_off", "driver.power_on", "driver.reboot", "driver.snapshot"),
        *("driver.migrate_disk_and_power_off", "driver.finish_migration", "driver.finish_revert_migration"),
        *("driver.confirm_migration", "driver.plug_vifs", "driver.resume_state_on_host_boot", "driver.live_migration"),
        *("driver.rebuild", "driver.cleanup", "driver.pre_live_migration", "driver.set_admin_password"),
        *("network.allocate_for_instance", "network.deallocate_for_instance", "resources.instance_claim"),
        *("resources.resize_claim", "resources.rebuild_claim", "scheduler.select_destinations", "image.show"),
    }
)
"""Calls that do what an action is for."""
_FEW: Final = 2
_TELLING: Final = frozenset({"network.get_instance_nw_info", "driver.get_info", "driver.set_admin_password"})


_UNDISTURBED: Final = ("create", "periodic:reclaim_queued_deletes")
"""Actions during which nobody deletes the server: nobody knows it yet; it is being deleted, and a second one hangs."""


def plain(release: str) -> list[Drive]:
    """All that is driven without trouble, in a fixed order."""
    return [*_asked_for(release), *_by_themselves(release)]


def troubled(release: str, drive: Drive, calls: Sequence[str], seed: int) -> Iterator[Drive]:
    """A drive once more, with trouble in the calls that Nova made: each fails once, in each of many the server is being
    deleted meanwhile, and each exception that the facts speak of comes from a few, with a delete and without."""
    telling = [call for call in calls if not call.partition(".")[2].startswith(_QUIET) or call in _TELLING]
    for call in telling:
        yield replace(drive, troubles=(Trouble(call, ANY),))
        if drive.action not in _UNDISTURBED and call.startswith(("driver.", "network.")):
            yield replace(drive, troubles=(Trouble(call, None, "deleting"),))
            yield replace(drive, troubles=(Trouble(call, ANY, "deleting"),))
    others = [call for call in telling if call not in _WORK]
    some = [call for call in telling if call in _WORK]
    some += random.Random(seed).sample(others, min(_FEW, len(others)))
    for error in raised_in(release_facts(release).facts("transitions"), drive.action):
        yield from (replace(drive, troubles=(Trouble(call, error),)) for call in some)
        late = [call for call in some if drive.action not in _UNDISTURBED and call.startswith(("driver.", "network."))]
        yield from (replace(drive, troubles=(Trouble(call, error, "deleting"),)) for call in late)


def raised_in(transitions: Sequence[Transition], action: str) -> list[str]:
    """The exceptions that conditions of an action speak of, those of Nova and of Python."""
    told = {
        name.rpartition(".")[2]
        for one in transitions
        if one.action == action
        for literal in literals(one.condition)
        if isinstance(literal, Raises)
        for name in literal.exceptions
    }
    return sorted(told - {"Exception", ANY, "BaseException"})


def drawn(drives: Sequence[Drive], share: float, seed: int) -> list[Drive]:
    """A part of some drives, in an order of its own."""
    return random.Random(seed).sample(list(drives), round(len(drives) * share))


def _asked_for(release: str) -> Iterator[Drive]:
    facts = release_facts(release)
    actions = {one.action for one in facts.facts("transitions")}
    for action in sorted(actions & (REQUESTS.keys() | _BODIES.keys() | {"live_migrate_abort"})):
        for body in _BODIES.get(action, [None]):
            for vm_state in _from(release, action):
                drive = Drive(action=action, vm_state=vm_state, body=body)
                yield drive
                if action in _DELETES:
                    yield from (replace(drive, task_state=task) for task in _DELETED_FROM)
                    yield replace(drive, row=(("host", None), ("node", None)))
                    yield replace(drive, is_host_down=True)
                    yield replace(drive, row=(("disable_terminate", True),))
                if action in ("confirm_resize", "revert_resize"):
                    yield replace(drive, power="SHUTDOWN", row=(("power_state", 4),))
    for action in ("shelve",):
        yield from (
            Drive(action=action, vm_state=state, options=(("shelved_offload_time", -1),))
            for state in _from(release, action)
        )
    for action, first in (("snapshot", "image_snapshot"), ("backup", "image_backup"), ("shelve", "shelving")):
        steps = (("image_pending_upload", first), ("image_uploading", "image_pending_upload"))
        for raises in (None, ANY, "ImageNotFound"):
            for said in (steps[:1], steps):
                yield Drive(action=action, troubles=(Trouble("driver.snapshot", raises, None, said),))
    yield from (Drive(action="set_admin_password", power=power) for power in ("SHUTDOWN", "PAUSED"))


def _from(release: str, action: str) -> list[str]:
    if action in ("create", "live_migrate_abort"):
        return ["active"]
    facts = release_facts(release)
    if action not in facts.guards:
        return sorted(facts.vm_states)
    states = (ServerStates(vm_state=state, task_state=None, launched=True) for state in sorted(facts.vm_states))
    return [str(one.vm_state) for one in states if decide(facts, action, one) is None]


def _by_themselves(release: str) -> Iterator[Drive]:
    facts = release_facts(release)
    for vm_state in sorted(facts.vm_states):
        for task_state in (None, *sorted(facts.task_states)):
            yield Drive(action="startup", vm_state=vm_state, task_state=task_state)
            if task_state and task_state.startswith(("reboot", "pausing", "unpausing")):
                powers = ("PAUSED", "SHUTDOWN")
                yield from (
                    Drive(action="startup", vm_state=vm_state, task_state=task_state, power=power) for power in powers
                )
        yield Drive(action="startup", vm_state=vm_state, options=(("resume_guests_state_on_host_boot", True),))
        for power in _POWERS:
            yield Drive(action="power_sync", vm_state=vm_state, power=power)
        yield Drive(action="power_sync", vm_state=vm_state, power="SHUTDOWN", row=(("shutdown_terminate", True),))
        for name, power in _LIFECYCLE.items():
            yield Drive(action=name, vm_state=vm_state, power=power)
        terminated = (("shutdown_terminate", True),)
        yield Drive(action="lifecycle:stopped", vm_state=vm_state, power="SHUTDOWN", row=terminated)
    for name, (vm_state, values) in _PERIODIC.items():
        yield Drive(action=name, vm_state=vm_state, row=tuple(values.items()))
    stopped = (("power_state", 4),)
    yield Drive(action="periodic:poll_unconfirmed_resizes", vm_state="resized", row=stopped, power="SHUTDOWN")

"""The filters of `openstack server list` for `openstack server explain`: what Nova's list of servers can be asked for.

A name of a project, user, flavor or image is looked up as the client does it; all else goes to the API as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any, Final

from nova_states.cloud.wording import shown
from nova_states.errors import InputError

_PLAIN: Final = {
    "name": ("name", "regular expression to match names"),
    "ip": ("ip", "regular expression to match IPv4 addresses"),
    "ip6": ("ip6", "regular expression to match IPv6 addresses"),
    "instance-name": ("instance_name", "regular expression to match names on the hypervisor (administrators)"),
    "reservation-id": ("reservation_id", "servers of one request to create them"),
    "status": ("status", "status, such as ERROR"),
    "host": ("host", "name of the host (administrators)"),
    "availability-zone": ("availability_zone", "availability zone"),
    "key-name": ("key_name", "key pair"),
    "vm-state": ("vm_state", "vm_state, such as stopped"),
    "task-state": ("task_state", "task_state, such as deleting"),
    "power-state": ("power_state", "number of a power_state, such as 4"),
    "changes-since": ("changes-since", "changed after this time, such as 2026-11-26T10:00:00Z"),
    "changes-before": ("changes-before", "changed before this time"),
    "tags": ("tags", "with all of these tags, parted by commas"),
    "not-tags": ("not-tags", "without all of these tags, parted by commas"),
}
"""Option → the API's name and a line of help."""
_FLAGS: Final = {
    "deleted": ("deleted", True, "only deleted servers (administrators)"),
    "locked": ("locked", True, "only locked servers"),
    "unlocked": ("locked", False, "only servers that are not locked"),
}
_LOOKED_UP: Final = {
    "project": ("project_id", "project (name or ID; administrators)"),
    "user": ("user_id", "user (name or ID)"),
    "flavor": ("flavor", "flavor (name or ID)"),
    "image": ("image", "image (name or ID)"),
}


def add_filters(parser: argparse._ArgumentGroup) -> None:
    """Describe the filters."""
    for option, (_, text) in {**_PLAIN, **_LOOKED_UP}.items():
        parser.add_argument(f"--{option}", metavar=f"<{option}>", dest=_name(option), help=text)
    for option, (_, _, text) in _FLAGS.items():
        parser.add_argument(f"--{option}", action="store_true", dest=_name(option), help=text)


def filters_of(options: argparse.Namespace, client: Any) -> Mapping[str, str | int | None]:  # noqa: ANN401 - osc_lib's
    """What the API is to be asked for: its names, and values.

    Raises:
        InputError: a project, user, flavor or image is not found.
    """
    found: dict[str, str | int | None] = {}
    for option, (name, _) in _PLAIN.items():
        if (value := getattr(options, _name(option))) is not None:
            found[name] = value
    for option, (name, value, _) in _FLAGS.items():
        if getattr(options, _name(option)):
            found[name] = str(value)
    for option, (name, _) in _LOOKED_UP.items():
        if (value := getattr(options, _name(option))) is not None:
            found[name] = _look_up(option, value, client)
    return found


def _look_up(kind: str, value: str, client: Any) -> str:  # noqa: ANN401 - as above
    connection = client.sdk_connection
    finders: Mapping[str, Callable[[], Any]] = {
        "project": lambda: connection.identity.find_project(value, ignore_missing=False),
        "user": lambda: connection.identity.find_user(value, ignore_missing=False),
        "flavor": lambda: connection.compute.find_flavor(value, ignore_missing=False),
        "image": lambda: connection.image.find_image(value, ignore_missing=False),
    }
    try:
        return str(finders[kind]().id)
    except Exception as error:  # noqa: BLE001 - whatever the SDK raises; its text may quote what was sent
        kind_of = type(error).__name__
        if kind_of == "ForbiddenException" and kind in ("project", "user"):
            # Who may not ask Keystone for names may still know an id.
            return value
        raise InputError(f"--{kind} {shown(value, 60)}: not found, or several have this name ({kind_of})") from None


def _name(option: str) -> str:
    return f"filter_{option.replace('-', '_')}"

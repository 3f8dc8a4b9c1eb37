"""The filters of `openstack server explain` reach the API by its own names."""

from __future__ import annotations

import argparse
from types import SimpleNamespace
from typing import Any

import pytest

from nova_states.cli.client_filters import add_filters, filters_of
from nova_states.errors import InputError


class ForbiddenException(Exception):  # noqa: N818 - as the SDK calls it
    pass


def finder(*known: str, refused: bool = False) -> Any:  # noqa: ANN401 - stands for a proxy of the SDK
    def find(value: str, *, ignore_missing: bool) -> object:
        assert not ignore_missing
        if refused:
            raise ForbiddenException
        if value not in known:
            raise LookupError("password=hunter2")
        return SimpleNamespace(id=f"id-of-{value}")

    return SimpleNamespace(find_project=find, find_user=find, find_flavor=find, find_image=find)


def asked(*arguments: str, refused: bool = False) -> dict[str, object]:
    parser = argparse.ArgumentParser()
    add_filters(parser.add_argument_group())
    services = {name: finder("demo", "m1.tiny", refused=refused) for name in ("identity", "compute", "image")}
    client = SimpleNamespace(sdk_connection=SimpleNamespace(**services))
    return dict(filters_of(parser.parse_args(arguments), client))


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ((), {}),
        (("--status", "ERROR", "--host", "c7"), {"status": "ERROR", "host": "c7"}),
        (("--vm-state", "stopped", "--key-name", "k"), {"vm_state": "stopped", "key_name": "k"}),
        (("--changes-since", "2026-11-26T10:00:00Z"), {"changes-since": "2026-11-26T10:00:00Z"}),
        (("--locked",), {"locked": "True"}),
        (("--unlocked", "--deleted"), {"locked": "False", "deleted": "True"}),
        (("--project", "demo", "--flavor", "m1.tiny"), {"project_id": "id-of-demo", "flavor": "id-of-m1.tiny"}),
    ],
)
def test_options_become_the_query_of_the_api(arguments: tuple[str, ...], query: dict[str, object]) -> None:
    assert asked(*arguments) == query


def test_who_may_not_look_up_names_may_give_an_id() -> None:
    assert asked("--project", "5f3e", refused=True) == {"project_id": "5f3e"}


@pytest.mark.parametrize("option", ["--flavor", "--image", "--user"])
def test_a_name_that_is_not_found_is_said_without_what_the_sdk_says(option: str) -> None:
    with pytest.raises(InputError, match=f"{option} nope: not found, or several have this name") as raised:
        asked(option, "nope")
    assert "hunter2" not in str(raised.value)

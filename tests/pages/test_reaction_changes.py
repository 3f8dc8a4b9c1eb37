"""What a release does by itself that another does not: effects with their states or causes, and no more than that."""

from __future__ import annotations

from nova_states.facts.condition import any_of
from nova_states.facts.model import Reaction
from nova_states.pages.reaction_changes import reaction_changes
from tests.conditions import code
from tests.pages.synthetic import catalog, reaction, writer

LIVE = ("active", "stopped")
MARKED, KEPT = code("instance.shutdown_terminate"), code("not instance.shutdown_terminate")
OFF = code("vm_power_state in (power_state.SHUTDOWN, power_state.CRASHED)")


def changes(before: tuple[Reaction, ...], after: tuple[Reaction, ...], language: str = "en") -> list[str]:
    of = catalog(v13_0_0={"power_sync": before}, v14_0_0={"power_sync": after})
    return list(reaction_changes(writer(of, language), "power_sync", of.release("13.0.0"), of.release("14.0.0")))


def test_another_effect_is_told_with_its_states() -> None:
    before = (reaction("none", (*LIVE, "error"), (None,)),)
    after = (
        reaction("none", ("error",), (None,)),
        reaction("none", LIVE, (None,), ("RUNNING", "NOSTATE")),
        reaction("stop", LIVE, (None,), ("SHUTDOWN",)),
    )
    assert changes(before, after) == [
        "vm_state `active` `stopped`, task_state no task, power_state `SHUTDOWN`: nothing → stop"
    ]
    assert changes(after, before, "ko")[0].endswith("중지 → 그대로 둠")


def test_another_cause_is_told_with_its_effect() -> None:
    usual = reaction("none", LIVE, (None,))
    stops = reaction("stop", LIVE, (None,), when=KEPT)
    assert changes((usual,), (usual, stops)) == [
        "new: if the server is not marked to be deleted once it is off (`shutdown_terminate`) → stop"
    ]
    assert changes((usual, stops), (usual,)) == []  # it may only have moved to where it is not read


def test_what_is_only_grouped_or_joined_otherwise_is_no_change() -> None:
    one = (reaction("stop", ("active",), (None,), when=MARKED), reaction("stop", ("stopped",), (None,), when=OFF))
    other = (reaction("stop", LIVE, (None,), when=any_of((OFF, MARKED))),)
    assert changes(one, other) == []

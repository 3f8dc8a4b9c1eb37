"""The way of an action through its states, on transitions put together by hand."""

from __future__ import annotations

from nova_states.catalog.transition_graph import TransitionGraph, follow
from nova_states.facts.model import Transition
from tests.pages.synthetic import transition

ASKED = transition("stop", "api", (("active",), (None,)), ("=", "powering-off"))
DONE = transition("stop", "compute", (("active",), ("powering-off",)), ("stopped", None))
UNDONE = transition("stop", "compute", (("active",), ("powering-off",)), ("=", None), fails=True)


def edges(graph: TransitionGraph) -> set[tuple[str, str]]:
    """Name of a place, and of the next."""
    names = ["/".join(f"{kind}:{name}" for kind, name in group) for group in graph.nodes]
    return {(names[tail], names[head]) for tail, head in graph.edges}


def followed(*rows: Transition) -> set[tuple[str, str]]:
    return edges(follow(rows))


WAY = {
    ("vm_state:active", "task_state:powering-off"),
    ("task_state:powering-off", "vm_state:stopped"),
}


def test_an_action_is_followed_from_where_it_is_asked_for() -> None:
    graph = follow((ASKED, DONE))
    assert edges(graph) == WAY
    assert [graph.nodes[start] for start in graph.starts] == [(("vm_state", "active"),)]


def test_the_order_of_transitions_does_not_matter() -> None:
    assert followed(DONE, ASKED) == WAY


def test_what_no_way_leads_to_is_left_out() -> None:
    begun = transition("stop", "compute", (("paused",), ("pausing",)), ("=", "unpausing"))
    ended = transition("stop", "compute", (("paused",), ("unpausing",)), ("stopped", None))
    assert followed(ASKED, DONE, begun, ended) == WAY


def test_failures_are_no_part_of_the_way() -> None:
    broken = transition("stop", "compute", (("active",), ("powering-off",)), ("error", None), fails=True)
    assert followed(ASKED, DONE, UNDONE, broken) == WAY


def test_without_a_request_every_beginning_counts() -> None:
    """What Nova does unasked begins wherever a transition begins."""
    rows = [transition("periodic:x", "compute", (("active",), ("a",)), ("=", "b")),
            transition("periodic:x", "compute", (("stopped",), ("c",)), ("=", "d"))]  # fmt: skip
    assert followed(*rows) == {
        ("task_state:a", "task_state:b"),
        ("task_state:c", "task_state:d"),
    }

"""A story as a picture: arrows are its steps and lead to them, what differs is thin, failures end in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.loading import load_explanations
from nova_states.pages.graphs import Edge, Graph
from nova_states.pages.stories import story_view
from nova_states.pages.story_graph import span
from nova_states.pages.urls import Urls, address
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering import diagrams
from nova_states.rendering.diagrams import draw
from nova_states.rendering.pages import load_words


@pytest.fixture(scope="module")
def english(queries: CatalogQueries) -> Writer:
    words = PageWords(language="en", table=load_words())
    return Writer(queries=queries, explanations=load_explanations(), words=words, urls=Urls(page=""))


def picture(writer: Writer, action: str, version: str = "34.0.0") -> Graph:
    graph = story_view(writer.on(address("action", action)), writer.catalog.release(version), action).graph
    assert graph is not None
    return graph


def boxes(graph: Graph) -> list[str]:
    return [" ".join(line.text for line in node.lines) for node in graph.nodes]


def arrows(graph: Graph, *, thin: bool = False) -> list[tuple[str, str, str]]:
    names = boxes(graph)
    return [(names[int(e.tail)], e.label, names[int(e.head)]) for e in graph.edges if e.is_thin is thin]


def edge(graph: Graph, label: str) -> Edge:
    return next(one for one in graph.edges if one.label == label)


def test_numbers_in_a_row_are_joined() -> None:
    assert [span(numbers) for numbers in ((), (3,), (2, 3), (1, 3, 4, 5, 8))] == ["", "3", "2–3", "1, 3–5, 8"]


def test_arrows_are_the_steps_and_carry_those_that_write_nothing(english: Writer) -> None:
    graph = picture(english, "resize")
    assert arrows(graph) == [
        ("active stopped", "1", "resize_prep"),
        ("resize_prep", "2–4", "resize_migrating"),
        ("resize_migrating", "5", "resize_migrated"),
        ("resize_migrated", "6", "resize_finish"),
        ("resize_finish", "7", "resized"),
    ]


def test_steps_after_the_last_write_stand_on_the_last_arrow(english: Writer) -> None:
    assert arrows(picture(english, "backup"))[-1][1] == "4–5"


def test_an_arrow_leads_to_its_first_step_and_says_all(english: Writer) -> None:
    arrow = edge(picture(english, "resize"), "2–4")
    assert arrow.href == "#step-2"
    assert [part.split(":")[0] for part in arrow.title.split("; ")] == [
        "2. nova-scheduler",
        "3. nova-compute",
        "4. nova-compute",
    ]
    assert "`" not in arrow.title


def test_a_box_names_the_vm_state_where_all_servers_have_the_same(english: Writer) -> None:
    assert boxes(picture(english, "create"))[:3] == ["(new)", "building scheduling", "building"]
    assert boxes(picture(english, "hard_reboot"))[1] == "rebooting_hard"


def test_a_way_back_ends_in_a_box_of_its_own(english: Writer) -> None:
    assert boxes(picture(english, "live_migrate")) == ["active paused", "migrating", "active paused"]


def test_ways_that_differ_are_thin_and_lead_to_their_variant(english: Writer) -> None:
    graph = picture(english, "shelve")
    assert arrows(graph, thin=True) == [
        ("shelving_image_uploading", "a", "shelved"),
        ("shelving", "b", "shelved_offloaded"),
    ]
    assert edge(graph, "b").href == "#variant-b"
    assert edge(graph, "b").title == "b. if the server is volume-backed"


def test_another_start_joins_the_way(english: Writer) -> None:
    graph = picture(english, "unshelve")
    assert arrows(graph, thin=True) == [
        ("shelved", "a", "shelved_offloaded unshelving"),
        ("shelved_offloaded unshelving", "a", "powering-on"),
        ("powering-on", "a", "active"),
    ]
    assert [node.is_subject for node in graph.nodes] == [True, False, False, False, True, False]


def test_a_variant_that_takes_an_arrow_there_is_draws_none(english: Writer) -> None:
    labels = [label for _, label, _ in arrows(picture(english, "delete"), thin=True)]
    assert labels == ["a", "a", "a", "d"]


def test_failures_end_in_one_box_beside_the_steps_at_which_they_may_come(english: Writer) -> None:
    ends = picture(english, "resize").ends
    assert ends is not None
    assert (ends.lines, ends.href, ends.edges) == (
        ("if it fails", "as before", "active", "error"),
        "#failures",
        (1, 2, 3, 4),
    )


def test_where_one_arrow_is_all_nothing_is_drawn(english: Writer) -> None:
    assert story_view(english, english.catalog.release("34.0.0"), "lock").graph is None
    assert story_view(english, english.catalog.release("34.0.0"), "reset_state").graph is None


@pytest.mark.parametrize("version", ["13.0.0", "34.0.0"])
def test_every_picture_shows_each_step_once_and_stands_alike_in_both_languages(english: Writer, version: str) -> None:
    release = english.catalog.release(version)
    korean = replace(english, words=english.words.of("ko"))
    for action in release.actions:
        view = story_view(english, release, action)
        other = story_view(korean, release, action).graph
        if view.graph is None or other is None:
            assert view.graph is other is None
            continue
        steps = [one for one in view.graph.edges if not one.is_thin]
        assert [one.label for one in steps] == [one.label for one in other.edges if not one.is_thin]
        shown = [number for one in steps for number in numbers(one.label)]
        assert shown == list(range(1, len(view.steps) + 1)), action
        drawn = draw(view.graph)
        before = diagrams.lay_out.cache_info().misses
        assert draw(other).count("<rect") == drawn.count("<rect")
        assert diagrams.lay_out.cache_info().misses == before


def numbers(label: str) -> range:
    first, _, last = label.partition("–")
    return range(int(first), int(last or first) + 1)

"""What was made of explanations is made anew where they say something else to it, and only there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from nova_states.explanations.languages import Text
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.explanations.noted_reads import MadeOfExplanations


def text(word: str) -> Text:
    return Text(ko=word, en=word)


def explained(**labels: str) -> Explanations:
    found = {
        name: Explanation(name=name, label=text(label), summary=text("s"), meaning=text("m"))
        for name, label in labels.items()
    }
    return Explanations(by_kind={"action": found})


def make(made: MadeOfExplanations, said: list[str], name: str, field: str = "label") -> str:
    def read() -> str:
        said.append(name)
        found: Text = getattr(made.explanations.of("action", name), field)
        return found["en"]

    return made.once((name, field), read)


def test_only_what_read_the_changed_field_is_made_again() -> None:
    made, said = MadeOfExplanations.of(explained(start="a", stop="b")), list[str]()
    for _ in range(2):
        assert [make(made, said, name) for name in ("start", "stop")] == ["a", "b"]
        assert make(made, said, "stop", "summary") == "s"
    assert said == ["start", "stop", "stop"]
    made.tell(explained(start="a", stop="c"))
    assert [make(made, said, "start"), make(made, said, "stop"), make(made, said, "stop", "summary")] == ["a", "c", "s"]
    assert said == ["start", "stop", "stop", "stop"]
    made.tell(explained(start="a", stop="c"))
    assert make(made, said, "stop") == "c"
    assert said == ["start", "stop", "stop", "stop"]


def test_what_is_made_of_others_rests_on_what_they_read() -> None:
    made, said = MadeOfExplanations.of(explained(start="a")), list[str]()
    make(made, said, "start")
    for label in ("a", "b"):
        made.tell(explained(start=label))
        assert made.once("outer", lambda: make(made, said, "start") + "!") == f"{label}!"


def test_every_way_to_read_names_is_noted_and_which_there_are_is_none() -> None:
    nothing = Explanation(name="", label=text(""), summary=text(""), meaning=text(""))
    ways: dict[str, Callable[[Explanations], Any]] = {
        "values": lambda found: [one.label["en"] for one in found.by_kind["action"].values()],
        "items": lambda found: [one.label["en"] for _, one in found.by_kind["action"].items()],
        "get": lambda found: found.by_kind["action"].get("start", nothing).label["en"],
        "names": lambda found: ("start" in found.by_kind["action"], *found.by_kind["action"]),
    }
    made = MadeOfExplanations.of(explained(start="a"))

    def asked() -> dict[str, Any]:
        return {way: made.once(way, partial(read, made.explanations)) for way, read in ways.items()}

    before = asked()
    made.tell(explained(start="b"))
    after = asked()
    assert [way for way in ways if before[way] != after[way]] == ["values", "items", "get"]


def test_a_reading_that_nobody_keeps_is_a_mistake() -> None:
    made = MadeOfExplanations.of(explained(start="a"))
    with pytest.raises(RuntimeError, match="action/start/label is read by what nobody keeps"):
        _ = made.explanations.of("action", "start").label


def test_what_fails_is_not_kept() -> None:
    made, said = MadeOfExplanations.of(explained(start="a")), list[str]()

    def fail() -> str:
        raise ValueError(make(made, said, "start"))

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            made.once("failing", fail)
    made.tell(explained(start="b"))
    assert make(made, said, "start") == "b"

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from nova_states.errors import InputError
from nova_states.facts.codec import canonical, from_plain, lines_of, plain_section, to_plain, with_lines, without_lines
from nova_states.facts.model import KINDS, Gap
from tests.facts.samples import FACTS, section


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_survives_json(kind: str) -> None:
    fact = FACTS[kind]
    text = canonical(to_plain(fact))
    assert from_plain(json.loads(text), KINDS[kind], "here") == fact
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("kind", KINDS)
def test_lines_are_taken_out_and_put_back(kind: str) -> None:
    fact = FACTS[kind]
    stored = without_lines(fact)
    assert set(lines_of(stored)) == {0}
    assert with_lines(stored, lines_of(fact)) == fact
    assert with_lines(fact, lines_of(stored)) == stored


def test_an_action_has_a_line_for_itself_and_for_each_endpoint() -> None:
    assert lines_of(FACTS["actions"]) == (7, 9, 9)
    with pytest.raises(ValueError, match="zip"):
        with_lines(FACTS["actions"], (7, 9))


def test_canonical_is_one_way_of_writing() -> None:
    assert canonical({"b": [1, None], "a": "가"}) == '{"a":"가","b":[1,null]}'


def changed(kind: str, /, **values: object) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(FACTS[kind])
    return plain | values


@pytest.mark.parametrize(
    ("kind", "plain", "places"),
    [
        ("states", changed("states", value=True), ["$.value"]),
        ("states", changed("states", kind="state", name=3, label=["x"]), ["$.kind", "$.name", "$.label"]),
        ("states", changed("states", operations=["create", 4]), ["$.operations[1]"]),
        ("states", changed("states", evidence={"file": "x", "line": "7", "function": None}), ["$.evidence.line"]),
        ("guards", changed("guards", must_have_launched="false"), ["$.must_have_launched"]),
        ("guards", changed("guards", mode="deny", more=1), ["$.mode", "extra fields found (more) @ $"]),
        ("options", changed("options", default=[]), ["$.default"]),
        ("startup", changed("startup", end={"vm_state": "="}), ["$.end.task_state"]),
        ("actions", changed("actions", endpoints=[{}]), ["$.endpoints[0].verb", "$.endpoints[0].evidence"]),
        ("statuses", ["no", "object"], [""]),
        ("statuses", None, [""]),
        ("statuses", {}, ["$.vm_state", "$.task_state", "$.status", "$.evidence"]),
    ],
)
def test_every_wrong_place_is_named_at_once(kind: str, plain: object, places: list[str]) -> None:
    with pytest.raises(InputError, match="^" + re.escape("rows.jsonl:3: ")) as caught:
        from_plain(plain, KINDS[kind], "rows.jsonl:3")
    assert "\n" not in str(caught.value)
    assert all(place in str(caught.value) for place in places)


@pytest.mark.parametrize("default", [None, "x", 1, 1.5, True])
def test_an_options_default_keeps_its_type(default: object) -> None:
    option: Any = from_plain(changed("options", default=default), KINDS["options"], "here")
    assert type(option.default) is type(default)


@dataclass(frozen=True)
class RunTimeValue:
    """What a reader takes for a value that only shows when Nova runs."""

    text: str = "f()"


@pytest.mark.parametrize("value", [RunTimeValue(), ..., {1}, b"x", float("nan"), ("up",), True])
def test_what_is_no_plain_value_becomes_a_gap(value: Any) -> None:  # noqa: ANN401 - the point
    constant = replace(FACTS["states"], value=value)
    found = plain_section(section(FACTS["states"], constant))
    assert found.facts == (FACTS["states"],)
    assert found.gaps[-1] == Gap(
        file="nova/compute/api.py", line=7, reason="UP: a value that only shows when Nova runs is no fact"
    )


@pytest.mark.parametrize("kind", FACTS)
def test_plain_facts_are_left_as_they_are(kind: str) -> None:
    plain = section(FACTS[kind])
    assert plain_section(plain) is plain

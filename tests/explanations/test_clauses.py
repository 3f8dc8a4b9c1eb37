"""Literals as clauses: by what people wrote, by what a wheel carries of it, and by code where nobody wrote anything."""

from __future__ import annotations

from nova_states.catalog.catalog import load_catalog
from nova_states.explanations.clauses import clauses_by, own_clauses, text_for_wheel, words_of_wheel
from nova_states.explanations.condition_words import load_condition_words
from nova_states.facts.condition import CodeTest, literals
from nova_states.locations import explanations_folder

TEST = CodeTest(text="instance.host", holds=True)


def test_a_clause_is_said_before_another_and_at_the_end() -> None:
    assert own_clauses()(TEST, "stop", False) == (  # noqa: FBT003 - a `Say`
        {"ko": ["서버에 호스트가 있고", "서버에 호스트가 있으면"], "en": ["the server has a host"] * 2},
    )


def test_a_test_of_a_fork_is_told_by_its_code() -> None:
    (clause,) = own_clauses()(CodeTest(text="instance.ours", holds=True), "stop", True)  # noqa: FBT003 - a `Say`
    assert clause["en"][-1] == "`not instance.ours` holds"
    assert clause["ko"] == ["`not instance.ours`에 해당하고", "`not instance.ours`에 해당하면"]


def test_a_wheel_says_what_the_checkout_says() -> None:
    words = load_condition_words(explanations_folder() / "conditions")
    one, other = clauses_by(words), clauses_by(words_of_wheel(text_for_wheel(words)))
    for kind in ("transitions", "startup", "power_sync"):
        for fact in load_catalog().release("34.0.0").bare(kind):
            place = getattr(fact, "action", kind)
            for literal in literals(fact.condition):
                assert one(literal, place, False) == other(literal, place, False)  # noqa: FBT003 - a `Say`

from __future__ import annotations

from nova_states.facts.ids import content_id, fact_id


def test_ids_keep_novas_spelling() -> None:
    assert fact_id("vm_state", "soft-delete") == "vm_state:soft-delete"


def test_a_content_id_is_of_the_content_alone() -> None:
    assert content_id("가") == content_id("가") == "64ee5293d31b"
    assert content_id("가") != content_id("나")

from __future__ import annotations

from nova_states.facts.ids import PAGE_KINDS, content_id, fact_id, file_name


def test_ids_keep_novas_spelling_and_addresses_do_not() -> None:
    assert fact_id("vm_state", "soft-delete") == "vm_state:soft-delete"
    assert file_name("VERIFY_RESIZE") == "verify_resize"
    assert len(set(PAGE_KINDS)) == len(PAGE_KINDS)


def test_a_content_id_is_of_the_content_alone() -> None:
    assert content_id("가") == content_id("가") == "64ee5293d31b"
    assert content_id("가") != content_id("나")

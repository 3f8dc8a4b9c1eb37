from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.introspection.reactions.unread_calls import is_harmless, load_harmless_calls


def test_each_entry_has_a_reason_and_no_call_is_listed_twice() -> None:
    entries = load_harmless_calls()
    calls = [call for entry in entries for call in entry.calls]
    assert all(entry.reason.endswith(".") for entry in entries)
    assert len(set(calls)) == len(calls) > 0


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("LOG.debug", True),
        ("self.network_api.deallocate_for_instance", True),
        ("self.compute_api.stop", False),
        ("self.conductor_api.instance_update", False),
        ("instance.save", False),
        ("setattr", False),
    ],
)
def test_what_is_listed(name: str, *, listed: bool) -> None:
    assert is_harmless(name) is listed


@pytest.mark.parametrize("text", ["[log]\ncalls = 3\nreason = ''", "[log", "[log]\nreason = 'no calls'"])
def test_a_list_that_does_not_fit(text: str, tmp_path: Path) -> None:
    path = tmp_path / "harmless_calls.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="harmless_calls"):
        load_harmless_calls(path)

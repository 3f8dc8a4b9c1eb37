"""Many servers at once: who is in trouble, and who cannot be told."""

from __future__ import annotations

import pytest

from nova_states.lookup.fleet import count_needing, needing_operator


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (("unknown", "unknown"), {"summary_untold": 2}),
        (("needs-attention", "unknown", "stable"), {"summary_first": 1, "summary_untold": 1}),
        (("inconsistent", "needs-attention"), {"summary_first": 2}),
        (("stable", "in-progress"), {}),
    ],
)
def test_who_cannot_be_told_is_not_counted_as_one_in_trouble(verdicts: tuple[str, ...], told: dict[str, int]) -> None:
    servers = ((number, {"verdict": verdict}) for number, verdict in enumerate(verdicts))
    assert count_needing(needing_operator(servers)) == told

"""Tells whether two names are of one host: some clients have its short name, others its whole one.

docs/assets/lookup/hosts.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from typing import Final

_SIGN: Final = "."


def are_one_host(one: str, other: str) -> bool:
    """Whether they are alike, or one is the other without its domain. An address has none."""
    if one.lower() == other.lower():
        return True
    (head, sign, _), (other_head, other_sign, _) = one.lower().partition(_SIGN), other.lower().partition(_SIGN)
    return head == other_head and not head.isdigit() and not (sign and other_sign)

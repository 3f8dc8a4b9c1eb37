"""The patterns of a question whether to do something: for the check of the grammar, and for who reads with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def wondering(told: Mapping[str, Any], words: Sequence[str]) -> tuple[str, str]:
    """The patterns of a question whether to do something, in English and in Korean.

    Args:
        told: The table [wondered].
        words: A row of its words.
    """
    _, english, korean = words
    return f"{told['front']}(?:{english})\\b{told['back']}", f"{told['before']}(?:{korean}){told['after']}"

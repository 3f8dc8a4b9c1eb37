"""The patterns of what somebody says to have tried: for the check of the grammar, and for who reads with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def trying(told: Mapping[str, Any], words: Sequence[str]) -> tuple[str, str, str]:
    """The patterns of an action that was tried: named first, or what came of it last, in English; in Korean.

    Args:
        told: The table [tried].
        words: A row of words: the action, in English, in Korean.
    """
    _, english, korean = words
    front, back, after = told["front"], told["back"], told["after"]
    return f"{front}(?:{english}){told['end']}", rf"\b(?:{english}){back}", f"(?:{korean}){after}"

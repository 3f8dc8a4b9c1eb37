"""The type of what JSON can hold, for whatever reads or prints data of any shape."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = dict[str, "Json"] | list["Json"] | tuple["Json", ...] | str | int | float | bool | None
"""A value of JSON; a tuple is written as a list."""

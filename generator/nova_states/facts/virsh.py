"""The words of `virsh list --all`, kept by hand in virsh.toml: what an operator reads beside what Nova does."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nova_states.errors import InputError
from nova_states.facts.codec import from_plain

VIRSH_FILE = Path(__file__).with_name("virsh.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Domain:
    """A state of a libvirt domain."""

    state: str
    """libvirt's symbol, "VIR_DOMAIN_RUNNING"."""
    value: int
    word: str
    """What virsh prints in an English locale, "running"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VirshSource:
    """Where facts of the file can be looked up."""

    facts: tuple[str, ...]
    url: str
    function: str | None = None
    enum: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Virsh:
    """The whole file."""

    sources: tuple[VirshSource, ...]
    domain: tuple[Domain, ...]

    def word(self, state: str) -> str:
        """What virsh prints for a state; empty for a state it does not know."""
        return next((domain.word for domain in self.domain if domain.state == state), "")


@cache
def load_virsh(path: Path = VIRSH_FILE) -> Virsh:
    """Read virsh.toml.

    Raises:
        InputError: it is not TOML or does not fit, with the place.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: not TOML: {error}") from error
    return from_plain(plain, Virsh, path.name)

"""Where things lie on this machine: what a wheel carries, the checkout that people write in, the user's cache.

A wheel carries the explanations compiled and looks for nothing in a checkout; a checkout compiles them into the cache,
as nothing is written beside the code.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from nova_states.errors import InputError

PACKAGE: Final = Path(__file__).parent
COMPILED: Final = PACKAGE / "compiled"
"""Tables of the lookup, `<language>.json`, which setup.py puts into a wheel; a checkout has no such folder."""
EXPLANATIONS: Final = Path("docs", "explanations")
"""Below a checkout."""


def find_checkout() -> Path | None:
    """The top folder of the checkout this code runs from; None where it was installed from a wheel."""
    return None if COMPILED.is_dir() else PACKAGE.parents[1]


def explanations_folder() -> Path:
    """Where people write the explanations.

    Raises:
        InputError: this is no checkout.
    """
    checkout = find_checkout()
    if checkout is None:
        raise InputError("an installed nova-states has no docs/explanations; this needs a checkout and `make`")
    folder = checkout / EXPLANATIONS
    if not folder.is_dir():
        raise InputError(f"{EXPLANATIONS.as_posix()}: missing; restore it, or install nova-states from a wheel")
    return folder


def cache_folder() -> Path:
    """Where what can be had again is kept: `NOVA_STATES_CACHE`, or `nova-states` in the user's folder for caches.

    Raises:
        InputError: the user has no such folder.
    """
    if chosen := os.environ.get("NOVA_STATES_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path  # noqa: PLC0415 - an installed program answers without a cache

    try:
        folder = user_cache_path("nova-states", appauthor=False)
    except RuntimeError:
        folder = None
    # Older platformdirs leave "~" as it is where there is no home.
    if folder is None or not folder.is_absolute():
        raise InputError("there is no home folder to keep a cache in; set NOVA_STATES_CACHE to a folder")
    return folder

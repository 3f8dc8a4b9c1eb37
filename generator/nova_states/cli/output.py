"""What commands write, to whatever there is: a terminal of any encoding, a full disk, a reader that has gone.

An answer's exit status must not depend on whether somebody reads to its end, nor a traceback be all that is left of it.
"""

from __future__ import annotations

import codecs
import errno
import functools
import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Final, TextIO

from nova_states.errors import InputError

_ERRORS: Final = "nova-states"
"""Our name of `_spell` among Python's handlers of characters that an encoding cannot hold."""
_PLAIN: Final = {
    "→": "->",
    "…": "...",
    "•": "*",
    "·": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "≥": ">=",
    "≤": "<=",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\u00a0": " ",
}
"""Signs of our own texts and what a typewriter has for them."""


def prepare() -> None:
    """Let both streams hold every text: what their encoding lacks is spelled otherwise.

    Raises:
        InputError: standard output is closed.
    """
    codecs.register_error(_ERRORS, _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)
    if _missing(sys.stdout):
        raise InputError("standard output is closed; send it to a file, or to /dev/null")


def write(text: str) -> None:
    """Write a text to standard output; it is fine if nobody reads it.

    Raises:
        InputError: it cannot be written, as on a full disk.
    """
    write_lines((text,))


def write_lines(lines: Iterable[str]) -> None:
    """Write texts, each with its own end of line; see `write`."""
    for line in lines:
        try:
            sys.stdout.write(line)
        except OSError as error:
            _give_up(sys.stdout, error)


def finish() -> None:
    """Bring out what is still held back; see `write`."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _give_up(sys.stdout, error)


def complain(line: str) -> None:
    """Write a line to standard error, if there is one."""
    if _missing(sys.stderr):
        return
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def as_json(value: object, *, indent: int | None = None) -> str:
    """A value as JSON; with escapes where the output's encoding could not hold all of it."""
    return _encoder(not _holds_all(sys.stdout), indent).encode(value)


@functools.cache
def _encoder(ensure_ascii: bool, indent: int | None) -> json.JSONEncoder:  # noqa: FBT001 - as json has it
    """One for all values: a list of servers has many."""
    return json.JSONEncoder(ensure_ascii=ensure_ascii, indent=indent)


def _holds_all(stream: TextIO) -> bool:
    try:
        return codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")
    except LookupError:
        return False


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Characters an encoding lacks: our own signs in plain ones, others as JSON escapes them, so that none is lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign) or json.dumps(sign)[1:-1] for sign in text), error.end


def _give_up(stream: TextIO, error: OSError) -> None:
    """Write no more; that the reader has gone, as `head` does, is no error."""
    _discard(stream)
    # Windows says EINVAL of a pipe that nobody reads.
    if not isinstance(error, BrokenPipeError) and not (os.name == "nt" and error.errno == errno.EINVAL):
        raise InputError(f"standard output cannot be written: {error.strerror}") from error


def _discard(stream: TextIO) -> None:
    """Send what is left, and what Python itself writes out at exit, to nowhere: it would only fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _missing(stream: TextIO | None) -> bool:
    """Whether a standard stream was closed before Python began, which then has None in its place."""
    return stream is None

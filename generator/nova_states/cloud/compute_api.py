"""One GET to the compute API: at the microversion that both know, within limits, with what went wrong in one line.

What a cloud answers is what anybody may have put between: it may be broken, endless, slow, or a proxy's page.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from nova_states.cloud.wording import shown
from nova_states.errors import InputError

Json = Any
"""Whatever JSON holds; nothing is known of it before it is looked at."""

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer about one thing."""
LARGEST_PAGE: Final = 64 * 1024 * 1024
"""Bytes of a page of servers: with all their user data it has some tens of millions."""
SLOWEST: Final = 120
"""Seconds for the whole of an answer."""
_SILENCE: Final = (10, 60)
"""Seconds to connect, and for the next bytes."""
_CHUNK: Final = 256 * 1024
_UNAUTHORIZED: Final = 401
_NOT_FOUND: Final = (404, 410)
_FORBIDDEN: Final = 403
_NO_SUCH_MICROVERSION: Final = 406
_REDIRECTS: Final = range(300, 400)
_REFUSALS: Final = 400
_FAILURES: Final = 500
_HTML: Final = re.compile(rb"\s*<(?:!doctype|html|head|\?xml)", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

Microversion = tuple[int, int]


class RefusedError(InputError):
    """The API refused a request; its text says what to do if it ends here."""

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said
        """What the API said of it, on one line; empty where it said nothing."""


class ForbiddenError(RefusedError):
    """The asker may not see it."""


class MissingError(RefusedError):
    """There is none."""


class UnreachableError(InputError):
    """No answer, or one that nobody can use: asking again may help."""


@dataclass(kw_only=True)
class Compute:
    """The compute API of a cloud."""

    send: Callable[..., Any]
    """Sends a GET: path, `params`, `microversion`, `stream`, `timeout`; returns a `requests.Response`."""
    newest: Microversion
    """The newest microversion that the cloud knows."""
    explain_failure: Callable[[Exception], str]
    """An exception of `send` in one line that has no secret in it."""
    microversion: Microversion = (2, 1)
    """The one that is asked in."""

    def get(self, path: str, *, is_page: bool = False, **params: str | int | None) -> Json:
        """What the API answers.

        Args:
            path: Below the API's address.
            is_page: Whether many things are asked for at once.
            params: The query; what is None is left out.

        Raises:
            ForbiddenError, MissingError, RefusedError: it refused.
            UnreachableError: it did not answer, or with something else than JSON.
        """
        asked = {name: value for name, value in params.items() if value is not None}
        end = time.monotonic() + SLOWEST
        try:
            response = self.send(
                path,
                params=asked,
                microversion="{}.{}".format(*self.microversion),
                stream=True,
                timeout=_SILENCE,
            )
        except Exception as error:  # noqa: BLE001 - whatever a plugin of keystoneauth raises; it may hold secrets
            raise UnreachableError(self.explain_failure(error)) from None
        try:
            body = self._body(response, path, LARGEST_PAGE if is_page else LARGEST, end)
        finally:
            response.close()
        status = int(response.status_code)
        if status in _REDIRECTS or status >= _REFUSALS:
            _refuse(status, body, path, asked)
        return _parsed(body, path)

    def _body(self, response: Any, path: str, largest: int, end: float) -> bytes:  # noqa: ANN401 - requests has its own types
        parts: list[bytes] = []
        size = 0
        try:
            for part in response.iter_content(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > largest or time.monotonic() > end:
                    break
        except Exception as error:  # noqa: BLE001 - as above
            raise UnreachableError(f"{path}: {self.explain_failure(error)}") from None
        if size > largest:
            raise UnreachableError(f"{path}: the answer is larger than {largest >> 20} MiB; ask for fewer servers")
        if time.monotonic() > end:
            raise UnreachableError(f"{path}: the answer was not whole after {SLOWEST} s; ask again later")
        return b"".join(parts)


def path_name(value: object) -> str | None:
    """What a cloud calls something, if it can stand in a path; None for all else."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _parsed(body: bytes, path: str) -> Json:
    if _HTML.match(body):
        raise UnreachableError(
            f"{path}: answered with a page of HTML instead of JSON; a proxy stands before the API, or the endpoint in "
            "the catalog is wrong"
        )
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UnreachableError(f"{path}: the answer is broken, it is no JSON; ask again later") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(status: int, body: bytes, path: str, asked: Mapping[str, object]) -> NoReturn:
    said = _said(body)
    tail = f" ({said})" if said else ""
    if status == _UNAUTHORIZED:
        raise RefusedError(f"{path}: the token is not accepted; log in again{tail}", status, said)
    if status == _FORBIDDEN:
        more = "; leave out --all-projects, or ask as an administrator" if "all_tenants" in asked else ""
        raise ForbiddenError(f"{path}: not allowed with these rights{more}{tail}", status, said)
    if status in _NOT_FOUND:
        raise MissingError(f"{path}: not found{tail}", status, said)
    if status == _NO_SUCH_MICROVERSION:
        raise RefusedError(f"{path}: the cloud takes no such microversion, although it says so{tail}", status, said)
    if status in _REDIRECTS:
        raise RefusedError(f"{path}: leads elsewhere ({status}); the endpoint in the catalog is wrong", status, said)
    if status < _FAILURES:
        raise RefusedError(f"{path}: refused with {status}{tail}", status, said)
    page = "; it is a page of HTML, so a proxy answered" if _HTML.match(body) else ""
    raise UnreachableError(f"{path}: the cloud failed with {status}{page}; ask again later{tail}")


def _said(body: bytes) -> str:
    """The message in an error of the API, {"forbidden": {"message": …}}."""
    try:
        inner = next(iter(json.loads(body).values()))
        return shown(inner["message"])
    except (ValueError, RecursionError, AttributeError, LookupError, TypeError, StopIteration):
        return ""

"""A server until its task ends: each change of its states as it is seen, and how the task ended.

Nothing is kept but what was seen last, so that an interrupt leaves nothing behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.cloud.action_ends import ActionEnd, end_of
from nova_states.cloud.compute_api import Compute, ForbiddenError, MissingError, UnreachableError, path_name
from nova_states.cloud.servers import Server, show_server
from nova_states.cloud.surroundings import newest_action, show_action

INTERVAL: Final = 3.0
"""Seconds between two looks: most tasks take some, and a look costs the API some hundredths."""
_GRACE: Final = 30
"""Seconds for which an action may lack its end after the task has gone: it is noted some moments later."""
_FAILURES: Final = 5
"""Looks in a row without an answer after which the cloud is given up."""
_STATES: Final = ("status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state")
_TASK: Final = _STATES[2]
_HOST: Final = "OS-EXT-SRV-ATTR:host"
_DELETING: Final = ("deleting", "soft-deleting")
_DELETE: Final = "delete"

Action = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What was seen of a server."""

    server: Server
    action: Action | None
    """The action that is watched, as it was when watching began."""
    seconds: float
    """Since watching began."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How watching ended."""

    how: str
    """"success", "error", "idle" (no task ran), "deleted" (as was asked), "vanished" (it was not), "unfinished" (the
    task has gone, its event has no end), "untold" (no result may be seen), "timeout"."""
    server: Server
    """As it was seen last."""
    action: Action | None
    seconds: float


@dataclass(kw_only=True)
class Watch:
    """Watches one server."""

    compute: Compute
    server: Server
    """As it was found."""
    interval: float = INTERVAL
    timeout: float | None = None
    """Seconds after which to give up; None: never."""
    on_failure: Callable[[str], None] = field(default=lambda _: None)
    """Told of a look without an answer that is tried again."""
    on_wait: Callable[[Look], None] = field(default=lambda _: None)
    """Told of a look that saw no change."""
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    ended: Ended | None = None
    """There once `looks` has come to its end."""
    _failures: int = 0
    """Times in a row that the action was not answered."""

    def looks(self) -> Iterator[Look]:
        """Each change as it is seen, the first look first.

        Raises:
            InputError: the cloud does not answer, or refuses.
        """
        start = self.clock()
        action, server = self._action(), self.server
        had_task = _has_task(server)
        yield Look(server=server, action=action, seconds=0)
        idle_since: float | None = None
        while True:
            now = self.clock()
            if _has_task(server):
                idle_since, had_task = None, True
            else:
                idle_since = now if idle_since is None else idle_since
                action = self._refreshed(action)
                # What was not answered may well have ended.
                how = None if self._failures else self._how(action, had_task=had_task, idle=now - idle_since)
                if how:
                    return self._end(how, server, action, now - start)
            if self.timeout is not None and now - start >= self.timeout:
                return self._end("timeout", server, action, now - start)
            self.sleep(self.interval)
            try:
                seen = self._look(server)
            except MissingError:
                how = "deleted" if _is_deleting(server, action) else "vanished"
                return self._end(how, server, action, self.clock() - start)
            look = Look(server=seen, action=action, seconds=self.clock() - start)
            if _states_of(seen) == _states_of(server):
                self.on_wait(look)
            else:
                yield look
            server = seen

    def _end(self, how: str, server: Server, action: Action | None, seconds: float) -> None:
        self.ended = Ended(how=how, server=server, action=action, seconds=seconds)

    def _how(self, action: Action | None, *, had_task: bool, idle: float) -> str | None:
        """How it ended, now that no task runs; None: that cannot be said yet."""
        end = end_of(action) if action else ActionEnd(is_over=None, result=None)
        if end.is_over is None:
            # Nothing tells of the end: what was seen twice without a task has none.
            told = "untold" if had_task else "idle"
            return told if idle or not had_task else None
        if not end.is_over:
            return "unfinished" if idle >= _GRACE else None
        return end.result if had_task or end.result == "error" else "idle"

    def _look(self, last: Server) -> Server:
        """The server as it is now; a cloud that does not answer is asked some times more."""
        for failed in range(1, _FAILURES + 1):
            try:
                return show_server(self.compute, str(last["id"]))
            except UnreachableError as error:
                if failed == _FAILURES:
                    raise
                self.on_failure(str(error))
                self.sleep(self.interval)
        raise AssertionError

    def _action(self) -> Action | None:
        try:
            return newest_action(self.compute, str(self.server["id"]))
        except (ForbiddenError, MissingError):
            return None

    def _refreshed(self, action: Action | None) -> Action | None:
        """The action as it is now; what cannot be seen of it now stays as it was."""
        request = path_name(action.get("request_id")) if action else None
        if request is None:
            return action
        try:
            found = show_action(self.compute, str(self.server["id"]), request)
        except ForbiddenError:
            return action
        except UnreachableError as error:
            self._failures += 1
            if self._failures == _FAILURES:
                raise
            self.on_failure(str(error))
            return action
        self._failures = 0
        return found or action


def _has_task(server: Server) -> bool:
    return server.get(_TASK) is not None


def _states_of(server: Server) -> tuple[Any, ...]:
    return tuple(server.get(name) for name in (*_STATES, _HOST, "host_status"))


def _is_deleting(server: Server, action: Action | None) -> bool:
    """Whether what was watched was to delete it."""
    return server.get(_TASK) in _DELETING or (action is not None and action.get("action") == _DELETE)

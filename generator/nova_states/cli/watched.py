"""`--watch`: a server until its task ends, a line for each change, and the answer of how it ended.

Lines only: nothing of a terminal is set, so nothing has to be set back when it is interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from nova_states.cli import output
from nova_states.cli.answering import LINES, Nova, present, printer_of
from nova_states.cli.explained_report import ExplainedReport
from nova_states.cli.foretelling import foretell, limit_lines
from nova_states.cli.live import Asking, server_lines, status_of
from nova_states.cli.since import age_text
from nova_states.cloud.watching import INTERVAL, Ended, Look, Watch
from nova_states.cloud.wording import shown, words_in
from nova_states.errors import InputError
from nova_states.lookup.clock import seconds_of

_FINE, _WRONG, _UNUSABLE = 0, 1, 2
_STATUSES: Final = {
    "success": None,
    "idle": None,
    "untold": None,
    "deleted": _FINE,
    "vanished": _UNUSABLE,
    "error": _WRONG,
    "unfinished": _WRONG,
    "timeout": _WRONG,
}
"""How it ended → exit status; None: as the answer about the server says."""
_GONE: Final = ("deleted", "vanished")


def watch_server(asking: Asking, form: str) -> int:
    """Watch the one server that was named, and answer how its task ended; returns the exit status."""
    told = _Told(asking=asking, tell=_to_output if form == "text" else output.complain)
    try:
        return told.watch(form)
    except KeyboardInterrupt:
        output.complain(f"nova-states: {told.words['interrupted']}")
        return _UNUSABLE


def _to_output(line: str) -> None:
    """Each line when it is known: somebody waits for it."""
    output.write(f"{line}\n")
    output.finish()


class _Told:
    """What is told of one server while it is watched."""

    def __init__(self, *, asking: Asking, tell: Callable[[str], None]) -> None:
        self.asking = asking
        self.tell = tell
        self.words: Mapping[str, str] = words_in(asking.question.language)
        self.began: int | None = None
        """When the action that runs began; None: none did, or it is not known."""
        self.patience: int | None = None
        """Seconds after which it is said that this lasts too long; None: it was said, or it may last."""

    @property
    def nova(self) -> Nova:
        return self.asking.nova

    def watch(self, form: str) -> int:
        question = self.asking.question
        server = self.asking.find(question.servers[0])
        watch = Watch(
            compute=self.asking.compute,
            server=server,
            interval=question.interval or INTERVAL,
            timeout=question.timeout,
            on_wait=self._wait,
            on_failure=lambda error: output.complain(f"nova-states: {self.words['again'].format(error=error)}"),
        )
        for number, look in enumerate(watch.looks()):
            if number == 0:
                self.began = _began(look)
                self.tell(self._head(look, watch.interval))
            for line in self._look(look):
                self.tell(line)
        ended = watch.ended
        if ended is None:
            raise AssertionError
        return self._end(ended, form)

    def _head(self, look: Look, interval: float) -> str:
        name = " ".join(shown(part, 60) for part in (look.server.get("id"), look.server.get("name")) if part)
        action = look.action.get("action") if look.action and _task_of(look.server) else None
        word = "watched" if action else "watched_any"
        text = self.words[word].format(action=shown(action or "", 40), interval=f"{interval:g}")
        return f"{name}  Nova {self.nova.view.version}\n{text}"

    def _look(self, look: Look) -> Iterator[str]:
        """A change: when, the states, how long it has taken; what comes next and what limits it."""
        answer = self._answer(look.server)
        states = printer_of(self.nova).states_line(answer.states)
        moment = datetime.fromtimestamp(present(None), UTC).strftime("%H:%M:%S")
        yield f"{moment}  {states}  {self.words['after'].format(time=self._time(self._taken(look.seconds)))}"
        foretold = foretell(answer, self.nova, _name_of(look))
        self.patience = foretold.patience
        if not _task_of(look.server):
            return
        yield from (f"          {self.words['coming']}{line}" for line in foretold.coming)
        yield from (f"          {line}" for line in limit_lines(foretold, self.nova, self.words))

    def _wait(self, look: Look) -> None:
        """Say once that a task lasts longer than such a task does."""
        if self.patience is not None and self._taken(look.seconds) > self.patience:
            self.tell(f"          {self.words['overdue'].format(time=self._time(self.patience))}")
            self.patience = None

    def _answer(self, server: Mapping[str, Any]) -> ExplainedReport:
        return self.asking.explain(self.asking.read([{"server": dict(server)}]))[0]

    def _taken(self, seconds: float) -> float:
        """Seconds since the action began, by the cloud's clock and ours, and not less than it is watched."""
        return seconds if self.began is None else max(seconds, present(None) - self.began)

    def _time(self, seconds: float) -> str:
        return age_text(int(seconds), self.nova.tables["texts"]["words"])

    def _end(self, ended: Ended, form: str) -> int:
        action = shown(ended.action.get("action"), 40) if ended.action else "?"
        text = self.words[f"ended_{ended.how}"].format(
            action=action, time=self._time(self._taken(ended.seconds)), server=shown(ended.server.get("id"), 40)
        )
        if ended.how == "vanished":
            raise InputError(text)
        self.tell(text)
        if ended.how in _GONE:
            if form != "text":
                output.write_lines(f"{line}\n" for line in LINES[form]([], self.nova))
            return _FINE
        answers = self.asking.server_answers(ended.server)
        if form == "text":
            output.write("\n")
            output.write_lines(f"{line}\n" for line in server_lines(answers, self.nova, self.words))
        else:
            output.write_lines(f"{line}\n" for line in LINES[form](answers, self.nova))
        status = _STATUSES[ended.how]
        return status_of([answers]) if status is None else status


def _name_of(look: Look) -> str | None:
    name = look.action.get("action") if look.action else None
    return name if isinstance(name, str) else None


def _began(look: Look) -> int | None:
    start = look.action.get("start_time") if look.action and _task_of(look.server) else None
    return seconds_of(start) if isinstance(start, str) else None


def _task_of(server: Mapping[str, Any]) -> object:
    return server.get("OS-EXT-STS:task_state")

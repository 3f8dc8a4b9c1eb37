"""Servers that need somebody, the worst first, a row a server: as a table, as JSON or as Markdown for a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

from nova_states.cli.answering import LINES, Nova
from nova_states.cli.explained_report import ExplainedReport
from nova_states.cli.since import age_text
from nova_states.lookup.triage import headline_of, state_of
from nova_states.lookup.verdict import NEED_AN_OPERATOR, VERDICTS

COLUMNS: Final = ("verdict", "server", "state", "host", "age", "runbook", "why")
"""Words that head the columns."""
_WIDEST: Final = 60
"""Characters of a cell but the last."""
_NOTHING: Final = "-"
_MARKS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|#~&"})
"""What would mean something in Markdown."""

Answers = Sequence[ExplainedReport]


def worst_first(answers: Answers) -> Answers:
    """Those that need somebody: by verdict, then by what lasts longest."""
    needing = [answer for answer in answers if answer.states["verdict"] in NEED_AN_OPERATOR]
    return sorted(
        needing, key=lambda answer: (VERDICTS.index(answer.states["verdict"]), -(answer.own["age_seconds"] or 0))
    )


def row_of(answer: ExplainedReport, nova: Nova) -> dict[str, str]:
    """What is told of a server in one row, by the names of `COLUMNS`."""
    states, own, texts = answer.states, answer.own, nova.tables["texts"]
    powers = {number: name for number, name, _ in nova.view.power_states}
    age = own["age_seconds"]
    why = states["why"] or texts["verdicts"][headline_of(states)][1]
    host = " ".join(str(part) for part in (own["host"], own["host_status"]) if part)
    row = {
        "verdict": texts["verdicts"][headline_of(states)][0],
        "server": " ".join(dict.fromkeys(part for part in (answer.report.name, answer.report.id) if part)),
        "state": state_of(states, texts["words"], powers),
        "host": host or _NOTHING,
        "age": _NOTHING if age is None else age_text(age, texts["words"]),
        "runbook": states["runbook"] or _NOTHING,
        "why": why.replace("`", ""),
    }
    # A cloud's words may have line ends, a row has none.
    return {name: " ".join(text.split()) for name, text in row.items()}


def _table(needing: Answers, count: int, nova: Nova, words: Mapping[str, str]) -> Iterator[str]:
    yield words["needing"].format(count=len(needing), all=count) + f"  Nova {nova.view.version}"
    if not needing:
        return
    rows = [{name: words[name] for name in COLUMNS}, *(row_of(answer, nova) for answer in needing)]
    *narrow, last = COLUMNS
    widths = {name: min(_WIDEST, max(_width(row[name]) for row in rows)) for name in narrow}
    yield ""
    for row in rows:
        cells = (row[name] + " " * (widths[name] - _width(row[name])) for name in narrow)
        yield "  ".join([*cells, row[last]]).rstrip()


def _json(needing: Answers, _count: int, nova: Nova, _words: Mapping[str, str]) -> Iterator[str]:
    return LINES["json"](needing, nova)


def _markdown(needing: Answers, count: int, nova: Nova, words: Mapping[str, str]) -> Iterator[str]:
    yield words["needing"].format(count=len(needing), all=count) + f" (Nova {nova.view.version})"
    yield ""
    columns = (*COLUMNS, "to_do")
    yield _line([words[name] for name in columns])
    yield _line(["---"] * len(columns))
    for answer in needing:
        row = row_of(answer, nova)
        steps = (f"{number}. {_step(step, nova)}" for number, step in enumerate(answer.own["steps"], 1))
        yield _line([*(row[name].translate(_MARKS) for name in COLUMNS), "<br>".join(steps) or _NOTHING])


def _step(step: Mapping[str, Any], nova: Nova) -> str:
    caution = step["caution"] and nova.tables["texts"]["words"]["caution"].replace("{text}", step["caution"])
    command = step["command"] and f"`` {step['command']} ``"
    parts = (step["text"], caution, command)
    return " ".join(" ".join(part.split()).replace("|", "\\|") for part in parts if part)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _width(text: str) -> int:
    """Columns of a terminal: a Korean syllable takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


TRIAGE_LINES: Final[Mapping[str, Callable[[Answers, int, Nova, Mapping[str, str]], Iterator[str]]]] = {
    "text": _table,
    "json": _json,
    "markdown": _markdown,
}
"""What prints them in each format: those that need somebody, and how many servers there are."""

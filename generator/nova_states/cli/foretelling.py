"""What comes next to a server whose task runs, and what limits that, in the words of the lookup.

The one place that `--watch` asks: whoever tells an action's story better puts it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from nova_states.cli.answering import Nova, printer_of
from nova_states.cli.explained_report import ExplainedReport
from nova_states.cli.since import age_text
from nova_states.lookup.situation import patience_for
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.task_options import TASK_OPTIONS, options_of

_SHOWN = 4
"""Ways on that are told: success, the next step, failures; Nova's code knows dozens."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foretold:
    """What is known ahead."""

    coming: tuple[str, ...]
    """What the task can lead to, the likely first."""
    limits: tuple[str, ...]
    """Periodic work that an option makes Nova do to such a server, with the option and its default."""
    options: tuple[str, ...]
    """Options that act on the task, with their defaults: how long a guest may take to shut down, say."""
    patience: int | None
    """Seconds after which somebody should look; None: it may stay as it is."""


def foretell(answer: ExplainedReport, nova: Nova, action: str | None = None) -> Foretold:  # noqa: ARG001 - see below
    """What comes next to a server, by what is said of its states.

    Args:
        answer: What is said of it.
        nova: What answers.
        action: The action that runs, as Nova records it ("live-migration"); None: not known. Nothing here rests on it
            yet; whoever tells the story of an action needs it.
    """
    printer, states = printer_of(nova), answer.states
    return Foretold(
        coming=tuple(islice(printer.steps(states, ("task",)), _SHOWN)),
        limits=tuple(printer.steps(states, ("periodic",))),
        options=tuple(options_of(load_tables(TASK_OPTIONS), nova.view.version, states["task_state"])),
        patience=patience_for(states["task_state"], states["vm_state"] or "", nova.tables["patience"]),
    )


def limit_lines(foretold: Foretold, nova: Nova, words: Mapping[str, str]) -> Iterator[str]:
    """What limits it, and after how long somebody should look; nothing where it may stay."""
    if foretold.limits:
        yield words["limit"] + "; ".join(foretold.limits)
    if foretold.options:
        yield words["options"] + ", ".join(foretold.options)
    if foretold.patience is not None:
        word = "patience" if foretold.limits or foretold.options else "limit_unknown"
        yield words[word].format(time=age_text(foretold.patience, nova.tables["texts"]["words"]))

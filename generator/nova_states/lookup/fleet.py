"""Many servers at once: how many of each verdict, and which come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from nova_states.lookup.together import ADVICE
from nova_states.lookup.verdict import NEED_AN_OPERATOR, STABLE, VERDICTS

S = TypeVar("S")
_ALIKE: Final = ({"service"}, {"event"}, {"hypervisor"}, {"volume"})
_FINE: Final = (STABLE,)


def worst_first(records: Sequence[S], told: Callable[[S], tuple[str, str]]) -> Sequence[S]:
    """Records in the order in which they are told: of services, or of actions, those in trouble before the others.

    Args:
        records: In the order of the paste.
        told: Gives the kind of a record and its verdict.
    """
    if {told(record)[0] for record in records} not in _ALIKE:
        return records
    return sorted(records, key=lambda record: VERDICTS.index(told(record)[1]))


def count_verdicts(answers: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Verdict → how many servers have it, worst first; those nobody has are left out."""
    counts = Counter(answer["verdict"] for answer in answers)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}


def needing_operator(servers: Iterable[tuple[S, Mapping[str, Any]]]) -> list[tuple[Mapping[str, Any], list[S]]]:
    """Answers that need an operator with their servers: the worst first, then those of the most servers.

    Servers in the same states share an answer (`Explainer.explain` returns the same object for them).
    """
    return _grouped(servers, NEED_AN_OPERATOR)


def count_needing(groups: Iterable[tuple[Mapping[str, Any], Collection[object]]]) -> dict[str, int]:
    """Word that heads them → how many of `needing_operator` are in trouble, and how many cannot be told."""
    counts = {"summary_first": 0, "summary_untold": 0}
    for answer, servers in groups:
        counts["summary_untold" if answer["verdict"] == "unknown" else "summary_first"] += len(servers)
    return {word: count for word, count in counts.items() if count}


def in_progress(servers: Iterable[tuple[S, Mapping[str, Any]]]) -> list[tuple[Mapping[str, Any], list[S]]]:
    """The same of servers whose task runs: those of the most servers first."""
    return _grouped(servers, ("in-progress",))


def fine(servers: Iterable[tuple[S, Mapping[str, Any]]]) -> list[tuple[Mapping[str, Any], list[S]]]:
    """The same of servers that nothing is wrong with, but for those that mean something together."""
    return _grouped(((server, answer) for server, answer in servers if not _is_of_fleet(answer)), _FINE)


def told_together(servers: Iterable[tuple[S, Mapping[str, Any]]]) -> list[tuple[Mapping[str, Any], list[S]]]:
    """The same of servers that nothing is wrong with, and that mean something together."""
    return _grouped(((server, answer) for server, answer in servers if _is_of_fleet(answer)), _FINE)


def _is_of_fleet(answer: Mapping[str, Any]) -> bool:
    return any(one["id"] == ADVICE for one in answer["advice"])


def _grouped(
    servers: Iterable[tuple[S, Mapping[str, Any]]], verdicts: Collection[str]
) -> list[tuple[Mapping[str, Any], list[S]]]:
    groups: dict[int, tuple[Mapping[str, Any], list[S]]] = {}
    for server, answer in servers:
        if answer["verdict"] in verdicts:
            groups.setdefault(id(answer), (answer, []))[1].append(server)
    return sorted(groups.values(), key=lambda group: (VERDICTS.index(group[0]["verdict"]), -len(group[1])))

"""Reads a row of which nobody says what its columns are: what the cells look like tells which is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_power
from nova_states.lookup.report import Report
from nova_states.lookup.vocabulary import fold

_MIGRATIONS: Final = "migrations"


def read_cells(cells: Sequence[str], grammar: Grammar) -> Report | None:
    """The record of a row of a list without its head; None where it looks like none."""
    for reader in (_event, _migration, _service, _server, _dashboard, _volume):
        pairs = reader(cells, grammar)
        if pairs:
            record = read_record(pairs, grammar, _MIGRATIONS if reader is _migration else None)
            return record if isinstance(record, Report) else None
    return None


def read_copied_row(cells: Sequence[str], grammar: Grammar) -> Report | None:
    """The server of a row of a dashboard; None where it looks like none."""
    pairs = _dashboard(cells, grammar)
    record = read_record(pairs, grammar) if pairs else None
    return record if isinstance(record, Report) else None


def _is_id(text: str, grammar: Grammar) -> bool:
    return bool(grammar.shape("uuid").search(text))


def _event(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """Request, server, action, time."""
    request = next((place for place, cell in enumerate(cells) if grammar.shape("request").search(cell)), None)
    if request is None:
        return []
    pairs = [("request_id", cells[request])]
    for cell in cells[request + 1 :]:
        if _is_id(cell, grammar):
            # The user's and the project's stand behind.
            pairs += [("server_id", cell)] if all(name != "server_id" for name, _ in pairs) else []
        elif grammar.shape("time").search(cell):
            pairs.append(("start_time", cell))
        elif cell.lower() not in grammar.words("nothing"):
            name = "message" if any(name == "action" for name, _ in pairs) else "action"
            pairs.append((name, cell))
            if name == "message":
                break
    return pairs


def _migration(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """… source, destination, …, status, server, …, type, …: the type and the server's id tell where."""
    kind = next((cell for cell in cells if cell in grammar.words("types_of_migrations")), None)
    ids = [place for place, cell in enumerate(cells) if "-" in cell and _is_id(cell, grammar)]
    ids = ids or [place for place, cell in enumerate(cells) if _is_id(cell, grammar)]
    if kind is None or not (ids or cells[0].isdigit()):
        return []
    pairs = [("migration_type", kind), ("id", cells[0])]
    known = (
        place for place, cell in enumerate(cells) if cell in grammar.migration_statuses and place != cells.index(kind)
    )
    told = next(known, None)
    if told is not None:
        status = told
        first = ids[0] + 1 if len(ids) > 1 and ids[0] < status else 1
        hosts = [cell for cell in cells[first:status] if cell.lower() not in grammar.words("nothing")]
        pairs += [("server_uuid", cells[ids[-1]])] if ids else []
    elif not ids:
        status = cells.index(kind) - 1
        hosts = [cell for cell in cells[1:status] if cell.lower() not in grammar.words("nothing")]
    else:
        status = ids[-1] - 1
        first = ids[0] + 1 if len(ids) > 1 else 1
        hosts = [cell for cell in cells[first:status] if cell.lower() not in grammar.words("nothing")]
        pairs.append(("server_uuid", cells[ids[-1]]))
    if status > 0:
        pairs.append(("status", cells[status]))
    if len(hosts) > 1:
        pairs += [("source_compute", hosts[0]), ("dest_compute", hosts[1])]
    return pairs


def _service(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """Id, binary, host, zone, status, state."""
    place = next((place for place, cell in enumerate(cells) if cell in grammar.words("binaries")), None)
    if place is None or place > 1:
        return []
    rest = [cell.lower() for cell in cells[place + 1 :]]
    pairs = [("binary", cells[place])]
    if place:
        pairs.append(("id", cells[0]))
    if rest:
        pairs.append(("host", cells[place + 1]))
    pairs += [("status", cell) for cell in rest if cell in ("enabled", "disabled")][:1]
    pairs += [("state", cell) for cell in rest if cell in ("up", "down")][:1]
    return pairs


def _server(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """Id, name, status, task, power state."""
    statuses = grammar.vocabulary.statuses.values()
    place = next((place for place, cell in enumerate(cells) if place and cell in statuses), None)
    if place is None or not (_is_id(cells[0], grammar) or place == 1 or cells[0].isdigit()):
        return []
    if any(grammar.shape("other_cell").search(cell) for cell in cells[1:place]):
        return []
    pairs = [("status", cells[place]), ("name", " ".join(cells[1:place]) or cells[0])]
    if _is_id(cells[0], grammar) or (place > 1 and cells[0].isdigit()):
        pairs = [("status", cells[place]), ("id", cells[0]), ("name", " ".join(cells[1:place]))]
    rest = cells[place + 1 :]
    if rest and grammar.is_task(rest[0]):
        pairs.append(("task_state", rest[0]))
        power = " ".join(rest[1:3])
        if len(rest) > 2 and fold(power) in grammar.vocabulary.power_states:  # noqa: PLR2004 - a label of two words
            pairs.append(("power_state", power))
        elif len(rest) > 1 and is_power(rest[1], grammar):
            pairs.append(("power_state", rest[1]))
    if rest and rest[-1] in ("UP", "DOWN", "UNKNOWN", "MAINTENANCE"):
        pairs.append(("host_status", rest[-1]))
    return pairs


def _dashboard(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """Name, …, label of the status, …, task, power state, …: a task right before a power state tells where they are."""
    power = next(
        (
            place
            for place, cell in enumerate(cells)
            if place > 2 and not cell.isdigit() and is_power(cell, grammar) and _is_no_other(cells[place - 1], grammar)  # noqa: PLR2004 - name, status, task
        ),
        None,
    )
    if power is None:
        return []
    status = next((cell for cell in reversed(cells[1 : power - 1]) if grammar.is_status(cell)), None)
    if status is None:
        return []
    named = "id" if _is_id(cells[0], grammar) else "name"
    return [(named, cells[0]), ("status", status), ("task_state", cells[power - 1]), ("power_state", cells[power])]


def _is_no_other(cell: str, grammar: Grammar) -> bool:
    """Whether a cell is a task, or says that there is none."""
    return grammar.is_task(cell) or (bool(cell) and cell.lower() in grammar.words("nothing"))


def _volume(cells: Sequence[str], grammar: Grammar) -> list[tuple[str, str]]:
    """Id, name, status, size."""
    words = grammar.words("statuses_of_volumes")
    place = next((place for place, cell in enumerate(cells) if place and cell in words), None)
    if place is None or not _is_id(cells[0], grammar):
        return []
    size = next((cell for cell in cells[place + 1 :] if cell.isdigit()), None)
    pairs = [("id", cells[0]), ("name", " ".join(cells[1:place])), ("status", cells[place])]
    return [*pairs, ("size", size)] if size else pairs

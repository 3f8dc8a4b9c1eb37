"""The matrix of statuses says what each of them means."""

from __future__ import annotations

from nova_states.pages.components import Link
from nova_states.pages.matrices import build_statuses
from nova_states.pages.writer import Writer


def test_each_status_of_the_matrix_has_its_meaning_in_a_line(writer: Writer) -> None:
    page = build_statuses(writer)
    shown = {cell.sign for _, _, matrix in page.matrices for row in matrix.rows for cell in row.cells}
    told = [note for note in page.notes if note.startswith("`")]
    assert {note.split("`")[1] for note in told} == shown
    assert len(told) == len(shown)
    assert all("\n" not in note and note.partition(" — ")[2] for note in told)


def test_equal_rows_are_one_and_the_full_grid_keeps_its_address(writer: Writer) -> None:
    page = build_statuses(writer)
    (short_id, _, short), (full_id, _, full) = page.matrices
    assert (short_id, full_id) == ("rule", "statuses")
    assert full.fold
    assert len(full.rows) == 1 + len(writer.release.task_states)
    signs = [tuple((cell.sign, cell.css) for cell in row.cells) for row in short.rows]
    assert len(signs) == len(set(signs)) < len(full.rows)
    assert set(signs) == {tuple((cell.sign, cell.css) for cell in row.cells) for row in full.rows}


def test_a_row_that_stands_for_several_says_for_which(writer: Writer) -> None:
    page = build_statuses(writer)
    short, full = page.matrices[0][2], page.matrices[1][2]
    (section,) = page.sections
    shared = {row[0][0]: [link.text for link in row[1] if isinstance(link, Link)] for row in section.tables[0].rows}
    cells = {row.head.text: [cell.sign for cell in row.cells] for row in full.rows}
    assert short.rows[-1].head.text == writer.words("other_tasks", count=len(shared[short.rows[-1].head.text]))
    named = 0
    for row in short.rows:
        names = shared.get(row.head.text, [row.head.text])
        named += len(names)
        assert all(cells[name] == [cell.sign for cell in row.cells] for name in names)
        assert all(row.head.text in cell.title for cell in row.cells)
    assert named == len(full.rows)

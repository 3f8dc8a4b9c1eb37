"""The matrix of guards by release: its letters are told in words beside it, not only in tips."""

from __future__ import annotations

import re

from nova_states.pages.matrices import GUARD_HISTORY, build_guard_history
from nova_states.pages.writer import Writer


def test_each_letter_of_the_matrix_is_told_below_it(writer: Writer) -> None:
    page = build_guard_history(writer)
    (_, _, matrix) = page.matrices[0]
    for number, column in enumerate(matrix.columns):
        signs = {row.cells[number].sign for row in matrix.rows} - {"–"}
        (note,) = [note for note in page.notes if note.startswith(f"`{column.text}` — ")]
        assert signs <= set(re.findall(r"`([A-Z])` ", note))
    assert len(page.notes) == len(matrix.columns)


def test_the_legend_tells_all_that_a_cell_may_show(writer: Writer) -> None:
    page = build_guard_history(writer)
    words = writer.on(GUARD_HISTORY).words
    assert [meaning for _, _, meaning in page.legend] == [
        words("legend_guards_first"),
        words("legend_guards_changed"),
        words("legend_guards_missing"),
    ]

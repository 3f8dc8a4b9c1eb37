"""Answers of the page's scripts to pastes, without a browser: they have to be those of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from nova_states.lookup.page_tables import page_tables

_ROOT: Final = Path(__file__).parents[2]
_NODE: Final = shutil.which("node")
NOW: Final = 1_795_737_600
"""The present, in seconds since 1970."""
_NAMES: Final = ("tables", "messages", "said")
_SCRIPT: Final = """
const [root, ...files] = process.argv.slice(1);
const scripts = `${root}/docs/assets/lookup/`;
const fs = await import("node:fs");
const { explain, View } = await import(`${scripts}answering.js`);
const { readReports } = await import(`${scripts}reading/reader.js`);
const { joinRecords } = await import(`${scripts}joining.js`);
const { Vocabulary } = await import(`${scripts}report.js`);
const { withLines } = await import(`${scripts}log_lines.js`);
const { partsFor } = await import(`${scripts}said_parts.js`);
const [table, messages, said] = files.map((file) => JSON.parse(fs.readFileSync(file, "utf8")));
const texts = withLines(table.texts, messages);
// As on the page: no more than a paste asks for.
const textsFor = (reports) =>
  withLines(table.texts, messages, Object.assign({}, ...[...partsFor(reports, texts)].map((part) => said[part] ?? {})));
const vocabulary = Object.assign(new Vocabulary(table, messages), said.questions);
const view = new View(table, table.latest);
const { now, pastes } = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = pastes.map((paste) => {
  const { reports = [] } = readReports(paste, vocabulary);
  return joinRecords(reports, view.powerStates).map((one) => explain(view, textsFor(reports), one, now));
});
process.stdout.write(JSON.stringify(answers));
"""
needs_node = pytest.mark.skipif(_NODE is None, reason="needs node; test_lookup.py compares in a browser")


def answers_of_the_page(pastes: Sequence[str], folder: Path) -> list[Any]:
    """What the scripts answer to each of some pastes, in English; the tables that they read are put into a folder."""
    fetched = page_tables("en")
    parts = json.dumps({part: json.loads(text) for part, text in fetched.said.items()})
    for name, text in zip(_NAMES, (fetched.tables, fetched.messages, parts), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        [str(_NODE), "--input-type=module", "-e", _SCRIPT, str(_ROOT), *(str(folder / name) for name in _NAMES)],
        input=json.dumps({"now": NOW, "pastes": list(pastes)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answers: list[Any] = json.loads(run.stdout)
    return answers

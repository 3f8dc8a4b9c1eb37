"""The page that compares two releases: it says what `nova-states diff` says, of any two of them, in both languages."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.change_wording import markdown_lines
from nova_states.catalog.noticed_changes import changes_between, later_point_releases
from nova_states.explanations.languages import LANGUAGES
from nova_states.site.compare_files import COMPARED, render_compare_files, words_file

ROOT = Path(__file__).parents[2]
PAIRS, SOME = 48, 16
RUN = """
import { readFileSync } from "node:fs";
const { Comparison } = await import(process.argv[1]);
const { folder, pairs, series } = JSON.parse(readFileSync(0, "utf-8"));
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf-8"));
const { tables, words } = read("all.json");
const seriesOf = (version) => series.find((versions) => versions.includes(version));
const told = {};
for (const language of Object.keys(words)) {
  const comparison = new Comparison(tables, words[language], seriesOf);
  told[language] = pairs.map(([before, after]) => comparison.markdown(before, after));
}
process.stdout.write(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    """Pairs over all releases, either way round, and of each sort one that is always there."""
    drawn = random.Random(11)
    # Reading a release takes longer than comparing it: many pairs of some releases.
    some = drawn.sample(list(catalog.versions), SOME)
    found = [(one, other) for one, other in (drawn.sample(some, 2) for _ in range(PAIRS))]
    return [*found, ("33.0.2", "34.0.0"), ("34.0.0", "33.0.2"), ("26.0.0", "27.0.0"), ("25.0.0", "25.0.0")]


@pytest.fixture(scope="module")
def files(catalog: Catalog) -> dict[str, str]:
    return render_compare_files(catalog)


def said(catalog: Catalog, before: str, after: str) -> dict[str, str]:
    """What the command prints of two releases by language, without what it adds of places that were not read."""
    one, other = catalog.release(before), catalog.release(after)
    changes = changes_between(one, other, lambda *_: False, later_point_releases(catalog, one, other))
    return {language: "\n".join(markdown_lines(changes, before, after, language)) for language in LANGUAGES}


def test_the_page_says_what_the_command_says(
    catalog: Catalog, files: dict[str, str], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    tables = [json.loads(text) for path, text in files.items() if path.startswith(COMPARED) and "words" not in path]
    words = {language: json.loads(files[words_file(language)]) for language in LANGUAGES}
    (tmp_path / "all.json").write_text(json.dumps({"tables": tables, "words": words}), encoding="utf-8")
    script = ROOT / "docs/assets/compare/comparison.js"
    series = [catalog.versions_of(one) for one in catalog.series]
    result = subprocess.run(
        [shutil.which("node") or "node", "--input-type=module", "-e", RUN, str(script)],
        input=json.dumps({"folder": str(tmp_path), "pairs": pairs, "series": series}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    for place, (before, after) in enumerate(pairs):
        assert {language: told[language][place] for language in LANGUAGES} == said(catalog, before, after)

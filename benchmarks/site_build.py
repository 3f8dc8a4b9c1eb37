"""Compares builds of the site with a plain Material for MkDocs build of the same pages, in CPU seconds.

Plain means what one would write first: Markdown with Markdown tables, one flat navigation, one search index. Ours makes
beside its pages what they show of every other release and what the page of the comparison fetches. It is built three
times in a copy of the checkout, with no site/ and no build/docs: with nothing kept from any build before; with the
tables that the first one kept, of the lookup in the user's cache, of other releases in build/lens and of the search's
words in build/learned; and with the rendered pages in build/pages too. Run it in the checkout, with the environment
that `make site` made:

    .venv/bin/python benchmarks/site_build.py
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT_FROM = ("docs", "generator", "templates")
ASSEMBLED = "build/docs"
RUNS = {
    "nothing kept": ("build", 0.48),
    "tables kept": ("build/pages", 0.36),
    "tables and pages kept": (ASSEMBLED, 0.36),
}
"""What is kept → what is removed besides build/docs, and what ours by plain is to be at most."""
_VERBATIM = ("svg", "pre")
_MARKS = {"code": "`", "strong": "**", "b": "**", "em": "*", "i": "*"}


class _MarkdownWriter(HTMLParser):
    """Turns the HTML of a generated page's body into the Markdown a person would have written."""

    def __init__(self, source: str, pages: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._source = source
        self._pages = pages
        self._links: list[str] = []
        self._row: list[str] | None = None
        self._rows = 0
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._verbatim or tag in _VERBATIM:
            self._verbatim += tag in _VERBATIM
            self.text.append(self.get_starttag_text() or "")
        elif tag == "table":
            self._rows = 0
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append("")
        elif tag == "a":
            self._links.append(self._source_link(dict(attrs).get("href") or "#"))
            self._write("[")
        elif tag == "li":
            self._write("\n- ")
        else:
            self._write(_MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._verbatim:
            self._verbatim -= tag in _VERBATIM
            self.text.append(f"</{tag}>")
        elif tag == "tr" and self._row is not None:
            self.text.append(f"| {' | '.join(self._row)} |\n")
            if not self._rows:
                self.text.append("|---" * len(self._row) + "|\n")
            self._rows += 1
            self._row = None
        elif tag == "a":
            self._write(f"]({self._links.pop()})")
        elif tag in {"p", "div", "ul", "ol", "table", "summary", "details"}:
            self._write("\n\n")
        else:
            self._write(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self._write(data)

    def _write(self, text: str) -> None:
        if self._row is None or self._verbatim:
            self.text.append(text)
        elif self._row:
            self._row[-1] += text.replace("\n", " ").replace("|", "\\|")

    def _source_link(self, href: str) -> str:
        """Return a link between source files for one between addresses, as MkDocs wants to be given."""
        address, hash_, anchor = href.partition("#")
        if not address or "://" in address:
            return href
        here = self._source.removesuffix("index.md").removesuffix(".md") + "/"
        target = posixpath.normpath(posixpath.join(here, address.partition("?")[0]))
        for page in (f"{target}.md", f"{target}/index.md"):
            if page in self._pages:
                return posixpath.relpath(page, posixpath.dirname(self._source)) + hash_ + anchor
        return "#"


def write_plain(assembled: Path, target: Path) -> int:
    """Write the plain twin of a folder build/docs below `target` and return how many pages it has."""
    files = sorted(assembled.rglob("*.md"))
    pages = frozenset(file.relative_to(assembled).as_posix() for file in files)
    for page in sorted(pages):
        head, separator, body = (assembled / page).read_text(encoding="utf-8").rpartition("\n---\n")
        writer = _MarkdownWriter(page, pages)
        writer.feed(body)
        writer.close()
        title = re.search(r'"title": (".*?[^\\]")', head)
        front = f"---\ntitle: {title[1]}\n---\n\n" if title else head + separator
        file = target / "docs" / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(front + "".join(writer.text), encoding="utf-8")
    (target / "docs/index.md").write_text("# Start\n", encoding="utf-8")
    config = {
        "site_name": "plain",
        "nav": ["index.md", *sorted(pages)],
        "theme": {"name": "material", "font": False},
        "markdown_extensions": ["attr_list", "md_in_html", "tables", {"toc": {"permalink": True}}],
        "plugins": ["search"],
    }
    (target / "mkdocs.yml").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
    return len(pages)


def build(root: Path, site: Path, cache: Path) -> float:
    """Build the site of `root` into `site`, with `cache` as the user's, and return the CPU seconds it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
    env = {**os.environ, "PYTHONPATH": str(root / "generator"), "NOVA_STATES_CACHE": str(cache)}
    subprocess.run(command, cwd=root, env=env, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print all figures and the ratios; exit status 1 when one is above its goal."""
    with tempfile.TemporaryDirectory() as folder:
        root, plain, cache = (Path(folder) / name for name in ("ours", "plain", "cache"))
        for part in BUILT_FROM:
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "mkdocs.yml", root)
        ours = {}
        for name, (removed, _) in RUNS.items():
            for part in (ASSEMBLED, removed):
                shutil.rmtree(root / part, ignore_errors=True)
            ours[name] = build(root, Path(folder) / name, cache)
        pages = write_plain(root / ASSEMBLED, plain)
        of_plain = build(plain, Path(folder) / "site", cache)
    print(f"{pages} pages: plain {of_plain:.1f} s of CPU")
    for name, seconds in ours.items():
        print(f"{name}: {seconds:.1f} s; ratio {seconds / of_plain:.2f} (goal: at most {RUNS[name][1]})")
    return int(any(seconds / of_plain > RUNS[name][1] for name, seconds in ours.items()))


if __name__ == "__main__":
    sys.exit(main())

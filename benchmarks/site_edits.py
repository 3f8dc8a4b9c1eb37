"""What an edit costs under `mkdocs serve`, in CPU seconds from the change to the rebuilt site.

Serves a copy of the checkout, changes one file of each sort people change, and looks at what the server's process has
used until it says that the site is built again. Each change is made twice; the second is told, as the first may load
what a server that runs for a while has loaded. Linux alone tells of a process that goes on (`/proc`). Run it in the
checkout, with the environment that `make site` made:

    .venv/bin/python benchmarks/site_edits.py
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("docs", "generator", "templates")
EDITS = {
    "a guide": ("docs/en/guide/waiting.md", 2.0),
    "a style": ("docs/assets/site.css", 2.0),
    "an explanation": ("docs/explanations/vm_state/stopped.yml", 2.0),
    "an explanation of an action": ("docs/explanations/action/rebuild.yml", 2.0),
    "a template": ("templates/pages/state.md.jinja", 3.0),
    "a macro": ("templates/macros/parts.jinja", 3.0),
    "a file of the theme": ("templates/theme/partials/alternate.html", 3.0),
}
"""What is edited → the file, and the seconds that it is to take at most."""
PATIENCE = 600
_BUILT = "Documentation built"


def main() -> int:
    """Print all figures; exit status 1 when one is above its goal."""
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        root, log = Path(folder) / "ours", Path(folder) / "log.txt"
        for part in COPIED:
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "mkdocs.yml", root)
        with log.open("w", encoding="utf-8") as output, serve(root, Path(folder) / "cache", output) as process:
            try:
                _await(log, 1)
                print(f"start: {_used(process.pid):.1f} s", flush=True)
                built = 1
                for name, (path, goal) in EDITS.items():
                    for turn in (1, 2):
                        time.sleep(1)
                        before = _used(process.pid)
                        change(root / path, turn)
                        built += 1
                        _await(log, built)
                        seconds = _used(process.pid) - before
                    print(f"{name}: {seconds:.1f} s (goal: at most {goal})", flush=True)
                    status |= seconds > goal
            finally:
                process.terminate()
    return status


def serve(root: Path, cache: Path, output: object) -> subprocess.Popen[bytes]:
    """`mkdocs serve` of a checkout, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": str(root / "generator"), "NOVA_STATES_CACHE": str(cache), "SITE_URL": ""}
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    return subprocess.Popen(command, cwd=root, env=env, stdout=output, stderr=output)  # type: ignore[call-overload,no-any-return]


def change(file: Path, turn: int) -> None:
    """Change what a file says: the English summary of an explanation, else by something at its end."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".yml":
        head, key, summary = text.partition("summary:\n")
        text = head + key + summary.replace("  en: ", f"  en: Edit {turn}. ", 1)
    elif file.suffix == ".css":
        text += f"\n.edited-{turn} {{ color: inherit; }}\n"  # comments are not published
    elif "macros" in file.parts:
        text += f"\n{{%- macro edited_{turn}() -%}}{turn}{{%- endmacro -%}}\n"
    else:
        text += f"\n<p>{turn}</p>\n"
    file.write_text(text, encoding="utf-8")


def _await(log: Path, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while log.read_text(encoding="utf-8").count(_BUILT) < count:
        if time.monotonic() > end:
            raise SystemExit(log.read_text(encoding="utf-8"))
        time.sleep(0.1)


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())

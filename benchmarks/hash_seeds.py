"""Reads every release from an empty store under three hash seeds, and compares the bytes with those that are stored.

What is read may depend on the source alone, not on the order of a set, the number of workers or what was stored
before. It takes as long as `make facts` three times over. Run it in the checkout, with the environment that `make site`
made and a clone of Nova:

    .venv/bin/python benchmarks/hash_seeds.py ~/nova
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nova_states.facts.snapshots import DATA

SEEDS = (0, 1, 2)

READ = """
import sys
from pathlib import Path
from nova_states.cli import extract, main
from nova_states.facts.snapshots import load_snapshots

extract.load_snapshots = lambda: load_snapshots(Path(sys.argv[1]))
sys.exit(main(["extract", "--git", sys.argv[2], "--workers", sys.argv[3]]))
"""


def main(repository: Path) -> int:
    """Print how long each reading took and which files differ; exit status 1 if any does."""
    stored = contents(DATA)
    differing: set[str] = set()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            before = time.monotonic()
            # The number of workers differs from run to run as well: it may not show either.
            command = [sys.executable, "-c", READ, folder, str(repository), str(1 + (seed + 1) % 2)]
            subprocess.run(
                command, env=os.environ | {"PYTHONHASHSEED": str(seed)}, check=True, stdout=subprocess.DEVNULL
            )
            found = contents(Path(folder))
            wrong = sorted(path for path in stored.keys() | found.keys() if stored.get(path) != found.get(path))
            print(f"seed {seed}: {time.monotonic() - before:.0f} s, {len(wrong)} files differ from the stored facts")
            differing.update(wrong)
    for path in sorted(differing):
        print(f"  {path}")
    return int(bool(differing))


def contents(folder: Path) -> dict[str, bytes]:
    """Path → bytes of all files of a store."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its argument
        sys.exit("usage: benchmarks/hash_seeds.py CLONE-OF-NOVA")
    sys.exit(main(Path(sys.argv[1])))

"""Times the introspection of one Nova tree, kind by kind, beside what parsing the files it reads takes.

Machines differ and are noisy, so the ratio is the figure to compare; the goal in seconds is what a person waits. Run it
in the checkout, with the environment that `make site` made and a tree of Nova, such as a clone of it:

    .venv/bin/python benchmarks/introspection.py ~/nova
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from nova_states.introspection.extraction import EXTRACTORS, read_tree
from nova_states.introspection.modules import WHOLE
from nova_states.introspection.parsing import parse
from nova_states.source.directory import open_directory

GOAL = 13.0
"""CPU seconds for everything that is known of one release."""


def main(folder: Path) -> int:
    """Print the CPU seconds of each kind and their sum; exit status 1 when it is above the goal."""
    tree = open_directory(folder)
    reads: set[str] = set()
    total = 0.0
    before = time.process_time()
    for reading in read_tree(tree):
        spent = time.process_time() - before
        total += spent
        reads |= {
            path for path, blob in reading.reads.items() if blob is not None and path.endswith(".py") and path != WHOLE
        }
        print(f"{reading.kind:12} {spent:6.2f} s  {len(reading.section.facts):4} facts")
        before = time.process_time()
    for path in sorted(reads):
        parse(tree.read(path), path)
    parsing = time.process_time() - before
    print(
        f"{len(EXTRACTORS)} kinds: {total:.1f} s of CPU (goal: at most {GOAL:g});"
        f" parsing all {len(reads)} files that were looked at: {parsing:.1f} s; ratio {total / parsing:.1f}"
    )
    return int(total > GOAL)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its argument
        sys.exit("usage: benchmarks/introspection.py FOLDER-THAT-HOLDS-NOVA")
    sys.exit(main(Path(sys.argv[1])))

"""Many commands of `openstack`, unmodified, in one process: starting it takes twenty times what it does.

Run by a Python that has the wheels of requirements-client.txt. Each line of standard input is a command's arguments as
JSON, each line of standard output its exit status and what it printed, {"status": …, "text": …}; it ends when its
standard input does.
"""

import contextlib
import io
import json
import sys
from typing import Any

from openstackclient import shell


def run(arguments: list[str]) -> dict[str, Any]:
    """What the command would print to a file, standard output and standard error in one."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            status = shell.main(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return {"status": status or 0, "text": printed.buffer.getvalue().decode()}


def main() -> None:
    """Answer lines until there are no more."""
    answers = sys.stdout
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

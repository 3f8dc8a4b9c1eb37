"""Changes Nova's files at random and reads them with `nova-states facts`: no traceback, and no run without end.

    .venv/bin/python -m benchmarks.random_changes ~/nova --minutes 10 --seed 1

A run changes a few of the files that mention states, in a copy of the folder. One that fails is tried with less and
less of its changes, and printed with those that it takes. The same seed draws the same runs.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nova_states.cli import main as run_command
from tests.introspection.random_changes import change

PATIENCE = 60
"""Seconds of processor time that a run may take; the release itself takes about ten."""
MOST_CHANGES = 25
_TELLING = ("vm_state", "task_state", "power_state", "service_is_up", "InstanceInvalidState")
_ALWAYS = (
    *("nova/compute/vm_states.py", "nova/compute/task_states.py", "nova/compute/power_state.py"),
    *("nova/exception.py", "nova/api/openstack/compute/routes.py"),
)
_OFTEN = ("nova/compute/api.py", "nova/compute/manager.py", "nova/api/openstack/common.py")


class OutOfTimeError(BaseException):
    """A run took too long; no `except Exception` holds it up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One change: its own seed, so that it can be made with or without the others."""

    path: str
    seed: int


def main() -> int:
    """Print each run that failed and how many there were; exit status 1 if any failed."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(options.nova / "nova", root / "nova", ignore=shutil.ignore_patterns("tests", "locale"))
        (root / "setup.cfg").write_text("[metadata]\nname = nova\n", encoding="utf-8")
        originals = dict(_telling(root))
        _arm()
        begin, slowest, number, failed = time.process_time(), 0.0, 0, 0
        while time.process_time() - begin < options.minutes * 60:
            steps = _steps(random.Random(f"{options.seed} {number}"), sorted(originals))
            before = time.process_time()
            error = _read(root, originals, steps)
            slowest = max(slowest, time.process_time() - before)
            if error:
                failed += 1
                least = _fewest(root, originals, steps, error)
                print(f"run {number}: {error.splitlines()[-1]}")
                print("".join(f"  {_shown(originals, least, step)}" for step in least), error, flush=True)
            number += 1
        print(f"seed {options.seed}: {number} runs, {failed} failed, the slowest took {slowest:.0f} s")
    return int(failed > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Read a Nova that is changed at random.")
    parser.add_argument("nova", type=Path, help="a folder that holds nova/")
    parser.add_argument("--minutes", type=float, default=1, help="processor time to spend")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _telling(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of the files that mention states."""
    for file in sorted((root / "nova").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        path = file.relative_to(root).as_posix()
        if path in _ALWAYS or any(word in text for word in _TELLING) or path.startswith("nova/conf/"):
            yield path, text


def _steps(chance: random.Random, paths: list[str]) -> list[Step]:
    weighted = [*paths, *_ALWAYS * 8, *_OFTEN * 20]
    return [
        Step(path=chance.choice(weighted), seed=chance.randrange(2**32)) for _ in range(chance.randint(1, MOST_CHANGES))
    ]


def _changed(originals: dict[str, str], steps: list[Step]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for step in steps:
        texts[step.path] = change(texts.get(step.path, originals[step.path]), random.Random(step.seed))
    return texts


def _read(root: Path, originals: dict[str, str], steps: list[Step]) -> str:
    """What went wrong in a run, as Python prints it; empty where nothing did."""
    texts = _changed(originals, steps)
    try:
        for path, text in texts.items():
            (root / path).write_text(text, encoding="utf-8", errors="surrogatepass")
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            run_command(["facts", "--tree", str(root), "--format", "json"])
    except (Exception, OutOfTimeError):  # noqa: BLE001 - whatever it is, it is what is looked for
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        for path in texts:
            (root / path).write_text(originals[path], encoding="utf-8")
    return ""


def _arm() -> None:
    def stop(*_: object) -> None:
        raise OutOfTimeError(f"took more than {PATIENCE} s of processor time")

    signal.signal(signal.SIGVTALRM, stop)


def _fewest(root: Path, originals: dict[str, str], steps: list[Step], error: str) -> list[Step]:
    """Changes without which the run ends otherwise: halves are left out while they can be, then single ones."""
    size = len(steps) // 2
    while size and len(steps) > 1:
        for begin in range(0, len(steps), size):
            less = steps[:begin] + steps[begin + size :]
            if less and _read(root, originals, less).splitlines()[-1:] == error.splitlines()[-1:]:
                steps = less
                break
        else:
            size //= 2
    return steps


def _shown(originals: dict[str, str], steps: list[Step], step: Step) -> str:
    """A change as the lines of a difference to what was there before it."""
    place = steps.index(step)
    before = _lines(_changed(originals, steps[:place]).get(step.path, originals[step.path]))
    after = _lines(_changed(originals, steps[: place + 1])[step.path])
    kept = set(before) & set(after)
    lost = [line.strip() for line in before if line not in kept]
    gained = [line.strip() for line in after if line not in kept]
    return f"{step.path}: {' / '.join(lost[:3])} → {' / '.join(gained[:3])}\n"


def _lines(text: str) -> list[str]:
    """The lines of a source, as a syntax tree writes them where it is one."""
    with contextlib.suppress(SyntaxError, ValueError):
        text = ast.unparse(ast.parse(text))
    return text.splitlines()


if __name__ == "__main__":
    raise SystemExit(main())

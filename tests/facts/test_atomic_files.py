"""Files that are written together are all old or all new, whenever and however the writing ends."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.facts.atomic_files import read_current, write_together

OLD = {"versions.jsonl": "1 old\n", "guards/rows.jsonl": "2 old\n", "guards/same.jsonl": "same\n"}
NEW = {
    "versions.jsonl": "1 new\n",
    "guards/rows.jsonl": "2 new\n",
    "guards/same.jsonl": "same\n",
    "more/x.jsonl": "3\n",
}

KILLED = """
import os, sys
from pathlib import Path
from nova_states.facts import atomic_files
from tests.facts.test_atomic_files import NEW

folder, point = Path(sys.argv[1]), int(sys.argv[2])
for place in range(point, point + 40):
    child = os.fork()
    if child == 0:
        left = place

        def counted(operation):
            def call(*arguments, **keywords):
                global left
                left -= 1
                if left < 0:
                    os._exit(9)  # as a kill does: nothing is tidied up
                return operation(*arguments, **keywords)
            return call

        for name in ("open", "mkdir", "replace", "unlink"):
            setattr(Path, name, counted(getattr(Path, name)))
        os.fsync = counted(os.fsync)
        atomic_files.write_together(folder / str(place), NEW)
        os._exit(0)
    print(place, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def read(folder: Path) -> dict[str, str]:
    return {name: text for name in NEW if (text := read_current(folder, name)) is not None}


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_together(tmp_path, OLD)
    return tmp_path


def test_all_is_written_and_nothing_left_beside(folder: Path) -> None:
    same = (folder / "guards" / "same.jsonl").stat()
    write_together(folder, NEW)
    assert read(folder) == NEW
    assert left_over(folder) == []
    assert (folder / "guards" / "same.jsonl").stat().st_mtime_ns == same.st_mtime_ns


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
def test_killed_at_any_point_all_is_old_or_all_new(tmp_path: Path) -> None:
    for place in range(40):
        write_together(tmp_path / str(place), OLD)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), "0"], check=True, capture_output=True, text=True
    )
    statuses = {int(place): int(status) for place, status in map(str.split, done.stdout.splitlines())}
    found = {place: read(tmp_path / str(place)) for place in statuses}
    killed = [place for place, status in statuses.items() if status == 9]
    assert len(killed) > 12
    assert 0 in statuses.values()
    assert all(texts in (OLD, NEW) for texts in found.values())
    assert {str(found[place]) for place in killed} == {str(OLD), str(NEW)}
    for place in statuses:
        write_together(tmp_path / str(place), NEW)
        assert read(tmp_path / str(place)) == NEW
        assert left_over(tmp_path / str(place)) == []


@pytest.mark.parametrize("place", range(4))
def test_on_a_full_disk_all_stays_old(folder: Path, monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    left = place

    def fail(number: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fdatasync(number)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="No space left on device; what is stored is whole"):
        write_together(folder, NEW)
    assert read(folder) == OLD
    assert left_over(folder) == []


def test_what_cannot_be_moved_is_read_where_it_was_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if target.name == "rows.jsonl":
            raise OSError(errno.EIO, "broken", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match=r"rows\.jsonl: broken"):
        write_together(folder, NEW)
    assert read(folder) == NEW
    monkeypatch.undo()
    write_together(folder, OLD)
    assert {name: text for name, text in read(folder).items() if name in OLD} == OLD
    assert left_over(folder) == []


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "versions.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"versions\.jsonl: cannot be read"):
        read_current(folder, "versions.jsonl")

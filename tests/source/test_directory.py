"""What of a folder is read, which version it is of, and what of it is refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from nova_states.errors import InputError
from nova_states.source.directory import open_directory
from nova_states.source.tree import LANDMARK, MAX_FILE_SIZE, blob_id
from tests.source.samples import NOVA, make_repository, run_git, write_files

if TYPE_CHECKING:
    from pathlib import Path

PACKAGED = b"Name: nova\nVersion: 33.0.2\n"


def test_reads_what_is_there(tmp_path: Path) -> None:
    tree = open_directory(write_files(tmp_path))
    assert {path: tree.read(path) for path in tree.files("nova")} == NOVA
    assert all(tree.blob(path) == blob_id(content) for path, content in NOVA.items())
    assert tree.files("nova/conf") == ("nova/conf/compute.py", "nova/conf/deep/base.py")
    assert (tree.origin.kind, tree.origin.digest, tree.version) == ("directory", None, None)


@pytest.mark.parametrize("path", ["nova/absent.py", "nova/conf", "nova/__init__.py/x"])
def test_tells_what_is_not_there(tmp_path: Path, path: str) -> None:
    tree = open_directory(write_files(tmp_path))
    assert tree.blob(path) is None
    assert not tree.files(f"{path}/absent")
    with pytest.raises(InputError, match=rf"{path}: there is no such file"):
        tree.read(path)


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"PKG-INFO": PACKAGED}, "33.0.2"),
        ({"nova-33.0.2.dist-info/METADATA": PACKAGED}, "33.0.2"),
        ({"nova-33.0.2.egg-info/PKG-INFO": PACKAGED}, "33.0.2"),
        ({"nova-33.0.2.dist-info/METADATA": PACKAGED, "nova-lxd.egg-info/PKG-INFO": b"Name: nova-lxd"}, "33.0.2"),
        ({"PKG-INFO": PACKAGED, "nova-1.dist-info/METADATA": b"Name: nova\nVersion: 1.0.0\n"}, None),
        ({"PKG-INFO": b"Name: other\nVersion: 1.0.0\n"}, None),
        ({"PKG-INFO": PACKAGED, ".git/HEAD": b"not a repository"}, None),
    ],
)
def test_version_of_a_package(tmp_path: Path, files: dict[str, bytes], version: str | None) -> None:
    assert open_directory(write_files(tmp_path, NOVA | files)).version == version


@pytest.mark.parametrize(
    ("tags", "version"),
    [(["33.0.0.0rc1", "33.0.0"], "33.0.0"), (["33.0.0.0rc1"], None), (["mitaka-eol"], None), ([], None)],
)
def test_version_of_a_checkout(tmp_path: Path, tags: list[str], version: str | None) -> None:
    assert open_directory(make_repository(tmp_path, tags)).version == version


def test_checkout_past_a_release_has_no_version(tmp_path: Path) -> None:
    make_repository(tmp_path, ["33.0.0"])
    run_git(tmp_path, "commit", "--quiet", "--allow-empty", "--message=more")
    assert open_directory(tmp_path).version is None


def _link(place: Path, target: str) -> None:
    place.symlink_to(target)


def _write_too_much(place: Path, _: str) -> None:
    place.write_bytes(b"")
    os.truncate(place, MAX_FILE_SIZE + 1)


def _make_pipe(place: Path, _: str) -> None:
    os.mkfifo(place)


@pytest.mark.parametrize(
    ("make", "target", "message"),
    [
        (_link, "../../secret.py", "leads out of the folder"),
        (_link, "/dev/null", "leads out of the folder"),
        (_link, "odd.py", "Too many levels of symbolic links"),
        (_write_too_much, "", "more than any file of Nova has"),
        (_make_pipe, "", "no regular file"),
    ],
)
def test_refuses_odd_files(tmp_path: Path, make: object, target: str, message: str) -> None:
    (tmp_path / "secret.py").write_text("secret")
    tree = open_directory(write_files(tmp_path / "tree"))
    assert callable(make)
    make(tmp_path / "tree/nova/odd.py", target)
    # It is listed, so that it is not overlooked, and cannot be read.
    assert "nova/odd.py" in tree.files("nova")
    for read in (tree.read, tree.blob):
        with pytest.raises(InputError, match=message):
            read("nova/odd.py")


@pytest.mark.parametrize("path", ["../secret.py", "nova/../../secret.py", "/etc/hostname", "nova/out/secret.py"])
def test_refuses_ways_out(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.py").write_text("secret")
    tree = open_directory(write_files(tmp_path / "tree"))
    (tmp_path / "tree/nova/out").symlink_to(tmp_path)
    with pytest.raises(InputError, match="leads out of the folder"):
        tree.read(path)


@pytest.mark.parametrize("folder", ["nova", "nova/linked"])
def test_refuses_to_list_linked_folders(tmp_path: Path, folder: str) -> None:
    tree = open_directory(write_files(tmp_path / "tree"))
    (tmp_path / "tree/nova/linked").symlink_to(tmp_path / "tree/nova/conf")
    with pytest.raises(InputError, match="linked: is a link to a folder"):
        tree.files(folder)


def test_follows_links_inside_of_the_folder(tmp_path: Path) -> None:
    (write_files(tmp_path / "tree") / "nova/linked.py").symlink_to("conf/deep/base.py")
    (tmp_path / "alias").symlink_to("tree")
    assert open_directory(tmp_path / "alias").read("nova/linked.py") == NOVA["nova/conf/deep/base.py"]


@pytest.mark.parametrize(
    ("files", "path", "message"),
    [
        ({}, "absent", "absent: there is no such folder"),
        ({"file": b""}, "file", "file: this is no folder"),
        ({"nova/__init__.py": b""}, ".", f"holds no {LANDMARK}"),
        (NOVA, "nova", "this is the package itself; give the folder it is in, "),
        (NOVA, "nova/conf", f"conf: holds no {LANDMARK}"),
    ],
)
def test_refuses_what_is_no_nova(tmp_path: Path, files: dict[str, bytes], path: str, message: str) -> None:
    write_files(tmp_path, files)
    with pytest.raises(InputError, match=message) as raised:
        open_directory(tmp_path / path)
    assert "\n" not in str(raised.value)

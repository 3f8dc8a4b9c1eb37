"""What is read of a repository, and that a stranger's repository can make git do nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nova_states.errors import InputError
from nova_states.source.git import GitRepository
from nova_states.source.tree import MAX_FILE_SIZE, Origin, blob_id
from tests.source.samples import NOVA, make_repository, run_git

if TYPE_CHECKING:
    from pathlib import Path

TAGS = ("mitaka-eol", "33.0.10", "33.0.2", "33.0.0.0rc1", "12.0.0", "2011.3")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("checkout"), TAGS)


@pytest.fixture(scope="module", params=["checkout", "bare", "worktree"])
def repository(request: pytest.FixtureRequest, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    other = tmp_path_factory.mktemp("other") / str(request.param)
    match request.param:
        case "bare":
            run_git(checkout, "clone", "--quiet", "--bare", ".", str(other))
        case "worktree":
            run_git(checkout, "worktree", "add", "--quiet", str(other), "33.0.2")
        case _:
            other = checkout
    return other


def test_reads_a_tag(repository: Path) -> None:
    with GitRepository(repository) as opened:
        assert opened.tags() == ("2011.3", "12.0.0", "33.0.2", "33.0.10")
        tree = opened.tree("33.0.2")
        commit = run_git(repository, "rev-parse", "33.0.2^{commit}")
        assert tree.version == "33.0.2"
        assert tree.origin == Origin(kind="git", reference="33.0.2", digest=commit, date="2026-06-17")
        assert {path: tree.read(path) for path in tree.files("nova")} == NOVA
        assert all(tree.blob(path) == blob_id(content) for path, content in NOVA.items())
        assert tree.files("nova/conf") == ("nova/conf/compute.py", "nova/conf/deep/base.py")


@pytest.mark.parametrize(("tag", "version"), [("33.0.0.0rc1", "33.0.0.0rc1"), ("mitaka-eol", None)])
def test_reads_tags_that_are_no_final_releases(checkout: Path, tag: str, version: str | None) -> None:
    with GitRepository(checkout) as opened:
        assert opened.tree(tag).version == version


@pytest.mark.parametrize("path", ["nova/absent.py", "nova/conf", "README", "nova/linked.py"])
def test_tells_what_is_not_there(tmp_path: Path, path: str) -> None:
    (tmp_path / "nova").mkdir()
    (tmp_path / "nova/linked.py").symlink_to("conf/deep/base.py")
    make_repository(tmp_path, ["33.0.2"], NOVA | {"README": b""})
    with GitRepository(tmp_path) as opened:
        tree = opened.tree("33.0.2")
        assert tree.blob(path) is None
        assert path not in tree.files("nova")
        with pytest.raises(InputError, match=rf"tag 33.0.2: {path}: there is no such file"):
            tree.read(path)


def test_reads_odd_names(tmp_path: Path) -> None:
    odd = {'nova/tab\t"quote"\nline.py': b"1", "nova/한국어.py": b"2"}
    make_repository(tmp_path, ["33.0.2"], NOVA | odd)
    with GitRepository(tmp_path) as opened:
        tree = opened.tree("33.0.2")
        assert {path: tree.read(path) for path in tree.files("nova")} == NOVA | odd


@pytest.mark.parametrize(
    ("tag", "near"),
    [
        ("33.0.9", "33.0.2, 33.0.10"),
        ("mitaka", "33.0.2, 33.0.10"),
        ("33.0.2~0", "33.0.2, 33.0.10"),
        ("33.0.2^{commit}", "33.0.2, 33.0.10"),
        ("--help", "33.0.2, 33.0.10"),
        ("", "33.0.2, 33.0.10"),
    ],
)
def test_names_releases_near_an_unknown_tag(checkout: Path, tag: str, near: str) -> None:
    with GitRepository(checkout) as opened, pytest.raises(InputError) as raised:
        opened.tree(tag)
    assert f"there is no tag {tag!r}; the nearest releases are" in str(raised.value)
    assert near in str(raised.value)


def test_says_how_to_get_tags_where_there_are_none(tmp_path: Path) -> None:
    with GitRepository(make_repository(tmp_path)) as opened, pytest.raises(InputError, match="git fetch --tags"):
        opened.tree("33.0.2")


def test_a_tag_is_never_an_option(tmp_path: Path) -> None:
    make_repository(tmp_path)
    for tag in ("--name-only", "-z"):
        run_git(tmp_path, "update-ref", f"refs/tags/{tag}", "HEAD")
    with GitRepository(tmp_path) as opened:
        assert opened.tree("--name-only").files("nova") == opened.tree("-z").files("nova") == tuple(sorted(NOVA))


def test_a_tag_without_nova(tmp_path: Path) -> None:
    make_repository(tmp_path, ["1.0.0"], {"README": b""})
    with GitRepository(tmp_path) as opened, pytest.raises(InputError, match=r"tag 1\.0\.0: holds no nova/compute"):
        opened.tree("1.0.0")


@pytest.mark.parametrize("folder", ["absent", "empty", "checkout/nova"])
def test_refuses_what_is_no_repository(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    make_repository(tmp_path / "checkout", ["33.0.2"])
    with (
        GitRepository(tmp_path / folder) as opened,
        pytest.raises(InputError, match=rf"{folder}: git cannot read it .*; give a git repository of Nova") as raised,
    ):
        opened.tags()
    assert "\n" not in str(raised.value)


def test_asks_for_git_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="git is not installed"):
        GitRepository(tmp_path).tags()


def test_the_users_surroundings_do_not_matter(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path / "other", ["1.0.0"])
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "other/.git/objects"))
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    with GitRepository(checkout) as opened:
        tree = opened.tree("33.0.2")
        assert tree.origin.date == "2026-06-17"
        assert tree.read("nova/conf/deep/base.py") == NOVA["nova/conf/deep/base.py"]


def test_a_partial_clone_runs_nothing_to_get_what_it_lacks(tmp_path: Path) -> None:
    make_repository(tmp_path / "full", ["33.0.2"])
    run_git(tmp_path / "full", "config", "uploadpack.allowFilter", "true")
    partial, trap, sprung = tmp_path / "partial", tmp_path / "trap", tmp_path / "sprung"
    run_git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{tmp_path}/full", str(partial))
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
    trap.chmod(0o755)
    run_git(partial, "config", "remote.origin.uploadpack", str(trap))
    run_git(partial, "config", "protocol.file.allow", "always")
    with (
        GitRepository(partial) as opened,
        pytest.raises(InputError, match=r"vm_states\.py: its content is not in the repository; clone it in full"),
    ):
        opened.tree("33.0.2").read("nova/compute/vm_states.py")
    assert not sprung.exists()


def test_a_replaced_object_is_not_read(tmp_path: Path) -> None:
    make_repository(tmp_path, ["33.0.2"])
    other = run_git(tmp_path, "hash-object", "-w", "--stdin", content=b"other")
    run_git(tmp_path, "replace", "HEAD:nova/conf/deep/base.py", other)
    with GitRepository(tmp_path) as opened:
        assert opened.tree("33.0.2").read("nova/conf/deep/base.py") == NOVA["nova/conf/deep/base.py"]


def test_goes_on_after_a_file_that_is_too_large(tmp_path: Path) -> None:
    make_repository(tmp_path, ["33.0.2"], NOVA | {"nova/large.py": bytes(MAX_FILE_SIZE + 1)})
    with GitRepository(tmp_path) as opened:
        tree = opened.tree("33.0.2")
        with pytest.raises(InputError, match=r"nova/large\.py: \d+ bytes are more than any file of Nova has"):
            tree.read("nova/large.py")
        assert tree.read("nova/conf/deep/base.py") == NOVA["nova/conf/deep/base.py"]

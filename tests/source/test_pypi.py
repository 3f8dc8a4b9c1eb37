"""What is fetched from a package index, what is kept of it, and what is refused; through the real pip."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.source.pypi import PyPI
from nova_states.source.tree import blob_id
from tests.source.samples import NOVA, pack_wheel, write_files, write_index

WHEEL = "nova-33.0.2-py3-none-any.whl"
TAGGED = (Path(__file__).parent / "data/33.0.2.ls-tree").read_text(encoding="ascii").splitlines()


@pytest.fixture
def pypi(tmp_path: Path) -> PyPI:
    return PyPI(tmp_path / "cache")


def kept(pypi: PyPI) -> list[Path]:
    """All that is in the cache, folders of what has gone apart."""
    return [place for place in pypi.cache.rglob("*") if place.is_file()]


@pytest.mark.usefixtures("index")
def test_lists_final_releases(pypi: PyPI) -> None:
    assert pypi.versions() == ("9.0.0", "33.0.2", "33.0.10")


def test_downloads_once(pypi: PyPI, index: Path) -> None:
    tree = pypi.tree("33.0.2")
    assert (tree.version, tree.origin.kind, tree.origin.reference) == ("33.0.2", "pypi", WHEEL)
    assert [place.name for place in kept(pypi)] == [WHEEL]
    index.unlink()
    assert pypi.tree("33.0.2").origin == tree.origin


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("share", [0, 0.5])
def test_downloads_again_what_was_damaged_in_the_cache(pypi: PyPI, share: float) -> None:
    pypi.tree("33.0.2")
    (wheel,) = kept(pypi)
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[: int(len(whole) * share)])
    assert pypi.tree("33.0.2").read("nova/conf/deep/base.py") == NOVA["nova/conf/deep/base.py"]
    assert [place.read_bytes() for place in kept(pypi)] == [whole]


def test_refuses_a_wheel_that_the_index_does_not_vouch_for(pypi: PyPI, index: Path) -> None:
    index.with_name(WHEEL).write_bytes(pack_wheel(files=NOVA | {"nova/more.py": b""}))
    with pytest.raises(InputError, match="the wheel is not the one whose sha256 the index gives"):
        pypi.tree("33.0.2")
    assert not kept(pypi)


def test_keeps_nothing_that_is_no_sound_wheel_of_nova(pypi: PyPI, index: Path) -> None:
    write_index(index.parents[1], {WHEEL: pack_wheel(files=NOVA | {"nova/bomb.py": bytes(1024 * 1024)})})
    with pytest.raises(InputError, match=f"{WHEEL}: has a member"):
        pypi.tree("33.0.2")
    assert not kept(pypi)


def test_never_runs_an_sdist(pypi: PyPI, index: Path, tmp_path: Path) -> None:
    packed = io.BytesIO()
    setup = f"open({str(tmp_path / 'sprung')!r}, 'w')".encode()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("nova-13.1.4/setup.py")
        member.size = len(setup)
        archive.addfile(member, io.BytesIO(setup))
    write_index(index.parents[1], {WHEEL: pack_wheel(), "nova-13.1.4.tar.gz": packed.getvalue()})
    with pytest.raises(InputError, match=r"nova 13\.1\.4 has no wheel on the package index \(nearest: 33\.0\.2\)"):
        pypi.tree("13.1.4")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.usefixtures("index")
def test_runs_no_pip_but_its_own(pypi: PyPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')".encode()
    monkeypatch.chdir(write_files(tmp_path / "here", {"pip/__init__.py": b"", "pip/__main__.py": trap}))
    assert pypi.tree("33.0.2").version == "33.0.2"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("version", ["", "mitaka", "--help", "../33.0.2", "33.0.2 other", "33.0.2,33.0.3", "*"])
def test_refuses_what_is_no_version(pypi: PyPI, version: str) -> None:
    with pytest.raises(InputError, match=r"is no version; give one such as 33\.0\.2"):
        pypi.tree(version)


@pytest.mark.usefixtures("pip_alone")
def test_says_what_to_do_without_network(pypi: PyPI, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 9 discards, where anything listens at all.
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for ask in (pypi.versions, lambda: pypi.tree("33.0.2")):
        with pytest.raises(InputError, match=r"see that the network works, or use --tree or --git") as raised:
            ask()
        assert "\n" not in str(raised.value)
    assert not kept(pypi)


def test_passes_on_what_pip_complained_of(pypi: PyPI, index: Path) -> None:
    index.with_name(WHEEL).unlink()
    with pytest.raises(
        InputError, match=rf"from the package index \(.*No such file .*{WHEEL}.*\); see that the network"
    ):
        pypi.tree("33.0.2")


def test_says_what_to_do_without_a_cache(tmp_path: Path) -> None:
    write_files(tmp_path, {"file": b""})
    with pytest.raises(InputError, match=r"file.*; set NOVA_STATES_CACHE to a folder that can be written"):
        PyPI(tmp_path / "file").tree("33.0.2")


@pytest.mark.network
def test_a_wheel_holds_the_same_files_as_its_tag(pypi: PyPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compares with `git ls-tree 33.0.2` of the files that most facts are read from."""
    monkeypatch.setenv("PIP_RETRIES", "0")
    try:
        tree = pypi.tree("33.0.2")
    except InputError as error:
        if "does not answer" not in str(error):
            raise
        pytest.skip(f"needs the network: {error}")
    assert [
        f"100644 blob {blob_id(tree.read(path))}\t{path}" for path in (row.split("\t")[1] for row in TAGGED)
    ] == TAGGED

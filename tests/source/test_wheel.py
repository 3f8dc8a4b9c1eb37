"""What is read of a wheel, and which archives are refused before anything of them is."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from typing import Any

import pytest

from nova_states.errors import InputError
from nova_states.source.tree import MAX_FILE_SIZE, Origin, blob_id
from nova_states.source.wheel import open_wheel
from tests.source import samples
from tests.source.samples import NOVA, pack_wheel

NAME = "nova-33.0.2-py3-none-any.whl"
NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(32))
"""Bytes that no packing makes smaller, so that they are found again in an archive."""


def pack_hostile(*claims: dict[str, Any]) -> bytes:
    """Pack a wheel with an empty member more for each claim, which its entry in the table of contents makes."""
    packed = io.BytesIO(pack_wheel())
    with zipfile.ZipFile(packed, "a") as archive:
        for number, claim in enumerate(claims):
            archive.writestr(f"nova/{number}.py", b"")
            # Once written, because zipfile would mend or refuse most of it.
            for attribute, value in claim.items():
                setattr(archive.infolist()[-1], attribute, value)
    return packed.getvalue()


def test_reads_what_is_there() -> None:
    tree = open_wheel(NAME, pack_wheel(files=NOVA | {"nova-33.0.2.data/data/etc/nova.conf": b""}))
    assert {path: tree.read(path) for path in tree.files("nova")} == NOVA
    assert all(tree.blob(path) == blob_id(content) for path, content in NOVA.items())
    assert tree.files("nova/conf/") == ("nova/conf/compute.py", "nova/conf/deep/base.py")
    assert tree.version == "33.0.2"


def test_origin_is_the_file_its_hash_and_the_day_it_was_built() -> None:
    content = pack_wheel()
    sha256 = hashlib.sha256(content).hexdigest()
    assert open_wheel(NAME, content).origin == Origin(kind="pypi", reference=NAME, digest=sha256, date="2026-07-01")


def test_a_wheel_without_times_has_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "WHEEL_TIME", (1980, 1, 1, 0, 0, 0))
    assert open_wheel(NAME, pack_wheel()).origin.date is None


@pytest.mark.parametrize("path", ["nova/absent.py", "nova/conf", "nova-33.0.2.dist-info/METADATA"])
def test_tells_what_is_not_there(path: str) -> None:
    tree = open_wheel(NAME, pack_wheel())
    assert tree.blob(path) is None
    with pytest.raises(InputError, match=rf"{NAME}: {path}: there is no such file"):
        tree.read(path)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        *(
            ([{"filename": name}], "a path that leads elsewhere")
            for name in (
                "/etc/passwd",
                "../outside.py",
                "nova/../../outside.py",
                "nova/..",
                "./nova/twice.py",
                "nova\\windows.py",
                "..\\outside.py",
                "C:/outside.py",
                "nova/cut.py\0.txt",
                "",
            )
        ),
        ([{"filename": "nova/__init__.py"}], "has two members 'nova/__init__.py'"),
        *(
            ([{"external_attr": kind << 16}], "a link or a device")
            for kind in (stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR)
        ),
        ([{"file_size": MAX_FILE_SIZE + 1, "compress_size": MAX_FILE_SIZE}], f"unpacks to {MAX_FILE_SIZE + 1} bytes"),
        ([{"file_size": 200_000, "compress_size": 1_000}], "unpacks to 200000 bytes"),
        ([{"file_size": MAX_FILE_SIZE, "compress_size": MAX_FILE_SIZE // 2}] * 33, "unpacks to more than 268435456"),
        ([{}] * 20_001, "has 20007 members"),
        ([{"flag_bits": 1}], "encrypted or packed as in no wheel"),
        ([{"compress_type": zipfile.ZIP_LZMA}], "encrypted or packed as in no wheel"),
    ],
)
def test_refuses_hostile_archives(claims: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(InputError) as raised:
        open_wheel(NAME, pack_hostile(*claims))
    assert str(raised.value).startswith(f"{NAME}: ")
    assert reason in str(raised.value)


def test_the_same_claims_without_hostility_are_fine() -> None:
    claims = {"filename": "nova/dots..in.a.name/...", "external_attr": (stat.S_IFREG | 0o755) << 16}
    assert "nova/dots..in.a.name/..." in open_wheel(NAME, pack_hostile(claims)).files("nova")


def test_refuses_a_real_bomb() -> None:
    with pytest.raises(InputError, match=r"'nova/bomb\.py' that unpacks to 1048576 bytes"):
        open_wheel(NAME, pack_wheel(files=NOVA | {"nova/bomb.py": bytes(1024 * 1024)}))


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_refuses_truncated_archives(share: float) -> None:
    whole = pack_wheel()
    with pytest.raises(InputError, match=rf"{NAME}: is damaged \(.*\); download it again"):
        open_wheel(NAME, whole[: int(len(whole) * share)])


@pytest.mark.parametrize(
    ("whole", "damaged"),
    [
        pytest.param(NOISE, NOISE[::-1], id="content"),
        pytest.param(b"\x00\x04\xff\xfb", b"\x00\x04\x00\x00", id="length"),
    ],
)
def test_refuses_damaged_members(whole: bytes, damaged: bytes) -> None:
    content = pack_wheel(files=NOVA | {"nova/noise.py": NOISE})
    assert content.count(whole) == 1
    tree = open_wheel(NAME, content.replace(whole, damaged))
    with pytest.raises(InputError, match=rf"{NAME}: nova/noise\.py: is damaged \(.*\); download the wheel again"):
        tree.read("nova/noise.py")


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"nova/__init__.py": b""}, "33.0.2"),
        (NOVA, "no version"),
    ],
)
def test_refuses_what_is_no_nova(files: dict[str, bytes], version: str) -> None:
    with pytest.raises(InputError, match=rf"{NAME}: holds no nova/compute/vm_states\.py or no metadata of nova"):
        open_wheel(NAME, pack_wheel(version, files))

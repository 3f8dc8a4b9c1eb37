"""The list of what is known not to be read: how it is written, and that neither it nor the facts have more."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.facts.model import KINDS, Gap
from nova_states.introspection.gaps import KnownGap, load_known_gaps, unlisted

GAP = Gap(file="nova/x.py", line=3, reason="'make' is called, which is not followed")


def known(kind: str = "guards", file: str = "nova/x.py", unread: str = "'make' is called") -> KnownGap:
    return KnownGap(kind=kind, file=file, unread=unread, reason="It asks a driver.")


def listed(tmp_path: Path, text: str) -> tuple[KnownGap, ...]:
    path = tmp_path / "gaps.toml"
    path.write_text(text, encoding="utf-8")
    return load_known_gaps(path)


def test_a_gap_is_covered_by_its_kind_file_and_part_of_what_it_says() -> None:
    assert list(unlisted([("34.0.0", "guards", GAP)], (known(),))) == []


@pytest.mark.parametrize("other", [known(kind="groups"), known(file="nova/y.py"), known(unread="'made' is called")])
def test_an_entry_that_differs_covers_nothing_and_is_said_to_be_left_over(other: KnownGap) -> None:
    assert list(unlisted([("34.0.0", "guards", GAP)], (other,))) == [
        f"34.0.0: guards: nova/x.py:3: {GAP.reason}; list it in gaps.toml with a reason",
        f"gaps.toml: {other.kind}: {other.file}: {other.unread}: occurs in no release any more; remove it",
    ]


def test_an_entry_covers_the_gap_of_every_release_and_counts_as_used_once() -> None:
    gaps = [(version, "guards", GAP) for version in ("33.0.2", "34.0.0")]
    assert list(unlisted(gaps, (known(), known(unread="not followed")))) == [
        "gaps.toml: guards: nova/x.py: not followed: occurs in no release any more; remove it"
    ]


def test_an_entry_without_words_of_a_gap_means_one_that_says_its_reason(tmp_path: Path) -> None:
    text = '[[transitions]]\nfile = "nova/x.py"\nfunction = "A.b"\nreason = "Only xenapi."\n'
    assert listed(tmp_path, text + '[[guards]]\nfile = "nova/y.py"\nunread = "is called"\nreason = "R"\n') == (
        KnownGap(kind="transitions", file="nova/x.py", unread="Only xenapi.", reason="Only xenapi."),
        KnownGap(kind="guards", file="nova/y.py", unread="is called", reason="R"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[guards]\n", r"gaps\.toml: .*line 1"),
        ('[[guard]]\nfile = "x"\nreason = "y"\n', r"gaps\.toml: unknown kinds of fact guard$"),
        ('[[guards]]\nfile = "x"\n', r"gaps\.toml: guards: 1: .*reason"),
        ('[[guards]]\nfile = "x"\nreason = 1\n', r"gaps\.toml: guards: 1: .*\$\.reason"),
        ('[guards]\nfile = "x"\n', r"gaps\.toml: guards: 1: .*reason"),
        ("guards = 1\n", r"gaps\.toml: guards: 1: "),
        (
            '[[guards]]\nfile = "x"\nreason = "y"\n[[guards]]\nfile = "x"\nunred = "z"\nreason = "y"\n',
            "guards: 2: .*unred",
        ),
    ],
)
def test_a_list_that_does_not_fit_is_one_line_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        listed(tmp_path, text)
    assert "\n" not in str(error.value)


def test_the_list_of_the_project_has_a_reason_for_each_entry() -> None:
    entries = load_known_gaps()
    assert {entry.kind for entry in entries} <= KINDS.keys()
    # A sentence of why, not the gap's own words again.
    assert [entry for entry in entries if len(entry.reason.split()) < 4 or not entry.reason.endswith(".")] == []

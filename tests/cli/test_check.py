"""`nova-states check` on facts and explanations of a folder: nothing is wrong, then one thing at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nova_states.catalog.catalog import Catalog
from nova_states.cli import main
from nova_states.cli.check import Known, check
from nova_states.errors import CheckError
from nova_states.explanations.loading import load_explanations
from nova_states.facts.acknowledged import Acknowledgement
from nova_states.facts.model import CENSUS, KINDS, Count, Section
from nova_states.facts.snapshots import Snapshots, Source, Version, load_snapshots
from nova_states.introspection.census.places import ListedPlace, load_places
from nova_states.introspection.extraction import extractor_digest
from nova_states.introspection.gaps import load_known_gaps
from tests.facts.samples import FACTS, section

DIGEST = extractor_digest()
SOURCE = Source(kind="git", reference=None, digest=None, date=None)
GUARD = replace(FACTS["guards"], conditions=("check_instance_lock",))
EXPLAINED = {
    "power_state": "UP",
    "status": "UNKNOWN",
    "action": "stop",
    "group": "ALLOW",
    "option": "timeout",
    "decorator": "check_instance_lock",
    "event": "stop",
    "migration_status": "done",
    "advice": "wait",
}
"""Kind → the one name of it that the samples have, or that is ours."""


OF_HOST = {"test": "instance.host"}
"""The condition of the samples' host status."""


def extract(folder: Path, version: str, content: str = "a" * 40, without: str = CENSUS) -> None:
    """Store one fact of each kind but one under a version; a gap goes with it, and one more found than read."""
    snapshots = load_snapshots(folder)
    facts = {kind: (fact,) for kind, fact in (FACTS | {"guards": GUARD}).items() if kind not in (CENSUS, without)}
    documents = {kind: snapshots.add(kind, {"nova/x.py": content}, section(*facts.get(kind, ()))).key for kind in KINDS}
    snapshots.versions[version] = Version(version=version, source=SOURCE, documents=documents)
    snapshots.extractor = DIGEST
    snapshots.save()


def explain(folder: Path, kind: str, name: str) -> None:
    text = {"ko": "설명", "en": "explained"}
    file = folder / kind / f"{name.lower()}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    plain = {"name": name, "label": text, "summary": text, "meaning": text}
    file.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")  # JSON is YAML


def word(folder: Path, *atoms: dict[str, Any]) -> None:
    text = {"ko": "설명이 있다", "en": "it is explained"}
    entries = [{"atoms": [atom], "holds": text, "fails": text} for atom in atoms]
    file = folder / "conditions" / "all.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"label": text, "conditions": entries}, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with facts of two releases, the list of known gaps and explanations, all of them whole."""
    extract(tmp_path / "data", "13.1.4")
    extract(tmp_path / "data", "33.0.2")
    entry = 'file = "nova/x.py"\nunread = "not read"\nreason = "It was written for this test."\n'
    (tmp_path / "gaps.toml").write_text("".join(f"[[{kind}]]\n{entry}" for kind in KINDS), encoding="utf-8")
    for kind, name in EXPLAINED.items():
        explain(tmp_path / "explanations", kind, name)
    word(tmp_path / "explanations", {"test": "x"}, {"race": "delete"}, OF_HOST)
    return tmp_path


def checked(root: Path, *losses: Acknowledgement, places: tuple[ListedPlace, ...] = ()) -> int:
    load_explanations.cache_clear()
    known = Known(gaps=load_known_gaps(root / "gaps.toml"), losses=losses, places=places)
    return check(Catalog(snapshots=load_snapshots(root / "data")), known, load_explanations(root / "explanations"))


def edit(old: str, new: str, file: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def with_census(root: Path) -> None:
    """A place that the census found and nobody accounts for."""
    snapshots = load_snapshots(root / "data")
    unread = Section(facts=(FACTS[CENSUS],), gaps=(), counts=(Count(name="guards", read=1, found=2),))
    key = snapshots.add(CENSUS, {"nova/*": "c" * 40}, unread).key
    snapshots.versions["33.0.2"].documents[CENSUS] = key
    snapshots.save()


def test_where_nothing_is_wrong_it_says_what_was_checked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(root) == 0
    assert capsys.readouterr().out == "2 versions, 2 series: no problems\n"


def test_outside_a_checkout_the_facts_alone_are_checked_and_it_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = Catalog(snapshots=load_snapshots(root / "data"))
    assert check(catalog, Known(gaps=load_known_gaps(root / "gaps.toml")), None) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "checked the facts alone; the explanations are checked in a checkout"
    ]


STALE = "generator/nova_states/facts/data: read by other code than this; run `make facts`"
WRONG: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "facts of other code": (
        lambda root: (root / "data/extractor.txt").write_text("0123456789abcdef\n", encoding="utf-8"),
        [STALE],
    ),
    "facts of code unknown": (lambda root: (root / "data/extractor.txt").unlink(), [STALE]),
    "a gap that is not listed": (
        edit('[[guards]]\nfile = "nova/x.py"', '[[guards]]\nfile = "nova/y.py"', "gaps.toml"),
        [
            "13.1.4: guards: nova/x.py:3: not read; list it in gaps.toml with a reason",
            "33.0.2: guards: nova/x.py:3: not read; list it in gaps.toml with a reason",
            "gaps.toml: guards: nova/y.py: not read: occurs in no release any more; remove it",
        ],
    ),
    "a mention that nobody accounts for": (
        with_census,
        [
            (
                "33.0.2: guards: nova/compute/api.py:7: mentions ACTIVE, vm_state in API.stop, and nothing that was "
                "read accounts for it; list it in gaps.toml with a reason"
            ),
        ],
    ),
    "a fact that is told no more": (
        lambda root: extract(root / "data", "33.0.2", "c" * 40, without="options"),
        [
            (
                "33.0.2: options: DEFAULT.timeout: told by 13.1.4 and not by it; mend the extractor, or name it in "
                "acknowledged.toml with the reason"
            ),
        ],
    ),
    "a release of no series": (
        lambda root: extract(root / "data", "99.0.0"),
        ["99.0.0: belongs to no series; add it to generator/nova_states/facts/releases.toml"],
    ),
    "a condition without words, and words without a condition": (
        lambda root: word(root / "explanations", {"test": "x"}, {"test": "y"}, OF_HOST),
        [
            (
                "docs/explanations/conditions: no words for “deleted meanwhile” (transitions of stop, 33.0.2); "
                "write them in Korean and English"
            ),
            ("docs/explanations/conditions/all.yml: no release has “y” where this entry says what it means; remove it"),
        ],
    ),
    "a name that is not explained": (
        lambda root: (root / "explanations/action/stop.yml").unlink(),
        ["docs/explanations/action/stop.yml: missing; explain action stop in Korean and English"],
    ),
    "an explanation of nothing": (
        lambda root: explain(root / "explanations", "action", "start"),
        ["docs/explanations/action/start.yml: no release has action start; remove it or mend its name"],
    ),
    "an event that is not explained": (
        lambda root: (root / "explanations" / "event" / "stop.yml").unlink(),
        ["docs/explanations/event/stop.yml: missing; explain event stop in Korean and English"],
    ),
    "an exception that no release has": (
        lambda root: explain(root / "explanations", "error", "NoHost"),
        ["docs/explanations/error/nohost.yml: no release has error nohost; remove it or mend its name"],
    ),
    "an explanation of an unknown kind": (
        lambda root: explain(root / "explanations", "actions", "start"),
        [
            (
                "docs/explanations/actions: unknown kind; "
                "known are power_state, vm_state, task_state, status, action, group, decorator, option, "
                "error, event, host_status, migration_status"
            ),
        ],
    ),
}


@pytest.mark.parametrize(("spoil", "problems"), WRONG.values(), ids=WRONG.keys())
def test_whatever_is_wrong_is_named(root: Path, spoil: Callable[[Path], Any], problems: list[str]) -> None:
    spoil(root)
    with pytest.raises(CheckError) as error:
        checked(root)
    assert list(error.value.problems) == problems


def test_all_that_is_wrong_is_named_at_once(root: Path) -> None:
    for name in (
        "a fact that is told no more",
        "a release of no series",
        "facts of other code",
        "an explanation of nothing",
    ):
        WRONG[name][0](root)
    with pytest.raises(CheckError) as error:
        checked(root)
    assert [problem.split(":")[0] for problem in error.value.problems] == [
        "generator/nova_states/facts/data",
        "33.0.2",
        "99.0.0",
        "docs/explanations/action/start.yml",
    ]


def test_the_command_prints_a_line_for_each_problem_and_exits_1(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Facts of the samples beside the project's own gaps and explanations, of which they know next to nothing."""
    extract(root / "data", "99.0.0")
    monkeypatch.setattr("nova_states.cli.check.load_catalog", lambda: Catalog(snapshots=load_snapshots(root / "data")))
    assert main(["check"]) == 1
    out, error = capsys.readouterr()
    assert out == ""
    lines = error.splitlines()
    assert any("nova/x.py:3: not read; list it in gaps.toml" in line for line in lines)
    assert any("99.0.0: belongs to no series" in line for line in lines)
    assert any("docs/explanations/action/reboot.yml: no release has action reboot" in line for line in lines)
    assert any("docs/explanations/option/timeout.yml: missing" in line for line in lines)


LOST = Acknowledgement(versions=("33.0.2",), names=(("options", "DEFAULT.timeout"),), reason="It was removed.")


def test_a_loss_that_is_acknowledged_is_none(root: Path) -> None:
    extract(root / "data", "33.0.2", "c" * 40, without="options")
    assert checked(root, LOST) == 0


def test_an_entry_of_what_is_not_lost_or_not_there_is_named(root: Path) -> None:
    place = load_places()[0]
    with pytest.raises(CheckError) as error:
        checked(root, LOST, places=(place,))
    assert list(error.value.problems) == [
        f"census.toml: {place.identity}: covers nothing in any release any more; remove it",
        "acknowledged.toml: entry 1: 33.0.2: acknowledges no loss; remove it",
        "acknowledged.toml: entry 1: options: DEFAULT.timeout: acknowledges no loss; remove it",
    ]


def test_gaps_of_releases_older_than_the_reference_need_no_entry(root: Path) -> None:
    extract(root / "data", "13.0.0")
    extract(root / "data", "2015.1.4", content="b" * 40)
    snapshots = load_snapshots(root / "data")
    old = replace(section(GUARD), gaps=(replace(section().gaps[0], reason="written otherwise"),))
    snapshots.add("guards", {"nova/x.py": "b" * 40}, old)
    snapshots.save()
    assert checked(root) == 0


def test_nothing_stored_is_a_problem_and_no_crash(root: Path) -> None:
    Snapshots(folder=root / "empty").save()
    with pytest.raises(CheckError) as error:
        check(Catalog(snapshots=load_snapshots(root / "empty")), Known(), load_explanations(root / "explanations"))
    assert STALE in error.value.problems

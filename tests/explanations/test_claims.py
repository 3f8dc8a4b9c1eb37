"""Prose may claim of Nova only what the facts say, release by release."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.errors import InputError
from nova_states.explanations.claims import CHECKS, claims_of, find_false_claims

CATALOG = load_catalog()
DOCS = Path(__file__).parents[2] / "docs"


def problems(tmp_path: Path, *claims: str) -> list[str]:
    page = tmp_path / "en" / "runbook" / "page.md"
    page.parent.mkdir(parents=True)
    listed = "".join(f"  - {claim}\n" for claim in claims)
    page.write_text(f"---\ndescription: x\nclaims:\n{listed}---\n\n# Page\n", encoding="utf-8")
    return list(find_false_claims(CATALOG, claims_of(tmp_path)))


@pytest.mark.parametrize(
    "claim",
    [
        "{guard: evacuate, vm_state: error, is: allowed}",
        "{guard: start, vm_state: active, is: refused}",
        "{guard: evacuate, vm_state: active, task_state: rebuilding, is: allowed, from: 26.0.0}",
        "{guard: evacuate, vm_state: active, task_state: rebuilding, is: refused, until: 23.2.1}",
        "{guard: stop, vm_state: error, launched: false, is: refused}",
        "{status: REBUILD, vm_state: error, task_state: rebuilding}",
        "{option: shutdown_timeout, default: 60}",
        "{startup: {vm_state: active, task_state: deleting}, effect: delete}",
        "{power_sync: {vm_state: active, power_state: SHUTDOWN}, effect: stop}",
        "{transition: confirm_resize, from: {vm_state: resized}, to: {vm_state: active, task_state: null}}",
        "{never_set: 'task_state:resize_confirming'}",
        "{absent: 'status:STOPPED'}",
        "{absent: 'power_state:5'}",
    ],
)
def test_what_the_facts_say_may_be_claimed(tmp_path: Path, claim: str) -> None:
    assert problems(tmp_path, claim) == []


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("{guard: evacuate, vm_state: paused, is: allowed}", "does not hold in 13.0.0–34.0.0"),
        ("{guard: evacuate, vm_state: active, task_state: rebuilding, is: allowed}", "does not hold in 13.0.0–25.0.1"),
        ("{guard: evaporate, vm_state: active, is: allowed}", "no release of its range knows"),
        ("{guard: stop, vm_state: active, task_state: stuck, is: allowed}", "no release of its range knows"),
        ("{guard: stop, vm_state: active, is: possible}", "cannot be checked: 'possible'"),
        ("{guard: stop, vm_state: active, is: allowed, from: 99.0.0}", "'99.0.0' is no release"),
        ("{status: ERROR, vm_state: error, task_state: rebuilding}", "does not hold in 13.0.0"),
        ("{option: shutdown_timeout, default: 61}", "does not hold in"),
        ("{startup: {vm_state: active, task_state: deleting}, effect: stop}", "does not hold in"),
        ("{power_sync: {vm_state: active, power_state: SHUTDOWN}, effect: force_stop}", "does not hold in"),
        ("{transition: stop, from: {vm_state: active}, to: {vm_state: rescued}}", "does not hold in"),
        ("{never_set: 'task_state:deleting'}", "does not hold in"),
        ("{absent: 'vm_state:active'}", "does not hold in 13.0.0–34.0.0"),
        ("{absent: 'power_state:4'}", "does not hold in"),
        ("{absent: 'weather:fine'}", "cannot be checked: 'weather'"),
        ("{weather: fine}", "cannot be checked: it claims nothing that is known; write one of guard, status"),
    ],
)
def test_what_they_contradict_is_named_with_page_and_releases(tmp_path: Path, claim: str, told: str) -> None:
    (found,) = problems(tmp_path, "{option: shutdown_timeout, default: 60}", claim)
    assert found.startswith("docs/en/runbook/page.md:5: claim 2: ")
    assert told in found


def test_a_claim_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"page\.md:4: claim 1: 'evacuate' is no mapping"):
        problems(tmp_path, "evacuate")


def test_every_kind_of_claim_is_tried_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in CHECKS if text.count(f"{{{kind}: ") < 2] == []


def test_what_our_pages_claim_holds() -> None:
    assert list(find_false_claims(CATALOG, claims_of(DOCS))) == []

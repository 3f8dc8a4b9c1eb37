"""Pages of exceptions: every one has an address, and says what the facts say."""

from __future__ import annotations

from nova_states.facts.model import ErrorClass, FaultCause, RaiseSite, Refusal
from nova_states.pages.actions import build_action
from nova_states.pages.builders import build_pages
from nova_states.pages.errors import build_error, build_error_index, build_error_letter, error_initials
from nova_states.pages.record_links import ERRORS, error_link, has_page, letter_address
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer
from tests.pages.synthetic import HERE, action, catalog
from tests.pages.synthetic import writer as make_writer


def test_every_error_of_the_facts_has_an_address(writer: Writer) -> None:
    facts = {e.name for v in writer.catalog.versions for e in writer.catalog.bare_facts("errors", v)}
    pages = dict(build_pages(writer, ()))
    index = pages[ERRORS]
    assert {identity for _, rows in index.letters for identity, _, _ in rows} == facts  # type: ignore[attr-defined]
    rows = {
        row.id: (target, row.page)
        for target, model in pages.items()
        if target.startswith("error/letter-")
        for row in model.rows  # type: ignore[attr-defined]
    }
    assert rows.keys() == facts
    for name in facts:
        target, page = rows[name]
        assert target == letter_address(name)
        assert (address("error", name) in pages) is has_page(writer, name) is (page is not None)


def test_people_explain_errors_on_pages_of_their_own(writer: Writer) -> None:
    page = build_error(writer, "NoValidHost")
    assert page.messages[0][0] == "No valid host was found. {reason}"
    assert {"create", "evacuate", "migrate"} <= {link.text for link in page.faults}
    assert [step.command for step in page.steps if step.caution] == ["openstack server delete {server}"]
    assert {place.file for place in page.places} >= {"nova/conductor/manager.py", "nova/scheduler/manager.py"}
    assert len(page.messages) == (2 if writer.language == "ko" else 1), "Nova's own translation"


def test_an_action_tells_every_refusal_with_its_message(writer: Writer) -> None:
    page = build_action(writer, "confirm_resize")
    rows = [*page.conflicts, *page.other_refusals]
    facts = [fact for fact in writer.latest.facts("refusals") if fact.action == "confirm_resize"]
    assert {(row.code, row.error.text if row.error else None) for row in rows} == {
        (fact.code, error) for fact in facts for error in fact.errors or (None,)
    }
    assert all(row.code == 409 for row in page.conflicts)
    (locked,) = (row for row in page.conflicts if row.error and row.error.text == "InstanceIsLocked")
    assert locked.error is not None
    assert locked.error.href == "../../error/instanceislocked/"
    assert locked.message == "Instance {instance_uuid} is locked"


def test_when_the_api_refuses_by_itself_is_told_in_words(writer: Writer) -> None:
    rows = build_action(writer, "add_floating_ip").other_refusals
    told = {row.message: row.when for row in rows if row.when}
    assert "No fixed IPs associated to instance" in told
    assert not any("_" in text.replace("`fixed_address`", "") for text in told.values()), "no code of Nova's"
    (microversion,) = {row.when for row in rows if row.error and row.error.text == "VersionNotFoundForAPIMethod"}
    assert "2.43" in microversion
    assert "<=" not in microversion


def error(name: str, pattern: str | None, *bases: str) -> ErrorClass:
    return ErrorClass(
        name=name, bases=bases, code=500, is_safe=False, pattern=pattern, has_own_text=True, evidence=HERE
    )


def refusal(name: str, code: int, *errors: str) -> Refusal:
    return Refusal(action=name, code=code, errors=errors, text=None, when=None, evidence=HERE)


def cause(name: str, *actions: str) -> FaultCause:
    return FaultCause(error=name, actions=actions, evidence=HERE)


OLD = {"errors": (error("Strange", "It was {what}."), error("Gone", "No more.")), "actions": (action("stop"),)}
NEW = {
    "errors": (error("Strange", "It is {what}."), error("_Strange", None), error("STRANGE", "Loud.")),
    "actions": (action("stop"), action("start")),
    "raise_sites": (RaiseSite(error="Strange", evidence=HERE),),
    "fault_causes": (cause("Strange", "start", "stop"),),
    "refusals": (refusal("stop", 409, "Strange"), refusal("start", 404, "Strange"), refusal("start", 409, "Strange")),
}
PAGE = make_writer(catalog(v13_0_0=OLD, v14_0_0=NEW))


def test_a_row_tells_who_refuses_who_fails_and_where() -> None:
    (row,) = (row for row in build_error_letter(PAGE, "S").rows if row.id == "Strange")
    assert row.message == "It is {what}."
    assert [(code, [link.text for link in links]) for code, links in row.answers] == [
        ("404", ["start"]),
        ("409", ["start", "stop"]),
    ]
    assert [link.text for link in row.faults] == ["start", "stop"]
    assert [place.line for place in row.places] == [HERE.line]


def test_what_is_gone_stays_with_its_mark() -> None:
    (row,) = build_error_letter(PAGE, "G").rows
    assert row.marks == "gone in 14.0.0"
    marks = {name: marks for _, rows in build_error_index(PAGE).letters for name, _, marks in rows}
    assert marks == {"Gone": "gone in 14.0.0", "Strange": "", "_Strange": "since 14.0.0", "STRANGE": "since 14.0.0"}


def test_names_that_differ_in_case_alone_have_rows_of_their_own() -> None:
    assert set(error_initials(PAGE)["S"]) == {"Strange", "STRANGE", "_Strange"}
    assert {error_link(PAGE, name).href for name in ("Strange", "STRANGE")} == {
        "../../error/letter-s/#Strange",
        "../../error/letter-s/#STRANGE",
    }

"""What changed between two releases, as an operator notices it: its order, its words, its folds."""

from __future__ import annotations

import re
import string
from functools import cache
from itertools import groupby

import pytest

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.change_wording import markdown_lines, said, text_lines, words_in
from nova_states.catalog.comparison import Difference, compare, parts_of
from nova_states.catalog.noticed_changes import AREAS, REST, Change, _groups, changes_between
from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.clauses import own_clauses

PAIRS = [("20.6.1", "21.2.4"), ("25.0.0", "25.1.0"), ("33.0.2", "34.0.0")]


@cache
def catalog() -> Catalog:
    """The catalog, which remembers what it has read of each release."""
    return load_catalog()


@cache
def changes(before: str, after: str, later: tuple[str, ...] = ()) -> tuple[Change, ...]:
    release = catalog().release
    return changes_between(release(before), release(after), lambda *_: False, map(release, later), own_clauses())


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_an_operator_notices_first_stands_first(before: str, after: str) -> None:
    order = [*AREAS, REST]
    found = [area for area, _ in groupby(changes(before, after), key=lambda change: change.area)]
    assert found == sorted(found, key=order.index)


@pytest.mark.parametrize(("before", "after"), PAIRS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_condition_is_told_as_code(before: str, after: str, language: str) -> None:
    release = catalog().release
    lines = "\n".join(text_lines(changes(before, after), before, after, language))
    rows = [
        row for one in compare(release(before), release(after)) for row in (one.before or []) if isinstance(row, dict)
    ]
    codes = {row[field] for row in rows for field in ("condition", "when") if row.get(field)}
    assert not [code for code in codes if len(code.split()) > 1 and code in lines]


def test_a_change_is_told_in_words_of_both_languages() -> None:
    found = changes("25.0.0", "25.1.0")
    (change,) = (one for one in found if (one.kind, one.subject, one.word) == ("guards", "evacuate", "field"))
    assert said(change, "en") == "task_state: none → any"
    assert said(change, "ko") == "task_state: 없음 → 모두"


def test_a_backport_names_the_first_point_release_that_has_it() -> None:
    later = ("26.1.0", "26.1.1", "26.2.0")
    found = {(one.kind, one.subject): one.backported_to for one in changes("26.0.0", "27.0.0", later)}
    assert found["refusals", "get_vnc_console"] == "26.1.1"
    assert found["max_microversion", ""] is None


def test_a_check_whose_condition_alone_changed_is_not_both_gone_and_new() -> None:
    found = [one for one in changes("25.3.0", "26.3.0") if (one.kind, one.subject) == ("guards", "unshelve")]
    assert [one.word for one in found] == ["accepts_case"]
    assert "checked if the request names an availability zone → if" in said(found[0], "en")


def test_a_condition_that_the_code_only_writes_otherwise_is_no_change() -> None:
    guards = [catalog().release(version).bare("guards") for version in ("20.6.1", "21.2.4")]
    conditions = [{guard.when for guard in found if guard.action == "unshelve"} for found in guards]
    assert conditions[0] != conditions[1]
    assert not [one for one in changes("20.6.1", "21.2.4") if (one.kind, one.subject) == ("guards", "unshelve")]


def test_a_check_that_is_not_always_made_names_its_condition() -> None:
    found = [one for one in changes("19.3.2", "20.6.1") if (one.subject, one.word) == ("unshelve", "accepts_new")]
    assert [said(one, "en").split("any, ")[1] for one in found] == ["if the request names an availability zone"]
    assert [said(one, "ko").split("면 ")[0] for one in found] == ["요청에 가용 영역이 지정되어 있으"]


def test_of_an_action_that_is_gone_nothing_is_said_to_be_refused_no_longer() -> None:
    found = [(one.kind, one.word) for one in changes("28.3.1", "29.0.1") if one.subject == "get_rdp_console"]
    assert ("actions", "removed") in found
    assert not {"guards", "host_checks", "refusals"} & {kind for kind, _ in found}


def test_rows_that_only_their_conditions_tell_apart_are_one_line() -> None:
    lines = list(text_lines(changes("33.0.2", "34.0.0"), "33.0.2", "34.0.0", "en"))
    assert len([line for line in lines if line.startswith("  step: the same states and conditions")]) == 1


REACTIONS = [
    (
        ("17.0.13", "18.3.0"),
        "task_state none, now only if the hypervisor says `SHUTDOWN` or `CRASHED` when it is asked again",
        "이제 다음 경우에만: 다시 조회해도 하이퍼바이저의 전원 상태가 `SHUTDOWN`이나 `CRASHED`이면",
    ),
    (
        ("23.2.2", "24.2.1"),
        "start of nova-compute: nothing is done, now also if the PCI device of a network interface is not found",
        "nova-compute 시작: 그대로 둠, 이제 다음 경우에도: 네트워크 인터페이스의 PCI 장치를 찾지 못하면",
    ),
    (
        ("29.4.0", "30.3.0"),
        "task_state rebooting, rebooting_hard, power_state RUNNING: nothing is done → the task is cleared",
        "task_state rebooting, rebooting_hard, power_state RUNNING: 그대로 둠 → 작업 비움",
    ),
]


@pytest.mark.parametrize(("pair", "en", "ko"), REACTIONS)
def test_what_nova_does_by_itself_otherwise_is_told_in_words(pair: tuple[str, str], en: str, ko: str) -> None:
    for language, told in (("en", en), ("ko", ko)):
        assert told in "\n".join(text_lines(changes(*pair), *pair, language))


def test_what_changed_alike_for_several_is_one_line() -> None:
    found = changes("13.1.4", "14.1.0")
    assert len([one for one in found if one.word == "checks"]) > 1
    lines = [line for line in text_lines(found, "13.1.4", "14.1.0", "en") if "wrap_check_policy" in line]
    assert len(lines) == 1
    assert lines[0].startswith("  guard attach_interface, attach_volume, ")


def test_a_line_of_a_ticket_can_be_read() -> None:
    lines = list(markdown_lines(changes("13.1.4", "34.0.0"), "13.1.4", "34.0.0", "en"))
    assert max(map(len, lines)) < 2000
    (new,) = (line for line in lines if line.startswith("- log line: new: "))
    assert re.search(r"`[\w-]+` and \d{2,} more$", new)


def test_markdown_has_the_lines_of_the_text() -> None:
    found = changes("25.0.0", "25.1.0")
    plain = [line.strip() for line in text_lines(found, "25.0.0", "25.1.0", "en")]
    marked = [re.sub(r"^(#+|-) |`", "", line) for line in markdown_lines(found, "25.0.0", "25.1.0", "en")]
    assert marked == plain


def test_the_words_of_both_languages_take_the_same_values() -> None:
    ko, en = words_in("ko"), words_in("en")
    for section, texts in en.items():
        for name, text in texts.items():
            fields = [{field for _, field, _, _ in string.Formatter().parse(one)} for one in (text, ko[section][name])]
            assert fields[0] - {None} == fields[1] - {None}, name


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_check_is_told_by_what_it_asks_of_a_server(language: str) -> None:
    catalog = load_catalog()
    guards = (guard for version in catalog.versions for guard in catalog.release(version).facts("guards"))
    known = {name for guard in guards for name in guard.conditions}
    assert known <= words_in(language)["check"].keys()
    told = "\n".join(text_lines(changes("25.3.0", "34.0.0"), "25.3.0", "34.0.0", language))
    says = {
        "en": "now required no vDPA port (reject_vdpa_instances)",
        "ko": "새 조건 vDPA 포트가 없을 것 (reject_vdpa_instances)",
    }
    assert says[language] in told


def test_a_check_of_a_fork_is_told_by_its_name() -> None:
    change = Change(area="allowed", kind="guards", subject="stop", word="checks", values={"delta": ["+of_a_fork"]})
    assert said(change, "en") == "beside the states: now required of_a_fork"


def test_checks_that_came_and_went_are_told_apart() -> None:
    values = {"delta": ["\N{MINUS SIGN}block_accelerators", "+of_a_fork", "+another"]}
    change = Change(area="allowed", kind="guards", subject="stop", word="checks", values=values)
    assert said(change, "en") == (
        "beside the states: now required of_a_fork, another; "
        "no longer required no Cyborg accelerator (block_accelerators)"
    )


def test_a_row_that_nothing_names_is_not_called_by_its_condition() -> None:
    names = set(parts_of(load_catalog().release("34.0.0"), "host_status"))
    assert not [name for name in names if "holds" in name or " " in name]


def test_a_group_that_a_condition_tells_is_not_told_as_code() -> None:
    by_condition = Difference(kind="groups", name="SOME", before="vm_state == A", after="vm_state == B or other")
    assert [word for word, values in _groups(by_condition) if not values] == ["other"]


def test_only_rows_are_asked_whether_two_versions_differ() -> None:
    queries = CatalogQueries(catalog=load_catalog())
    for kind in ("guards", "statuses", "options"):
        for before, after in PAIRS:
            one, other = (queries.catalog.release(version).bare(kind) for version in (before, after))
            assert queries.differs(kind, before, after) == (one != other)


@pytest.mark.parametrize(("language", "told"), [("ko", "기본값: 1000 → 5"), ("en", "default: 1000 → 5")])
def test_a_field_is_told_by_a_word(language: str, told: str) -> None:
    values = {"field": "default", "before": 1000, "after": 5}
    assert said(Change(area="options", kind="options", subject="a", word="field", values=values), language) == told
    values["field"] = "vm_state"  # Nova's own word
    assert said(Change(area="allowed", kind="guards", subject="a", word="field", values=values), language).startswith(
        "vm_state: "
    )

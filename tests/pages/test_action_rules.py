"""Rules are a sentence and pills; a grid stands only where no sentence says it."""

from __future__ import annotations

from nova_states.catalog.permissions import decide
from nova_states.facts.guard_check import ServerStates
from nova_states.pages.actions import build_action
from nova_states.pages.models import ActionRule
from nova_states.pages.writer import Writer


def rule_of(writer: Writer, action: str) -> ActionRule:
    (rule,) = build_action(writer, action).rules
    return rule


def test_a_product_is_a_sentence(writer: Writer) -> None:
    rule = rule_of(writer, "resize")
    assert rule.grid is None
    said = {
        "en": "Nova takes the request in the vm_states `active`, `stopped`, while no task runs."
        " The server must have launched once.",
        "ko": "vm_state가 `active`, `stopped` 중 하나일 때 작업이 없으면 Nova가 요청을 받습니다."
        " 서버가 한 번 이상 기동된 적이 있어야 합니다.",
    }
    assert rule.sentence == said[writer.language]
    assert [link.text for link, is_allowed in rule.vm_states if is_allowed] == ["active", "stopped"]


def test_what_is_no_product_has_its_grid(writer: Writer) -> None:
    rule = rule_of(writer, "attach_volume")  # with another task where the server is shelved
    assert rule.grid is not None
    assert rule.sentence == writer.words("rule_mixed")


def test_what_stands_above_its_parts_tells_the_rule_of_each(writer: Writer) -> None:
    soft, hard = sorted(build_action(writer, "reboot").rules, key=lambda rule: len(rule.sentence))
    assert soft.part is not None
    assert [link.text for link, is_allowed in soft.vm_states if is_allowed] == ["active"]
    assert "stopped" in [link.text for link, is_allowed in hard.vm_states if is_allowed]


def test_long_lists_of_tasks_are_counted_in_the_sentence_and_shown(writer: Writer) -> None:
    rule = rule_of(writer, "hard_reboot")
    assert rule.grid is None
    assert str(len(rule.tasks) - 1) in rule.sentence
    assert "pausing" in [link.text for link in rule.tasks]


def test_a_sentence_says_what_the_guards_decide(writer: Writer) -> None:
    """Where there is no grid, each pair of pills is allowed and every other pair refused."""
    for action in writer.latest.actions:
        rules = build_action(writer, action).rules
        if len(rules) != 1 or rules[0].grid is not None:
            continue
        rule, release = rules[0], writer.latest
        vm_states = {link.text for link, is_allowed in rule.vm_states if is_allowed}
        shown = {link.text for link in rule.tasks}
        for vm_state in release.vm_states:
            allowed = {
                task
                for task in (None, *release.task_states)
                if decide(release, action, ServerStates(vm_state=vm_state, task_state=task)) is None
            }
            assert bool(allowed) == (vm_state in vm_states), (action, vm_state)
            if allowed and shown:
                assert {task or writer.words("no_task") for task in allowed} == shown, (action, vm_state)

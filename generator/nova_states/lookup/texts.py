"""The words an answer needs in one language: what states mean, commands, verdicts, advice, and those of the interface.

Words that explain nothing in Nova ("You can", "Not now") are in docs/explanations/lookup.yml.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.action_uses import load_action_uses
from nova_states.explanations.advice_rules import load_advice_rules
from nova_states.explanations.details import Detail, bare_pattern
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.explanations.steps import Step
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain
from nova_states.facts.ids import STATE_KINDS
from nova_states.locations import explanations_folder
from nova_states.lookup.details import DETAILS
from nova_states.lookup.log_lines import ONE_OF
from nova_states.lookup.next_steps import steps_of
from nova_states.lookup.rules import GENERAL_ADVICE
from nova_states.lookup.verdict import HEADLINES

_WORDS_FILE: Final = "lookup.yml"
_HELPING_KINDS: Final = ("advice", "task_state", "migration_status", "event", "error")
"""Kinds whose explanations say why, and may say what to do."""
_TOLD_WITH_STEPS: Final = ("advice", "task_state")
"""Of those, kinds that say why only where there is something to be done."""
_FROM_EXPLANATIONS: Final = ("if_stuck", "if_fault")
"""Advice whose text is the explanation of the task_state, or of the exception that a fault is."""


def advice_names() -> frozenset[str]:
    """Every advice that needs a file in docs/explanations/advice."""
    return frozenset((*(rule.advice for rule in load_advice_rules()), *GENERAL_ADVICE)) - frozenset(_FROM_EXPLANATIONS)


def verdict_names() -> frozenset[str]:
    """Every verdict, and what else may head an answer: a file in docs/explanations/verdict each."""
    return frozenset(HEADLINES)


def build_texts(explanations: Explanations, language: str) -> dict[str, Any]:
    """All texts of the lookup in a language.

    Raises:
        InputError: something an answer may name is not explained.
    """
    by_kind = explanations.by_kind
    actions = by_kind.get("action", {})
    return {
        "language": language,
        "words": {name: text[language] for name, text in load_words().items()},
        "states": {
            kind: {item.name: [item.label[language], item.summary[language]] for item in by_kind.get(kind, {}).values()}
            for kind in (*STATE_KINDS, "status")
        },
        "host_statuses": {
            item.name: [item.label[language], item.summary[language]]
            for item in by_kind.get("host_status", {}).values()
        },
        "actions": {item.name: [item.label[language], item.command] for item in actions.values()},
        "decorators": {item.name: item.label[language] for item in by_kind.get("decorator", {}).values()},
        "verdicts": {name: _label(explanations, name, language) for name in HEADLINES},
        "help": {
            f"{kind}:{_key(kind, item)}": _help(kind, item, language)
            for kind in _HELPING_KINDS
            for item in _helping(kind, explanations)
        },
        "purposes": {name: text[language] for name, text in load_action_uses().purposes.items()},
        "uses": {
            name: [use.purpose, use.host, *([use.loses[language]] if use.loses else [])]
            for name, use in load_action_uses().actions.items()
        },
    }


def _helping(kind: str, explanations: Explanations) -> Iterator[Explanation]:
    if kind == "advice":
        yield from (explanations.of(kind, name) for name in sorted(advice_names()))
        return
    named = explanations.by_kind.get(kind, {}).values()
    yield from (item for item in named if kind != "task_state" or item.stuck)


def _key(kind: str, explanation: Explanation) -> str:
    """How an answer names it: an exception by its class, whatever Nova spells with blanks by its file."""
    return explanation.name if kind in ("advice", "task_state", "error") else file_stem(explanation.name)


def _help(kind: str, explanation: Explanation, language: str) -> list[Any]:
    """As `nova_states.lookup.helping` reads it.

    Returns:
        Why; the steps, None where nothing is said without any; the runbook; of advice what is said beside why.
    """
    steps = [plain_step(step, language) for step in explanation.steps]
    told = [
        (explanation.why or explanation.stuck or explanation.summary)[language],
        steps if steps or kind not in _TOLD_WITH_STEPS else None,
        explanation.runbook,
        *([explanation.meaning[language]] if kind == "advice" else []),
    ]
    return detailed(told, explanation.details, language, explanation.caused)


def detailed(told: Sequence[Any], details: Iterable[Detail], language: str, caused: Text | None = None) -> list[Any]:
    """What is said of something with its details, which stand behind all else (`nova_states.lookup.details`).

    Returns:
        What was given; rows of a pattern, what its groups are called, the text, whether that is said in place of the
        general one (1 or 0), the steps, and the records that it is told of; what is said where a cause is told.
    """
    rows = [
        [
            *bare_pattern(detail.pattern),
            detail.why[language],
            int(detail.instead),
            [plain_step(step, language) for step in detail.steps],
            [*detail.records],
        ]
        for detail in details
    ]
    if not rows and caused is None:
        return [*told]
    return [*told, *([None] * (DETAILS - len(told))), rows, *([caused[language]] if caused else [])]


def plain_step(step: Step, language: str) -> list[Any]:
    """Text, command, caution, action, effects of a start, vm_states, if it finds the cause, service, if it only shows.

    Empty ones at the end are left out.
    """
    caution = step.caution[language] if step.caution else None
    told: list[Any] = [step.text[language], step.command, caution, step.action]
    told += [list(step.on_start), list(step.vm_states), 1 if step.until_cause else 0]
    told += [list(step.service), 1 if step.shows else 0]
    while not told[-1]:
        told.pop()
    return told


def _label(explanations: Explanations, verdict: str, language: str) -> list[str]:
    explanation = explanations.of("verdict", verdict)
    return [explanation.label[language], explanation.summary[language]]


@functools.cache
def load_words(file: Path | None = None) -> dict[str, Text]:
    """The words of the interface by name, from `file` or the checkout's.

    Raises:
        InputError: this is no checkout, or it has no such file.
        CheckError: one of them is not in both languages.
    """
    path = file or explanations_folder() / _WORDS_FILE
    where = f"docs/explanations/{path.name}"
    found: dict[str, Text] = {}
    problems: list[str] = []
    for name, plain in read_yaml(path, where).items():
        try:
            text = from_plain(plain, Text, f"{where}: {name}")
        except InputError as error:
            problems.append(str(error))
            continue
        problems += [f"{where}: {name}.{language}: empty" for language in LANGUAGES if not text[language].strip()]
        found[name] = text
    if problems:
        raise CheckError(tuple(problems))
    return found


def needed_words(catalog: Catalog) -> Iterator[str]:
    """Names of words that facts call for: `effect_…` for what happens by itself, or behind a line of a log."""
    releases = [catalog.release(version) for version in catalog.versions]
    effects = {step.effect for release in releases for step in steps_of(release)}
    logged = (line.effect for release in releases for line in release.bare("log_messages") if line.effect)
    effects |= {effect for told in logged for effect in told.split(ONE_OF)}
    yield from (f"effect_{effect}" for effect in sorted(effects))

"""The words an answer needs in one language: what states mean, commands, verdicts, advice, and those of the interface.

Words that explain nothing in Nova ("You can", "Not now") are in docs/explanations/lookup.yml.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.action_uses import load_action_uses
from nova_states.explanations.advice_rules import load_advice_rules
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain
from nova_states.facts.ids import STATE_KINDS
from nova_states.locations import explanations_folder
from nova_states.lookup.next_steps import steps_of
from nova_states.lookup.rules import GENERAL_ADVICE
from nova_states.lookup.verdict import VERDICTS

_WORDS_FILE: Final = "lookup.yml"
_HELPING_KINDS: Final = ("advice", "task_state", "migration_status", "event", "error")
"""Kinds whose explanations may say what to do."""
_ALWAYS_TOLD: Final = ("migration_status", "event", "error")
"""Of those, kinds that say why even where nothing is to be done."""
_RECORDS: Final = ("migration_status", "event", "host_status", "error")
"""Kinds of names that stand in records other than a server's."""
_FROM_EXPLANATIONS: Final = ("if_stuck",)
"""Advice whose text is the explanation of the task_state."""


def advice_names() -> frozenset[str]:
    """Every advice that needs a file in docs/explanations/advice."""
    return frozenset((*(rule.advice for rule in load_advice_rules()), *GENERAL_ADVICE)) - frozenset(_FROM_EXPLANATIONS)


def verdict_names() -> frozenset[str]:
    """Every verdict: a file in docs/explanations/verdict each."""
    return frozenset(VERDICTS)


def build_texts(explanations: Explanations, language: str) -> dict[str, Any]:
    """All texts of the lookup in a language.

    Raises:
        InputError: something an answer may name is not explained.
    """
    by_kind = explanations.by_kind
    actions = by_kind.get("action", {})
    tasks = by_kind.get("task_state", {})
    return {
        "language": language,
        "words": {name: text[language] for name, text in load_words().items()},
        "states": {
            kind: {item.name: [item.label[language], item.summary[language]] for item in by_kind.get(kind, {}).values()}
            for kind in (*STATE_KINDS, "status")
        },
        "actions": {item.name: [item.label[language], item.command] for item in actions.values()},
        "decorators": {item.name: item.label[language] for item in by_kind.get("decorator", {}).values()},
        "stuck": {item.name: item.stuck[language] for item in tasks.values() if item.stuck},
        "verdicts": {name: _label(explanations, name, language) for name in VERDICTS},
        "advice": {name: _advice(explanations, name, language) for name in sorted(advice_names())},
        "records": {
            kind: {item.name: [item.label[language], item.summary[language]] for item in by_kind.get(kind, {}).values()}
            for kind in _RECORDS
        },
        "help": {
            f"{kind}:{_key(kind, item)}": _help(item, language)
            for kind in _HELPING_KINDS
            for item in by_kind.get(kind, {}).values()
            if item.steps or kind in _ALWAYS_TOLD
        },
        "purposes": {name: text[language] for name, text in load_action_uses().purposes.items()},
        "uses": {name: [use.purpose, use.host] for name, use in load_action_uses().actions.items()},
    }


def _advice(explanations: Explanations, name: str, language: str) -> str:
    """What to do, then why."""
    explanation = explanations.of("advice", name)
    return f"{explanation.summary[language]} {explanation.meaning[language]}"


def _key(kind: str, explanation: Explanation) -> str:
    """How an answer names it: an exception by its class, whatever Nova spells with blanks by its file."""
    return explanation.name if kind in ("advice", "task_state", "error") else file_stem(explanation.name)


def _help(explanation: Explanation, language: str) -> dict[str, Any]:
    """Why, what to do in steps, and the runbook with all the rest."""
    why = explanation.why or explanation.stuck or explanation.summary
    return {
        "why": why[language],
        "steps": [
            {
                "text": step.text[language],
                "command": step.command,
                "caution": step.caution[language] if step.caution else None,
                "action": step.action,
                "on_start": list(step.on_start),
                "vm_states": list(step.vm_states),
            }
            for step in explanation.steps
        ],
        "runbook": explanation.runbook,
    }


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
    """Names of words that facts call for: `effect_…` for what happens by itself."""
    effects = {step.effect for version in catalog.versions for step in steps_of(catalog.release(version))}
    yield from (f"effect_{effect}" for effect in sorted(effects))

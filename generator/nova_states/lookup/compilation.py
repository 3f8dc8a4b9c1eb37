"""Compiles facts and explanations into the files that the lookup reads; reading those needs neither, hence apart."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.action_uses import load_action_uses
from nova_states.explanations.advice_rules import load_advice
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.condition_words import FOLDER as CONDITION_FOLDER
from nova_states.explanations.condition_words import ConditionWords
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.explanations.log_texts import FOLDER as LOG_FOLDER
from nova_states.explanations.log_texts import LogText
from nova_states.lookup.condition_texts import condition_texts, told_conditions
from nova_states.lookup.log_lines import TOLD
from nova_states.lookup.log_table import compile_lines, told_slugs
from nova_states.lookup.message_packing import packed
from nova_states.lookup.message_patterns import TRANSLATIONS, compile_messages
from nova_states.lookup.root_causes import CAUSES, FOLLOWS
from nova_states.lookup.table_cache import kept_part
from nova_states.lookup.table_compiler import compile_tables
from nova_states.lookup.task_options import TASK_OPTIONS, compile_task_options
from nova_states.lookup.texts import build_texts
from nova_states.lookup.told_table import compile_causes, compile_follows, told_help

_DECIDE: Final = ("action_uses.yml", "advice.yml")
"""Explanations that decide of answers; all others are only words."""
_TABLES: Final = "tables"
Part = Callable[[str, Sequence[str], str, Callable[[], dict[str, Any]]], dict[str, Any]]
"""Name of a part, the explanations it is made of, whatever else it is made of, and what makes it → the part."""


def compile_languages() -> dict[str, str]:
    """Name of a table → text of its file, made of the facts and the explanations of a checkout.

    A language is the name of what answers about states; beside these stand the tables of messages (`TRANSLATIONS`),
    of options (`TASK_OPTIONS`), and of what is said of lines and causes (`TOLD`). What takes time is kept in parts:
    most edits of explanations change none.

    Raises:
        CheckError: explanations do not fit, each with its place.
        InputError: facts do not fit, something an answer may name is not explained, or this is no checkout.
    """
    return _compile(functools.cache(load_catalog), load_explanations(), kept_part)


def _compile(catalog: Callable[[], Catalog], explanations: Explanations, part: Part) -> dict[str, str]:
    tables = part("part_states", _DECIDE, "", lambda: _tables(catalog()))
    words = explanations.conditions
    told = part("part_conditions", (*_DECIDE, CONDITION_FOLDER), "", lambda: _conditions(catalog(), tables, words))
    found: dict[str, object] = {
        language: tables[_TABLES] | {"texts": build_texts(explanations, language) | {"conditions": told[language]}}
        for language in LANGUAGES
    }
    found[TASK_OPTIONS] = tables[TASK_OPTIONS]
    causes, texts = explanations.cause_texts, explanations.log_texts
    found[TOLD] = {language: told_help(texts, causes, language) for language in LANGUAGES}
    # Which exceptions are explained decides which of their messages are told, whatever is said of them.
    explained = sorted(error.name for error in explanations.by_kind.get("error", {}).values())
    messages = part("part_messages", (LOG_FOLDER,), repr(explained), lambda: _messages(catalog(), texts, explained))
    following = compile_follows(explanations.by_kind.get("error", {}).values(), causes.values())
    for name, translations in TRANSLATIONS.items():
        table = messages[name] | {CAUSES: compile_causes(causes), FOLLOWS: following}
        found[name] = table if translations is None else packed(table)
    return {name: json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n" for name, table in found.items()}


def _tables(catalog: Catalog) -> dict[str, Any]:
    """What decides of answers, in all languages alike."""
    wishes = [name for name, use in load_action_uses().actions.items() if use.wish]
    releases = list(catalog.releases())
    return {
        _TABLES: compile_tables(catalog, load_advice(), wishes),
        TASK_OPTIONS: compile_task_options(releases),
    }


def _conditions(catalog: Catalog, tables: Mapping[str, Any], words: ConditionWords) -> dict[str, Any]:
    told = told_conditions(list(catalog.releases()), tables[_TABLES])
    return {language: condition_texts(told, words, language) for language in LANGUAGES}


def _messages(catalog: Catalog, texts: Mapping[str, LogText], explained: Collection[str]) -> dict[str, Any]:
    """The tables of messages but for causes."""
    releases = list(catalog.releases())
    told = told_slugs(releases, texts)
    return {
        name: compile_messages(releases, translations, told, explained)
        | compile_lines(releases, texts, is_quiet_left_out=translations is not None)
        for name, translations in TRANSLATIONS.items()
    }


def compile_for_wheel() -> dict[str, str]:
    """The same, where nothing may be missing: whoever installs a wheel could not mend it.

    Raises:
        CheckError: a name is not explained, or an explanation has no name; as above.
        InputError: there are no facts; as above.
    """
    catalog = load_catalog()
    if not catalog.versions:
        raise InputError("generator/nova_states/facts/data: holds no facts; restore it, or run `make facts`")
    explanations = load_explanations()
    if problems := tuple(find_problems(catalog, explanations)):
        raise CheckError(problems)
    return _compile(lambda: catalog, explanations, lambda _name, _texts, _also, make: make())

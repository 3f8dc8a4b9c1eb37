"""Compiles facts and explanations into the files that the lookup reads; reading those needs neither, hence apart."""

from __future__ import annotations

import json

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.action_uses import load_action_uses
from nova_states.explanations.advice_rules import load_advice
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.lookup.condition_texts import condition_texts, told_conditions
from nova_states.lookup.log_lines import TOLD
from nova_states.lookup.log_table import compile_lines, told_slugs
from nova_states.lookup.message_packing import packed
from nova_states.lookup.message_patterns import TRANSLATIONS, compile_messages
from nova_states.lookup.root_causes import CAUSES
from nova_states.lookup.table_compiler import compile_tables
from nova_states.lookup.task_options import TASK_OPTIONS, compile_task_options
from nova_states.lookup.texts import build_texts
from nova_states.lookup.told_table import compile_causes, told_help


def compile_languages() -> dict[str, str]:
    """Name of a table → text of its file, made of the facts and the explanations of a checkout.

    A language is the name of what answers about states; beside these stand the tables of messages (`TRANSLATIONS`),
    of options (`TASK_OPTIONS`), and of what is said of lines and causes (`TOLD`).

    Raises:
        CheckError: explanations do not fit, each with its place.
        InputError: facts do not fit, something an answer may name is not explained, or this is no checkout.
    """
    return _compile(load_catalog(), load_explanations())


def _compile(catalog: Catalog, explanations: Explanations) -> dict[str, str]:
    wishes = [name for name, use in load_action_uses().actions.items() if use.wish]
    tables = compile_tables(catalog, load_advice(), wishes)
    releases = list(catalog.releases())
    conditions = told_conditions(releases, tables)
    found: dict[str, object] = {
        language: tables
        | {
            "texts": build_texts(explanations, language)
            | {"conditions": condition_texts(conditions, explanations.conditions, language)}
        }
        for language in LANGUAGES
    }
    found[TASK_OPTIONS] = compile_task_options(releases)
    texts = explanations.log_texts
    causes = compile_causes(explanations.cause_texts)
    found[TOLD] = {language: told_help(texts, explanations.cause_texts, language) for language in LANGUAGES}
    told = told_slugs(releases, texts)
    explained = {error.name for error in explanations.by_kind.get("error", {}).values()}
    for name, translations in TRANSLATIONS.items():
        lines = compile_lines(releases, texts, is_quiet_left_out=translations is not None)
        table = compile_messages(releases, translations, told, explained) | lines | {CAUSES: causes}
        found[name] = table if translations is None else packed(table)
    return {name: json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n" for name, table in found.items()}


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
    return _compile(catalog, explanations)

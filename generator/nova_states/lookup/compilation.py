"""Compiles facts and explanations into the files that the lookup reads; reading those needs neither, hence apart."""

from __future__ import annotations

import json

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.lookup.table_compiler import compile_tables
from nova_states.lookup.texts import build_texts


def compile_languages() -> dict[str, str]:
    """Language → text of its file, made of the facts and the explanations of a checkout.

    Raises:
        CheckError: explanations do not fit, each with its place.
        InputError: facts do not fit, something an answer may name is not explained, or this is no checkout.
    """
    return _compile(load_catalog(), load_explanations())


def _compile(catalog: Catalog, explanations: Explanations) -> dict[str, str]:
    tables = compile_tables(catalog)
    return {
        language: json.dumps(
            tables | {"texts": build_texts(explanations, language)}, ensure_ascii=False, separators=(",", ":")
        )
        + "\n"
        for language in LANGUAGES
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
    return _compile(catalog, explanations)

"""Makes the grammar of pastes plain for the compiled tables, and checks it: `grammar.toml` says what is recognised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.lookup.reading.grammar import compile_pattern, fold_name
from nova_states.lookup.reading.tried_patterns import trying
from nova_states.lookup.reading.wondered_patterns import wondering
from nova_states.lookup.vocabulary import fold

_FILE: Final = Path(__file__).with_name("grammar.toml")
_NO_PATTERNS: Final = ("around", "listed_columns", "shown_migration")
"""Of [shapes]."""


def compile_grammar() -> dict[str, Any]:
    """The grammar as plain JSON, names of fields folded.

    Raises:
        InputError: the file names a field that it does not define, or holds a pattern that cannot be read.
    """
    import tomllib  # noqa: PLC0415 - answers need only what is compiled

    plain = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    fields = {
        name: " ".join(dict.fromkeys(fold_name(spelling) for spelling in spellings))
        for name, spellings in plain["fields"].items()
    }
    kinds = [
        [name, group == "foreign", kind["weights"], kind.get("wrappers", []), list(kind.get("record", {}).items())]
        for group in ("kinds", "foreign")
        for name, kind in plain[group].items()
    ]
    for name, _, heavy, _, record in kinds:
        needed = (*heavy, *(source for _, sources in record for source in sources))
        if unknown := sorted(set(needed) - plain["fields"].keys()):
            raise InputError(f"{_FILE.name}: {name}: unknown field {unknown[0]!r}; define it in [fields]")
    for text in _patterns(plain):
        try:
            compile_pattern(text)
        except re.error as error:
            raise InputError(f"{_FILE.name}: {text!r}: {error}") from error
    # What is foreign is not told apart; a key that is taken from the field of its name is that name.
    others = [kind for kind in kinds if kind[1]]
    weights = {name: weight for _, _, heavy, _, _ in others for name, weight in heavy.items()}
    told = [kind for kind in kinds if not kind[1]]
    used = {name for kind in told for name in (*kind[2], *(one for _, sources in kind[4] for one in sources))}
    fields, weights = _merged(fields, weights, used)
    wrappers = [wrapper for _, _, _, listed, _ in others for wrapper in listed]
    kinds = [*told, ["foreign", True, weights, wrappers, []]]
    for kind in kinds:
        kind[4] = [key if sources == [key] else [key, sources] for key, sources in kind[4]]
    labels = {kind: {fold(label): word for label, word in words.items()} for kind, words in plain["labels"].items()}
    kept = (
        "limits",
        "unwrapping",
        "given",
        "products",
        "words",
        "hypervisor",
        "services",
        "tools",
        "refusals",
        "errors",
        "log",
        "sentence",
        "lasting",
        "wondered",
        "tried",
        "shapes",
    )
    # A field that is spelled as it is named goes without.
    short = {
        name: " ".join(["" if spelling == fold_name(name) else spelling for spelling in listed[:1]] + listed[1:])
        for name, listed in ((name, spellings.split(" ")) for name, spellings in fields.items())
    }
    return {name: plain[name] for name in kept} | {"fields": short, "kinds": kinds, "labels": labels}


def _merged(
    fields: dict[str, str], weights: dict[str, int], shared: Collection[str]
) -> tuple[dict[str, str], dict[str, int]]:
    """Fields of what is foreign alone, those that weigh alike as one."""
    own = {field: weight for field, weight in weights.items() if field not in shared}
    merged = {field: spellings for field, spellings in fields.items() if field not in own}
    for one, weight in own.items():
        name = f"foreign_{weight}"
        merged[name] = f"{merged[name]} {fields[one]}" if name in merged else fields[one]
    told = {field: weight for field, weight in weights.items() if field in shared}
    return merged, told | {f"foreign_{weight}": weight for weight in own.values()}


def _patterns(plain: Mapping[str, Any]) -> Iterator[str]:
    unwrapping, log = plain["unwrapping"], plain["log"]
    yield from (pattern for _, pattern, _ in unwrapping["rewrites"])
    yield from (
        unwrapping["escaped"],
        unwrapping["literal"],
        unwrapping["fence"],
        unwrapping["host"],
        unwrapping["listed"],
        unwrapping["of_host"],
        unwrapping["of_server"],
        *unwrapping["prefixes"],
        *unwrapping["prompts"],
    )
    products, given = plain["products"], plain["given"]
    yield from (*unwrapping["noise"], products["own"], products["nova"], *products["signs"].values())
    yield from (*products["neighbours"].values(), given["command"], given["name"], *given["named"].values())
    yield from (message["pattern"] for message in (*plain["tools"], *plain["refusals"]))
    yield from (plain["errors"][name] for name in ("name", "said", "http", "answer", "command"))
    yield from plain["errors"]["operations"].values()
    yield from (log["line"], log["context"], log["bare"], log["time"], *(pattern for _, pattern in log["mentions"]))
    yield from (text for text in plain["hypervisor"].values() if isinstance(text, str))
    services = plain["services"]
    yield from (text for text in (*services.values(), *services["alerts"].values()) if isinstance(text, str))
    yield from (*plain["sentence"].values(), *(plain["lasting"][name] for name in ("pattern", "changed", "stuck")))
    yield from (pattern for name in plain["wondered"]["words"] for pattern in wondering(plain["wondered"], name))
    rows = (*plain["wondered"]["words"], *plain["tried"]["more"])
    yield from (pattern for row in rows for pattern in trying(plain["tried"], row))
    yield from (text for name, text in plain["shapes"].items() if name not in _NO_PATTERNS)

"""The table of messages as it goes over the network: its entries by column, and nothing that the rest tells.

A reader has to undo it (`unpacked`, and docs/assets/lookup/reading/message_packing.js):

1. `entries` has a list for each of `COLUMNS`, in the order of an entry; templates are divided by tabs, codes by blanks,
   and so are names of `errors` with their flags. In a template `%s` is a placeholder whose name is its place
   among the template's placeholders.
2. The ids of an entry are a list, or the only one without it. A number is how far the exception's place in `errors` is
   from the place told before it. "" is a line of a log whose slug is made of the template's words, and two to four
   characters without a colon are the digest that stands behind such a slug where it was too long (`_slug_words`). Any
   other text is the id.
3. `lines` has a row for each line of a log in the order in which `entries` names it for the first time: 0 where nothing
   is known of it, else its effect, or where it has a text a list of effect, verdict and the text's name, `1` where that
   is its slug. Lines that no entry names are in `other_lines` as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

from nova_states.facts.ids import fact_id

COLUMNS: Final = ("templates", "languages", "codes", "ids")
_LONGEST_SLUG: Final = 60
"""Of slugs of log lines; a test compares them with the facts."""
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)s")
_ANY: Final = re.compile(r"%(?:\((?P<name>\w+)\))?s|%%")
"""A placeholder with or without a name, or a sign for itself."""
_FLAGGED: Final = re.compile(r"(\w*?)([01]*)")
"""The name of an exception and its flags."""
_DIGEST: Final = re.compile(r"[0-9a-f]{4}")
_LINE: Final = fact_id("log_message", "")


def packed(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table that `compile_messages` made for a choice of languages, as it goes over the network."""
    columns = dict(zip(COLUMNS, zip(*table["entries"], strict=True), strict=True))
    ids = _near(columns["templates"], columns["ids"])
    templates = [_numbered(template, is_short=True) for template in columns["templates"]]
    texts = {"templates": "\t".join(templates), "codes": " ".join(_word(code) for code in columns["codes"])}
    errors = " ".join(f"{name}{''.join(map(str, flags))}" for name, *flags in table["errors"])
    told = {**table, **_packed_lines(table, columns["ids"])}
    return told | {"errors": errors, "entries": columns | texts | {"ids": list(ids)}}


def _word(code: int | None) -> str:
    """A status, and nothing for none."""
    return "" if code is None else str(code)


def _errors(names: str) -> list[list[Any]]:
    found = (_FLAGGED.fullmatch(name) for name in names.split(" "))
    return [[one[1], *map(int, one[2])] for one in found if one]


def unpacked(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table that `packed` was given."""
    columns = table["entries"]
    templates = [_numbered(template, is_short=False) for template in columns["templates"].split("\t")]
    codes = [int(code) if code else None for code in columns["codes"].split(" ")]
    whole = columns | {"templates": templates, "codes": codes, "ids": list(_whole(templates, columns["ids"]))}
    lines = _whole_lines(table, whole["ids"])
    told = {name: table[name] for name in table if name != "other_lines"}
    entries = [list(row) for row in zip(*(whole[name] for name in COLUMNS), strict=True)]
    return {**told, **lines, "errors": _errors(table["errors"]), "entries": entries}


def _slugs(listed: Sequence[Sequence[int | str]]) -> list[str]:
    """Slugs of lines in the order of entries."""
    named = (one for ids in listed for one in ids if isinstance(one, str) and one.startswith(_LINE))
    return [one.removeprefix(_LINE) for one in dict.fromkeys(named)]


def _packed_lines(table: Mapping[str, Any], listed: Sequence[Sequence[int | str]]) -> dict[str, Any]:
    if "lines" not in table:
        return {}
    slugs, lines = _slugs(listed), table["lines"]
    rows = [_packed_line(lines[slug], slug) if slug in lines else 0 for slug in slugs]
    return {"lines": rows, "other_lines": {slug: lines[slug] for slug in lines if slug not in set(slugs)}}


def _packed_line(line: Sequence[Any], slug: str) -> Any:  # noqa: ANN401 - a word or a list
    effect, verdict, name = line
    return effect if verdict is None and name is None else [effect, verdict, 1 if name == slug else name]


def _whole_lines(table: Mapping[str, Any], listed: Sequence[Sequence[int | str]]) -> dict[str, Any]:
    if "lines" not in table:
        return {}
    lines = dict(table["other_lines"])
    for slug, row in zip(_slugs(listed), table["lines"], strict=True):
        if row != 0:
            effect, verdict, name = row if isinstance(row, list) else (row, None, None)
            lines[slug] = [effect, verdict, slug if name == 1 else name]
    return {"lines": dict(sorted(lines.items()))}


def _numbered(template: str, *, is_short: bool) -> str:
    """A template with placeholders whose name is their place as `%s`, or with that place."""
    places = count()

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        place = str(next(places))
        if is_short:
            return "%s" if found["name"] == place else found[0]
        return found[0] if found["name"] else f"%({place})s"

    return _ANY.sub(one, template)


def _near(templates: Sequence[str], listed: Sequence[Sequence[int | str]]) -> Iterator[Any]:
    last = 0
    for template, ids in zip(templates, listed, strict=True):
        near: list[int | str] = []
        for one in ids:
            if isinstance(one, int):
                near.append(one - last)
                last = one
            else:
                near.append(_without_words(one, template))
        yield near[0] if len(near) == 1 else near


def _whole(templates: Sequence[str], listed: Sequence[Any]) -> Iterator[list[int | str]]:
    last = 0
    for template, near in zip(templates, listed, strict=True):
        ids: list[int | str] = []
        for one in near if isinstance(near, list) else [near]:
            if isinstance(one, int):
                last += one
                ids.append(last)
            else:
                ids.append(one if ":" in one else _with_words(one, template))
        yield ids


def _without_words(identity: str, template: str) -> str:
    digest = identity.rpartition("-")[2]
    short = ("", digest) if _DIGEST.fullmatch(digest) else ("",)
    return next((one for one in short if _with_words(one, template) == identity), identity)


def _with_words(digest: str, template: str) -> str:
    words = _slug_words(template)
    if not digest:
        return f"{_LINE}{words}"
    return f"{_LINE}{words[:_LONGEST_SLUG].rpartition('-')[0] or words[:_LONGEST_SLUG] or 'line'}-{digest}"


def _slug_words(template: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", _PLACEHOLDER.sub(" ", template).lower()))

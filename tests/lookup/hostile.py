"""500 pastes that mean no good, the same ones in each run: for the command line and for the page."""

from __future__ import annotations

import functools
import json
import random

_SCRIPTS = (
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    '"><svg onload="window.hacked = 1">',
    "javascript:window.hacked=1",
    "${window.hacked = 1}",
    "{{constructor.constructor('window.hacked = 1')()}}",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "'; window.hacked = 1; '",
)
_KEYS = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__")
_MARKS = ("\u202e", "\u2066", "\u200f", "\u0000", "\x1b]0;x\x07", "\x1b[2J", "\ufeff", "\u2028")
_FIELDS = ("OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state", "status", "id", "name")


@functools.cache
def hostile_pastes() -> tuple[str, ...]:
    """All of them; each kind in turn, so that any part of them has some of each."""
    chance = random.Random(4)
    kinds = (_server, _table, _lines, _message, _broken, _deep, _binary, _huge, _keys, _yaml)
    return tuple(kinds[number % len(kinds)](chance) for number in range(500))


def _bad(chance: random.Random) -> str:
    return chance.choice((*_SCRIPTS, *_KEYS, *(mark + "active" for mark in _MARKS)))


def _server(chance: random.Random) -> str:
    return json.dumps({field: _bad(chance) for field in _FIELDS})


def _table(chance: random.Random) -> str:
    rows = "\n".join(f"| {field} | {_bad(chance)} |" for field in _FIELDS)
    return f"| Field | Value |\n|---|---|\n{rows}"


def _lines(chance: random.Random) -> str:
    return "\n".join(f'{field}{chance.choice((": ", "="))}"{_bad(chance)}"' for field in _FIELDS)


def _message(chance: random.Random) -> str:
    return f"Cannot '{_bad(chance)}' instance {_bad(chance)} while it is in vm_state {_bad(chance)}"


def _broken(chance: random.Random) -> str:
    text = json.dumps({"servers": [{field: _bad(chance) for field in _FIELDS}]})
    return text[: chance.randrange(1, len(text))]


def _deep(chance: random.Random) -> str:
    opening = chance.choice(("[", '{"server":', '[{"a":'))
    return opening * chance.choice((100, 5_000, 20_000))


def _binary(chance: random.Random) -> str:
    return chance.randbytes(chance.randrange(1, 20_000)).decode("utf-8", errors="replace")


def _huge(chance: random.Random) -> str:
    unit = chance.choice(("Cannot ", "| ", "- ", "a", "'", "a: ", " ", "=", "Cannot 'a a a a", '"vm_state":', "{", ","))
    return unit * (100_000 // len(unit))


def _keys(chance: random.Random) -> str:
    inner = {key: {"vm_state": _bad(chance)} for key in _KEYS}
    return json.dumps({"server": inner | {"vm_state": chance.choice(_KEYS), "task_state": chance.choice(_KEYS)}})


def _yaml(chance: random.Random) -> str:
    laughs = "\n".join(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]" for before, name in zip("abcdef", "bcdefg"))  # noqa: B905
    return f"a: &a [lol]\n{laughs}\nvm_state: !!python/object/apply:os.system ['{_bad(chance)}']"

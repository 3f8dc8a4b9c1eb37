"""Pastes of every kind, and what is left of them when they are cut, quoted, wrapped, mixed; the same in each run."""

from __future__ import annotations

import functools
import json
import random
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
_SIGNS = (
    *"|\"'{}[](),:=-\n\t <>\\`0aA",
    "\u00e9",
    "\u017f",
    "\U0001f600",
    "\u3000",
    "\x1b[1m",
    "\u212a",
    "상태",
    "ERROR",
)
_PREFIXES = ("> ", "    ", "| ", "$ ", "- ", "2024-01-01 10:00:00.1 | ")
_LONGEST = 12_000


@functools.cache
def whole_pastes() -> tuple[str, ...]:
    """What the cases of this folder paste."""
    smallest = yaml.safe_load((FOLDER / "smallest.yml").read_text(encoding="utf-8"))
    ordinary = yaml.safe_load((FOLDER / "ordinary.yml").read_text(encoding="utf-8"))
    others = yaml.safe_load((FOLDER / "foreign.yml").read_text(encoding="utf-8"))
    files = [path for name in ("pastes", "cases") for path in sorted((FOLDER / name).glob("*.yml"))]
    return (
        *(yaml.safe_load(path.read_text(encoding="utf-8"))["input"] for path in files),
        *(case["input"] for cases in smallest.values() for case in cases),
        *(sentence for sentences in ordinary.values() for sentence in sentences),
        *(case["input"] for case in others),
    )


@functools.cache
def damaged_pastes(count: int) -> tuple[str, ...]:
    """So many of them, each damaged up to three times."""
    chance = random.Random(20261126)
    return tuple(_damaged(chance) for _ in range(count))


def _damaged(chance: random.Random) -> str:
    text: str = chance.choice(whole_pastes())
    damages = (_beheaded, _cut, _without_line, _prefixed, _mixed, _miswritten, _wrapped, _shuffled, _squeezed, _tabbed)
    for _ in range(chance.randrange(1, 4)):
        text = chance.choice(damages)(text, chance)
    return text[:_LONGEST]


def _beheaded(text: str, chance: random.Random) -> str:
    return text[chance.randrange(len(text) + 1) :]


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _without_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _prefixed(text: str, chance: random.Random) -> str:
    return "\n".join(chance.choice(_PREFIXES) + line for line in text.split("\n"))


def _mixed(text: str, chance: random.Random) -> str:
    return f"{text}{chance.choice(('', chr(10)))}\n{chance.choice(whole_pastes())}"


def _miswritten(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return f"{text[:place]}{chance.choice(_SIGNS)}{text[place + chance.randrange(3) :]}"


def _wrapped(text: str, chance: random.Random) -> str:
    width = chance.randrange(30, 100)
    lines = (line[place : place + width] for line in text.split("\n") for place in range(0, max(1, len(line)), width))
    return "\n".join(lines)


def _shuffled(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def _squeezed(text: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        return json.dumps(text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _tabbed(text: str, chance: random.Random) -> str:
    return text.replace("\n", "\r\n") if chance.random() < 0.5 else text.replace(" ", "\t", chance.randrange(1, 6))

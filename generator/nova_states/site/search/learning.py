"""Learns from questions which page a word leads to: the part of the search that nobody writes by hand.

The model is log-linear, the smallest that learns from whole questions: each word of a question, and each group of the
lexicon that it stands in, has a weight for some pages; the pages' sums of weights, as a softmax, are how likely each is
what was asked for. A word has a weight for a page only where a question that the page answers best has the word, so the
weights are few. `_UNSEEN` stands for all other pages: a question of words that nobody asked with says little of any.

Weights are found by stochastic gradient descent with a step of its own for each weight (AdaGrad), the questions in an
order that only their texts decide. A question's pages share its probability, the first of them by far the most. What is
learned is rounded to steps of `_STEP`; small weights, and words that hardly a question has, are left out, as an index
has to be small. docs/assets/search/learned.js reads what `packed` writes and adds it to the ranking.

How much it counts there was measured with questions of other sources than those learned from: docs/decisions/0008.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt
from typing import Final, TypeAlias

from nova_states.site.search.asked import Asked
from nova_states.site.search.normaliser import Normaliser, Word

_EPOCHS: Final = 4
_RATE: Final = 0.3
_DECAY: Final = 0.001
_LEAST_STEP: Final = 0.001
_UNSEEN: Final = 60.0
"""The twin of `UNSEEN` in learned.js."""
_STEP: Final = 0.7
"""The twin of `STEP` in learned.js."""
_FIRST_PAGE: Final = 0x100
_FIRST_LEVEL: Final = ord("a") - 1
_FIRST_GAP: Final = ord("#")
_GAPS: Final = 80
"""So many gaps are one byte each."""
_FAR: Final = "~"
_JUMP: Final = 1700
_MOST: Final = 26
_SHORT_SIGNS: Final = "".join(sign for sign in map(chr, range(0x20, 0x7F)) if not re.match(r'["\\a-z]', sign))
"""For the pages that most weights are for, a byte each where others need two; twin of `SHORT_SIGNS` in learned.js."""

Feature: TypeAlias = int | str
"""A group's number, or a word's key."""


class _Weight:
    """One that is still being learned; `spread` is the sum of the squares of its gradients so far."""

    __slots__ = ("spread", "value")

    def __init__(self) -> None:
        self.value = self.spread = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Example:
    features: tuple[Feature, ...]
    pages: Mapping[int, float]
    """Page → its share of the question."""
    best: int
    order: bytes


def features_of(words: Iterable[Word]) -> tuple[Feature, ...]:
    """Words that may have weights, each once, with the groups they stand in."""
    found: dict[Feature, None] = {}
    for word in words:
        if word.key and not word.mixed:
            found.update(dict.fromkeys((*word.groups, word.key)))
    return tuple(found)


def learn(
    asked: Iterable[Asked], pages: Sequence[str], normaliser: Normaliser, *, fewest: int, least: float
) -> dict[Feature, dict[int, int]]:
    """Feature → page's number in `pages` → weight in steps of `_STEP`, each above 0.

    Args:
        asked: The questions; sections count as their page.
        pages: All that can be found.
        normaliser: Reads as the worker will read.
        fewest: In how many questions a word has to be to have weights.
        least: Smaller weights are left out.
    """
    numbers = {page: number for number, page in enumerate(pages)}
    examples = sorted(
        (_example(question, numbers, normaliser) for question in asked), key=lambda example: example.order
    )
    counts = Counter(feature for example in examples for feature in example.features)
    weights: dict[Feature, dict[int, _Weight]] = {}
    for example in examples:
        for feature in example.features:
            if counts[feature] >= fewest:
                weights.setdefault(feature, {}).setdefault(example.best, _Weight())
    for _ in range(_EPOCHS):
        for example in examples:
            _follow(example, [weights[feature] for feature in example.features if feature in weights])
    rounded = {
        feature: {
            page: max(1, min(_MOST, round(weight.value / _STEP)))
            for page, weight in sorted(of_pages.items())
            if weight.value >= least
        }
        for feature, of_pages in weights.items()
    }
    return {feature: of_pages for feature, of_pages in rounded.items() if of_pages}


def _example(question: Asked, numbers: Mapping[str, int], normaliser: Normaliser) -> _Example:
    pages = dict.fromkeys(numbers[page.partition("#")[0]] for page in question.pages)
    shares = {page: 1 / (1 + rank) ** 2 for rank, page in enumerate(pages)}
    total = sum(shares.values())
    return _Example(
        features=features_of(normaliser.read(question.text)),
        pages={page: share / total for page, share in shares.items()},
        best=next(iter(pages)),
        order=hashlib.sha256(question.text.encode()).digest(),
    )


def _follow(example: _Example, weights: Sequence[dict[int, _Weight]]) -> None:
    """One step down the gradient of one question."""
    sums: dict[int, float] = {}
    for of_pages in weights:
        for page, weight in of_pages.items():
            sums[page] = sums.get(page, 0.0) + weight.value
    raised = {page: exp(value) for page, value in sums.items()}
    total = _UNSEEN + sum(raised.values())
    wrong = {page: value / total - example.pages.get(page, 0.0) for page, value in raised.items()}
    for of_pages in weights:
        for page, weight in of_pages.items():
            gradient = wrong[page] + _DECAY * weight.value
            if abs(gradient) < _LEAST_STEP:
                continue
            weight.spread += gradient * gradient
            weight.value -= _RATE * gradient / sqrt(0.01 + weight.spread)


def packed(weights: Mapping[Feature, Mapping[int, int]], groups: int) -> dict[str, str]:
    """Weights as texts: the words' numbers (`word_number`), and a line for each of `groups` and then of these words.

    The numbers are rising; a character tells how far the next is from the one before, `_FAR` that it is further by
    `_JUMP`. A line has its pages as characters from U+0100 on, those of one weight behind the letter of that weight;
    "often" has pages, so written, that are one of `_SHORT_SIGNS` in a line, each the sign of its place.
    Words of one number share what they tell: of a thousand words some six do.
    """
    counts = Counter(page for of_pages in weights.values() for page in of_pages)
    often = sorted(counts, key=lambda page: (-counts[page], page))[: len(_SHORT_SIGNS)]
    signs = {page: chr(_FIRST_PAGE + page) for page in counts} | dict(zip(often, _SHORT_SIGNS, strict=False))
    keys = sorted((word_number(feature), feature) for feature in weights if isinstance(feature, str))
    lines = (_line(weights.get(feature, {}), signs) for feature in (*range(groups), *(key for _, key in keys)))
    return {
        "keys": packed_numbers(number for number, _ in keys),
        "weights": "\n".join(lines),
        "often": "".join(chr(_FIRST_PAGE + page) for page in often),
    }


def packed_numbers(numbers: Iterable[int]) -> str:
    """Numbers as a text, by the gaps between them in their order; `unpacked` in learned.js reads it."""
    return "".join(_gap(after - before) for before, after in pairwise([0, *sorted(numbers)]))


def word_number(key: str, bits: int = 16) -> int:
    """A word as a number of some bits (FNV-1a), an eighth of the room of the word itself; the twin is in learned.js."""
    number = 0x811C9DC5
    for char in key:
        number = ((number ^ ord(char)) * 0x01000193) & 0xFFFFFFFF
    return (number ^ number >> 15) & (1 << bits) - 1


def _gap(gap: int) -> str:
    far, near = divmod(gap, _JUMP)
    return _FAR * far + chr(_FIRST_GAP + near if near < _GAPS else _FIRST_PAGE + near - _GAPS)


def _line(of_pages: Mapping[int, int], signs: Mapping[int, str]) -> str:
    by_level: dict[int, list[int]] = {}
    for page, level in sorted(of_pages.items()):
        by_level.setdefault(level, []).append(page)
    return "".join(
        chr(_FIRST_LEVEL + level) + "".join(signs[page] for page in pages) for level, pages in sorted(by_level.items())
    )

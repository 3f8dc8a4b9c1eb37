"""What the search can find: pages, options and statuses of migrations, with all the names that people have for them.

A page says in its head what it is called; that head is all that is known here of pages, so that a new kind of page is
found without a line of code. Names stay a list: a phrase that is right counts more than its words scattered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.loading import Explanation, Explanations
from nova_states.facts.ids import fact_id
from nova_states.lookup.refusals import action_names
from nova_states.pages.options import OPTIONS
from nova_states.pages.record_links import MIGRATION_STATUSES
from nova_states.site.generated_page import PageHead

READS: Final = {"ko": ("ko", "en"), "en": ("en",)}
"""Language of a page → languages that its readers type."""
_PLAIN: Final = re.compile(r"`|\*\*")
_ALIKE: Final = ("series:", "error:letter-")
"""Pages whose sentences differ in nothing but the name, which their titles have."""
_SENTENCE: Final = re.compile(r".+?[.?!](?=\s|$)")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z'’]+|[0-9]+|[^\W\da-zA-Z_]+")
"""As docs/assets/search/normaliser.js splits a name."""
_COMMAND_OPTION: Final = re.compile(r" --os-compute-api-version \S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One thing that the search can find."""

    id: str
    """"vm_state:stopped", "option:shutdown_timeout", "guide:compare#which"; an index page: "vm_state:"."""
    kind: str
    label: str
    """What its result is headed with, beside the name."""
    sentence: str
    """What its result says of it."""
    href: str
    """Address below the language."""
    name: str = ""
    """Nova's own name; empty where there is none."""
    aliases: tuple[str, ...] = ()
    """Other words that find it, the reader's language first; each once."""


def documents_of_names(
    language: str, heads: Mapping[str, PageHead], queries: CatalogQueries, explanations: Explanations
) -> Iterator[Document]:
    """A document for each generated page of a language, then each option and each status of a migration.

    `heads` are the generated pages' heads by their path ("ko/vm_state/stopped.md").
    """
    more = _generated_aliases(queries, explanations)
    for path, head in heads.items():
        if not path.startswith(f"{language}/") or head.kind in ("home", "lookup"):
            continue
        parts = PurePosixPath(path).with_suffix("").parts[1:]
        kind, stem = parts[0], "" if parts[-1] == "index" else parts[-1]
        explanation = explanations.by_kind.get(kind, {}).get(stem) if stem else None
        identity = fact_id(kind, explanation.name if explanation else stem)
        if explanation is None:
            aliases = _once(head.title, *head.aliases)  # the first is the label
            yield Document(
                id=identity,
                kind=kind,
                label=head.title,
                sentence="" if stem and identity.startswith(_ALIKE) else _sentence(head.description),
                href="/".join(parts[:-1] if not stem else parts) + "/",
                aliases=aliases[1:],
            )
        else:
            yield _named(language, identity, explanation, f"{kind}/{stem}/", more.get(identity, ()))
    for _, name in queries.options:
        explanation = explanations.of("option", name)
        yield _named(language, fact_id("option", name), explanation, f"{OPTIONS}#{name}", ())
    for name in queries.named("migration_statuses"):
        stem = file_stem(name)
        href = f"{MIGRATION_STATUSES}#{stem}"
        yield _named(language, fact_id("migration_status", name), explanations.of("migration_status", stem), href, ())


def _named(language: str, identity: str, explanation: Explanation, href: str, more: tuple[str, ...]) -> Document:
    others = [other for other in READS[language] if other != language]
    own = (explanation.label[language], *explanation.aliases[language])
    # A label in another language is our wording, which nobody types; what people type there are its aliases.
    foreign = [word for other in others for word in explanation.aliases[other]]
    names = _once(explanation.name, *own, *more, *foreign)
    return Document(
        id=identity,
        kind=identity.partition(":")[0],
        name=explanation.name,
        label=explanation.label[language],
        sentence=_sentence(explanation.summary[language]),
        href=href,
        aliases=tuple(name for name in names if name not in (explanation.name, explanation.label[language])),
    )


def _generated_aliases(queries: CatalogQueries, explanations: Explanations) -> dict[str, tuple[str, ...]]:
    """What the facts say a name is also called: numbers of power states, words of requests and of the client."""
    found: dict[str, list[str]] = {}
    for constant in queries.latest.constants["power_state"].values():
        number = int(constant.value)
        words = [f"0x{number:02x}", f"power_state {number}"]
        found[fact_id("power_state", constant.name)] = words + ([constant.label] if constant.label else [])
    for word, actions in names_of_actions(queries).items():
        for action in actions:
            found.setdefault(fact_id("action", action), []).append(word)
    for stem, explanation in explanations.by_kind["action"].items():
        command = command_words(explanation.command or "")
        if command:
            found.setdefault(fact_id("action", stem), []).append(command)
    return {identity: tuple(words) for identity, words in found.items()}


def names_of_actions(queries: CatalogQueries) -> Mapping[str, Sequence[str]]:
    """All words that any release has for actions, worked out once for all languages and builds."""
    return queries.memo.once(("names of actions",), lambda: action_names(queries.catalog.releases()))


def command_words(command: str) -> str:
    """A command without what users fill in: "openstack server stop {server}" → "openstack server stop".

    What is left of a placeholder's own option ("--flavor {flavor}") stays, as people type it too.
    """
    kept = [word for word in _COMMAND_OPTION.sub("", command).split() if "{" not in word]
    return " ".join(kept)


def _once(*names: str) -> tuple[str, ...]:
    """Names without those whose words are those of an earlier one: the search reads "power_off" as "Power Off"."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(" ".join(_WORD.findall(name)).casefold() or name, name)
    return tuple(found.values())


def _sentence(text: str) -> str:
    """The first sentence of a text, its marks left out."""
    plain = _PLAIN.sub("", text)
    found = _SENTENCE.match(plain)
    return found[0] if found else plain

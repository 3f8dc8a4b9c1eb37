"""What the lookup's form offers to choose from; templates/macros/lookup.html.jinja draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.explanations.loading import Explanations
from nova_states.lookup.texts import load_words

TABLES: Final = "assets/lookup/{language}.json"
"""Where the site publishes the first of `nova_states.lookup.page_tables.PageTables`."""
MESSAGES: Final = "assets/lookup/messages-{language}.json"
"""As above, the other: Nova's messages in English and the language, and the grammar of pastes."""
SAID: Final = "assets/lookup/said-{language}-{part}.json"
"""As above: what is said of some records, in parts."""
STEPS: Final = "assets/lookup/steps.json"
"""As above, the last, for all languages: what happens by itself in other releases than the latest."""
NO_TASK: Final = "none"
_WORDS: Final = (
    "answer", "any", "box", "box_hint", "change", "choose", "clear", "examples", "latest", "loading", "no_task",
    "privacy", "problem_tables", "release", "submit", "without_script",
)  # fmt: skip
_SERVER: Final = "6f70656e-7374-4163-8b00-000000000001"
EXAMPLES: Final = {
    "example_deleting": (
        f'{{"id": "{_SERVER}", "name": "web1", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", '
        '"OS-EXT-STS:task_state": "deleting", "OS-EXT-STS:power_state": 1, "updated": "2026-01-05T08:00:00Z"}'
    ),
    "example_refusal": (
        f"Cannot 'resize' instance {_SERVER} while it is in vm_state paused (HTTP 409) (Request-ID: "
        "req-6f70656e-7374-4163-8b00-000000000002)"
    ),
    "example_fault": (
        '{"status": "ERROR", "OS-EXT-STS:vm_state": "error", "OS-EXT-STS:task_state": null, '
        '"OS-EXT-STS:power_state": 0, "OS-SRV-USG:launched_at": null, "fault": {"code": 500, "message": '
        '"No valid host was found. There are not enough hosts available."}}'
    ),
    "example_list": """\
+------+-----------+--------+------------+-------------+
| ID   | Name      | Status | Task State | Power State |
+------+-----------+--------+------------+-------------+
| a1   | web1      | ACTIVE | None       | Running     |
| a2   | web2      | ACTIVE | deleting   | Running     |
| a3   | db1       | ERROR  | None       | NOSTATE     |
| a4   | db2       | ACTIVE | None       | Shutdown    |
+------+-----------+--------+------------+-------------+
""",
}
"""Word of the interface → a paste to try."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One entry of a list."""

    value: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Where the form leads, relative to the page it stands on."""

    tables: str
    """The compiled tables."""
    messages: str
    """The table of Nova's messages."""
    said: str
    """The parts of what is said of some records, with {part} to fill in."""
    steps: str
    """What happens by itself in other releases than the latest."""
    root: str
    """The language's home: "./" or "../"."""
    source: str
    """A line of Nova's source, with {version}, {file} and {line} to fill in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupForm:
    """All that the macro draws."""

    language: str
    words: Mapping[str, str]
    """Text of each word by its name in docs/explanations/lookup.yml."""
    vm_states: tuple[Choice, ...]
    task_states: tuple[Choice, ...]
    power_states: tuple[Choice, ...]
    releases: tuple[Choice, ...]
    """The newest version of each series, newest series first."""
    examples: tuple[Choice, ...]
    """Pastes to try."""
    links: Links


def build_form(catalog: Catalog, explanations: Explanations, language: str, links: Links) -> LookupForm:
    """The form in a language, offering the states of all releases.

    Args:
        catalog: All releases.
        explanations: Labels of the states.
        language: "ko" or "en".
        links: Where the form leads, relative to the page it stands on.

    Raises:
        InputError: a power_state is not explained.
    """
    words = load_words()
    releases = [catalog.release(version) for version in reversed(catalog.versions)]
    powers = {number: fact.name for release in releases for number, fact in release.power_states.items()}

    def choices(kind: str, names: list[str]) -> tuple[Choice, ...]:
        labels = explanations.by_kind[kind]
        return tuple(Choice(value=name, text=_text(name, labels[name.lower()].label[language])) for name in names)

    return LookupForm(
        language=language,
        words={name: words[name][language] for name in _WORDS},
        vm_states=choices("vm_state", list(dict.fromkeys(v for r in releases for v in r.vm_states))),
        task_states=(
            Choice(value=NO_TASK, text=words["no_task"][language]),
            *choices("task_state", sorted({task for release in releases for task in release.task_states})),
        ),
        power_states=tuple(
            Choice(
                value=str(number),
                text=_text(f"{number} {name}", explanations.of("power_state", name).label[language]),
            )
            for number, name in sorted(powers.items())
        ),
        releases=tuple(
            Choice(value=newest, text=f"{series.codename} {newest}")
            for series in reversed(catalog.series)
            if (newest := catalog.versions_of(series)[-1]) != catalog.latest
        ),
        examples=tuple(Choice(value=paste, text=words[name][language]) for name, paste in EXAMPLES.items()),
        links=links,
    )


def _text(name: str, label: str) -> str:
    """A name, with what people call it where that says more."""
    return name if label.lower() in (name.lower(), name.lower().replace("_", " ")) else f"{name} · {label}"

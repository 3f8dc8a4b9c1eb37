"""The grammar of pastes, as the readers look into it.

`grammar.toml` says what is recognised, `grammar_compilation` makes it plain. The modules beside this one only interpret
it, and so does the script of the page in docs/assets/lookup/reading; a test in a browser compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

from nova_states.lookup.root_causes import is_of_question
from nova_states.lookup.vocabulary import Vocabulary, fold, fold_action

_NAMED: Final = re.compile(r"\(\?<(?![=!])")
_MOST_REMEMBERED: Final = 1000
_ID: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
STATE_FIELDS: Final = ("status", "vm_state", "task_state", "power_state")
"""Fields of which no error of the API has one."""
_JOINTS: Final = re.compile(r"[\s_\-:.()/]+")


def fold_name(name: str) -> str:
    """A field's name without case and without what joins its parts: "OS-EXT-STS:vm_state" → "osextstsvmstate"."""
    return _JOINTS.sub("", name.lower())


@cache
def compile_pattern(text: str, *, any_case: bool = False) -> re.Pattern[str]:
    """A pattern of the tables, which names its groups as JavaScript does."""
    return re.compile(_NAMED.sub("(?P<", text), re.ASCII | (re.IGNORECASE if any_case else 0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What a record with certain names is; decided once for all records that have the same names."""

    kind: str | None
    """Kind whose fields weigh most; None: no name tells."""
    is_foreign: bool
    """It is a record of something that nothing here explains: an image, a port."""
    fields: tuple[tuple[int, str], ...]
    """The place of each name that is one of a field, and the field, which comes once."""


@dataclass(kw_only=True)
class Grammar:
    """The compiled grammar with the words of all releases."""

    vocabulary: Vocabulary
    _layouts: dict[tuple[tuple[str, ...], str | None], Layout] = field(default_factory=dict)
    _inside: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _fields: dict[str, str | None] = field(default_factory=dict)
    _errors: dict[str | None, str | None] = field(default_factory=dict)

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """As `compile_grammar` made it."""
        grammar: Mapping[str, Any] = self.vocabulary.tables["grammar"]
        return grammar

    def limit(self, name: str) -> int:
        """A number of [limits]."""
        number: int = self.plain["limits"][name]
        return number

    def remember(self, message: str | None, find: Callable[[str | None, Grammar], str | None]) -> str | None:
        """What was found for a message; servers of one list often have the same."""
        # Which server or volume it names does not matter.
        key = message and _ID.sub("\0", message)
        if key not in self._errors:
            if len(self._errors) >= _MOST_REMEMBERED:
                self._errors.clear()
            self._errors[key] = find(message, self)
        return self._errors[key]

    def shape(self, name: str) -> re.Pattern[str]:
        """A pattern of [shapes]."""
        return compile_pattern(self.plain["shapes"][name])

    def field_of(self, name: str) -> str | None:
        """The field that a name means, in any spelling."""
        if name not in self._fields:
            if len(name) > self.longest_word:
                return None
            self._fields[name] = self.spellings.get(fold_name(name))
        return self._fields[name]

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Folded name → the field that it means; of one field the best first."""
        return {
            spelling or fold_name(field): field
            for field, spellings in self.plain["fields"].items()
            for spelling in spellings.split(" ")
        }

    def words(self, name: str) -> list[str]:
        """A list of [words]."""
        words: list[str] = self.plain["words"][name]
        return words

    @cached_property
    def messages(self) -> Mapping[str, Any]:
        """The table of Nova's messages (`nova_states.lookup.message_patterns`)."""
        table = self.vocabulary.messages_table
        return table() if callable(table) else table

    @cached_property
    def causes(self) -> Sequence[Sequence[Any]]:
        """How causes are told (`nova_states.lookup.told_table.compile_causes`)."""
        return [row for row in self._told if not is_of_question(row)]

    @cached_property
    def questions(self) -> Sequence[Sequence[Any]]:
        """The same of what people ask."""
        return [row for row in self._told if is_of_question(row)]

    @property
    def _told(self) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = self.messages.get("causes", ())
        return rows

    @cached_property
    def errors(self) -> Mapping[str, tuple[bool, bool]]:
        """Exception that users meet → whether it can end as a server's fault, and whether the API refuses with it.

        Of one that somebody has written of and that no fault was found to end in, a driver raises it.
        """
        helped = self.vocabulary.tables["texts"]["help"]
        return {
            name: (bool(told[0]), bool(told[1])) if told else (True, False)
            for name, *told in self.messages["errors"]
            if told or f"error:{name}" in helped
        }

    @cached_property
    def wrappers(self) -> dict[str, str]:
        """Key that an answer of the API has around its records → their kind."""
        return {wrapper: kind for kind, _, _, wrappers, _ in self.plain["kinds"] for wrapper in wrappers}

    @cached_property
    def records(self) -> dict[str, list[tuple[str, list[str]]]]:
        """Kind → key of the record, and the fields that it is taken from, best first."""
        return {
            kind: [(told, [told]) if isinstance(told, str) else (told[0], told[1]) for told in record]
            for kind, _, _, _, record in self.plain["kinds"]
        }

    def layout(self, names: tuple[str, ...], wrapper: str | None = None) -> Layout:
        """What a record with these names is; `wrapper` is the key that it lay under."""
        key = (names, wrapper)
        if key not in self._layouts:
            fields = tuple(self._fields_of(names))
            kind, is_foreign = self._heaviest({found for _, found in fields}, wrapper)
            self._layouts[key] = Layout(kind=kind, is_foreign=is_foreign, fields=fields)
        return self._layouts[key]

    def _fields_of(self, names: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        """The place of each name of a field; of several names of one, that which the grammar has first.

        The first of equals counts: dashboards call what one may do as they call the task.
        """
        ranks = self._ranks
        best: dict[str, int] = {}
        for place, name in enumerate(names):
            field = self.field_of(name)
            if field and (field not in best or ranks[fold_name(name)] < ranks[fold_name(names[best[field]])]):
                best[field] = place
        yield from sorted((place, field) for field, place in best.items())

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {name: rank for rank, name in enumerate(self.spellings)}

    def inside(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those names of an object's members that are wrappers of records, but for parts of the record that it is.

        A server has a flavor, an event its server.
        """
        if names not in self._inside:
            self._inside[names] = tuple(
                name for name in names if name in self.wrappers and not self._is_own(name, names)
            )
        return self._inside[names]

    def _is_own(self, name: str, names: tuple[str, ...]) -> bool:
        layout = self.layout(tuple(other for other in names if other != name))
        if self.wrappers[name] == "fault" and any(field in STATE_FIELDS for _, field in layout.fields):
            return True
        return layout.kind is not None and not (layout.kind == "server" and name in ("server", "servers"))

    @cached_property
    def nothing(self) -> frozenset[str]:
        """Values that say that there is none."""
        return frozenset(self.words("nothing"))

    @cached_property
    def migration_statuses(self) -> frozenset[str]:
        """Statuses of migrations: those that a verdict is given on."""
        return frozenset(
            word
            for _, record, when in self.vocabulary.tables["verdicts_beside"]
            if record == "migration"
            for word in when.get("migration_status", ())
        )

    @cached_property
    def longest_word(self) -> int:
        """Characters of a value."""
        return self.limit("longest_word")

    def _heaviest(self, fields: set[str], wrapper: str | None) -> tuple[str | None, bool]:
        best: tuple[str | None, bool] = (None, False)
        most = self.limit("least_weight") - 1
        for kind, is_foreign, weights, wrappers, _ in self.plain["kinds"]:
            weight = sum(weights.get(name, 0) for name in fields) + (100 if wrapper in wrappers else 0)
            if weight > most:
                best, most = (kind, is_foreign), weight
        return best

    def is_status(self, text: str) -> bool:
        """Whether a word is the API's for a server, or a dashboard's."""
        return fold(text) in self.vocabulary.statuses or fold(text) in self.plain["labels"]["status"]

    def begins_status(self, text: str) -> bool:
        """Whether a word of the API for a server may begin so: a narrow column has it on several lines."""
        return any(word.startswith(fold(text)) for word in self.vocabulary.statuses)

    def is_action(self, text: str) -> bool:
        """Whether a word is an action's name, or that under which the API lists what was asked for."""
        told = self.vocabulary.tables["texts"]["help"]
        return fold_action(text) in self.vocabulary.actions or f"event:{text}" in told

    def is_task(self, text: str) -> bool:
        """Whether a word is a task_state, or says that there is none."""
        folded = fold(text)
        return (
            text in self.words("no_task")
            or folded in self.vocabulary.task_states
            or folded in self.plain["labels"]["task_state"]
        )

"""Reads Nova's own translations of its exceptions' messages, so that a fault in any language is known.

Nova shows a message in the language that a client asks for, as long as a release ships the translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polib

from nova_states.errors import InputError
from nova_states.facts.model import Count, Evidence, Gap, Section, Translation
from nova_states.introspection.error_classes import EXCEPTIONS, text_nodes
from nova_states.introspection.modules import Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reach.wording import literal, pattern

_LOCALES = "nova/locale"
_CATALOG = re.compile(rf"{_LOCALES}/(\w+)/LC_MESSAGES/nova\.po")
_NAMED = re.compile(r"(?<!\{)\{(\w*)\}(?!\})")


def read_translations(modules: Modules) -> Section[Translation]:
    """The translated messages, by language, then in the order of the exceptions."""
    gaps: list[Gap] = []
    facts: list[Translation] = []
    try:
        messages = list(_messages(modules))
    except SourceError as error:
        messages = []
        gaps.append(error.as_gap("messages to look for"))
    for path in modules.tree.files(_LOCALES):
        match = _CATALOG.fullmatch(path)
        if match and modules.exists(path):
            facts.extend(_translated(match[1], path, messages, modules, gaps))
    count = Count(name="translations", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def _messages(modules: Modules) -> Iterator[str]:
    """The messages of nova/exception.py as they are handed to gettext."""
    found: dict[str, None] = {}
    for node in modules.at(EXCEPTIONS).classes.values():
        for value in text_nodes(node):
            text = literal(value)
            if text:
                found[text] = None
    yield from found


def _translated(
    language: str, path: str, messages: list[str], modules: Modules, gaps: list[Gap]
) -> Iterator[Translation]:
    try:
        # Given the name of a file polib would open it; none begins with the mark that polib takes off a text.
        catalog = polib.pofile(f"\ufeff{modules.tree.read(path).decode('utf-8-sig')}")
    except (OSError, ValueError, LookupError, InputError) as error:
        gaps.append(Gap(file=path, line=1, reason=f"translation cannot be read: {error}"))
        return
    entries = {entry.msgid: entry for entry in catalog if entry.translated() and not entry.obsolete}
    for message in messages:
        entry = entries.get(message)
        if entry is None or not entry.msgstr:
            continue
        text, english = pattern(entry.msgstr), pattern(message)
        if text != english and set(_NAMED.findall(text)) <= set(_NAMED.findall(english)):
            yield Translation(
                language=language,
                pattern=english,
                text=text,
                evidence=Evidence(file=path, line=1, function=None),
            )

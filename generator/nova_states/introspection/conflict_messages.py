"""Reads the wording of the 409 that refuses an action, and its translations: an interface, as users paste it."""

from __future__ import annotations

import ast

import polib

from nova_states.errors import InputError
from nova_states.facts.model import Count, Evidence, Gap, Message, Section
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.status_map import COMMON
from nova_states.introspection.syntax import dotted_name, evidence, string_value

_FUNCTION = "raise_http_conflict_for_instance_invalid_state"
_LOCALES = "nova/locale"
_LANGUAGES = ("ko_KR", "ko")


def read_messages(modules: Modules) -> Section[Message]:
    """English wordings in the order of the source, then their Korean forms where the tree has them."""
    try:
        module = modules.at(COMMON)
    except SourceError as error:
        count = Count(name="messages", read=0, found=1)
        return Section(facts=(), gaps=(error.as_gap("the wording of the 409"),), counts=(count,))
    function = module.functions.get(_FUNCTION)
    english: list[Message] = []
    gaps: list[Gap] = []
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Call) and dotted_name(node.func) == "_" and node.args:
            text = _text(node.args[0], module, modules, gaps)
            if text is not None:
                identity = "state" if "%(state)s" in text else "generic"
                place = evidence(module, node, _FUNCTION)
                english.append(Message(id=identity, language="en", text=text, evidence=place))
    if not english:
        gaps.append(Gap(file=COMMON, line=1, reason=f"{_FUNCTION}: the wording of the 409 was not found"))
    translated = [message for language in _LANGUAGES for message in _translations(language, english, modules, gaps)]
    facts = (*english, *translated)
    count = Count(name="messages", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=facts, gaps=tuple(gaps), counts=(count,))


def _text(node: ast.expr, module: Module, modules: Modules, gaps: list[Gap]) -> str | None:
    """A wording, written out or behind a name."""
    plain = string_value(node)
    if plain is not None:
        return plain
    try:
        value = evaluate(node, Scope(modules=modules, module=module))
        if not isinstance(value, str):
            raise UnreadableError(module, node, "is no text")
    except SourceError as error:
        gaps.append(error.as_gap("a wording of the 409"))
        return None
    return value


def _translations(language: str, english: list[Message], modules: Modules, gaps: list[Gap]) -> list[Message]:
    path = f"{_LOCALES}/{language}/LC_MESSAGES/nova.po"
    if not modules.exists(path):
        return []
    try:
        # Given the name of a file polib would open it; none begins with the mark that polib takes off a text.
        text = modules.tree.read(path).decode("utf-8-sig")
        catalog = polib.pofile(f"\ufeff{text}")
    except (OSError, ValueError, LookupError, InputError) as error:
        gaps.append(Gap(file=path, line=1, reason=f"translation cannot be read: {error}"))
        return []
    found = []
    for message in english:
        entry = catalog.find(message.text)
        if entry is not None and entry.msgstr and entry.translated():
            place = Evidence(file=path, line=_line(entry, text), function=None)
            found.append(Message(id=message.id, language=language, text=entry.msgstr, evidence=place))
    return found


def _line(entry: polib.POEntry, text: str) -> int:
    """Where the message of an entry stands, below its comments, with which polib lets it begin."""
    first = entry.linenum or 1
    below = enumerate(text.splitlines()[first - 1 :], first)
    return next((number for number, line in below if line.lstrip().startswith("msgid")), first)

"""Reads the wording of the 409 that refuses an action, and its translations: an interface, as users paste it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import polib

from nova_states.errors import InputError
from nova_states.facts.model import Count, Evidence, Gap, Message, Section
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.modules import Function, Module, Modules
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
    for node in _wordings(function) if function else ():
        text = _text(node, module, modules, gaps)
        if text is not None:
            identity = "state" if "%(state)s" in text else "generic"
            english.append(Message(id=identity, language="en", text=text, evidence=evidence(module, node, _FUNCTION)))
    if not english:
        gaps.append(Gap(file=COMMON, line=1, reason=f"{_FUNCTION}: the wording of the 409 was not found"))
    translated = [message for language in _LANGUAGES for message in _translations(language, english, modules, gaps)]
    facts = (*english, *translated)
    count = Count(name="messages", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=facts, gaps=tuple(gaps), counts=(count,))


def _wordings(function: Function) -> Iterator[ast.expr]:
    """Expressions of the texts that the function answers with, in order, whatever is put into them left out."""
    given: dict[str, list[ast.expr]] = {}
    answers: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given.setdefault(name, []).append(value)
            case ast.Call() if dotted_name(node.func) == "_" and node.args:
                answers.append(node)
            case ast.keyword(arg="explanation", value=value):
                answers.append(value)
    found: dict[int, ast.expr] = {}
    for answer in answers:
        named = given.get(answer.id) if isinstance(answer, ast.Name) else None
        for value in named or [answer]:
            wording = _template(value)
            found.setdefault(wording.lineno * 1000 + wording.col_offset, wording)
    yield from (found[place] for place in sorted(found))


def _template(node: ast.expr) -> ast.expr:
    """What a text is made of: `_(text) % values` and `_(text).format(values)` are their `_(text)`."""
    match node:
        case ast.BinOp(op=ast.Mod(), left=left):
            return _template(left)
        case ast.Call(func=ast.Attribute(attr="format", value=owner)):
            return _template(owner)
    return node


def _text(node: ast.expr, module: Module, modules: Modules, gaps: list[Gap]) -> str | None:
    """A wording, written out or behind a name."""
    bound = module.bindings.get(node.id) if isinstance(node, ast.Name) and node.id not in module.changes else None
    if isinstance(bound, ast.Call):
        node = _template(bound)
    if isinstance(node, ast.Call) and dotted_name(node.func) == "_" and node.args:
        node = node.args[0]
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

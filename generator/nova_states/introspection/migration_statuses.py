"""Reads the statuses of migrations: who writes each, which sort of migration has it, and who wants it.

Nova has no list of them. A write is an assignment to the `status` of a migration, a constant handed to a function that
makes one (`_set_migration_status`), or a constant given as `migration_status`. A status is wanted where a migration is
looked up by it, or anything else makes the function stop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nova_states.facts.model import Count, Evidence, Gap, MigrationStatus, Section
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import leaves, steps_to
from nova_states.introspection.reach.escapes import analyse
from nova_states.introspection.reach.program import Code
from nova_states.introspection.reach.reached import leading_to, reached_places
from nova_states.introspection.reach.steps import statements
from nova_states.introspection.syntax import (
    dotted_name,
    evidence,
    functions_with_names,
    methods,
    parameter_names,
    string_value,
)
from nova_states.introspection.tree_walk import own_nodes, walk

_MAY_TELL = (b"migration", b"status")
_WORD = "migration"
_STATUS, _TYPE = "status", "migration_type"
_KEYWORD = "migration_status"
_LOOKUP = "get_by_instance_and_status"
_OBJECT = "nova/objects/migration.py"
_SERVICES = ("nova/api/", "nova/compute/", "nova/conductor/")
"""Where a filter decides what becomes of a server."""
_IN_PROGRESS = "migration_get_in_progress_by_host_and_node"
_DATABASES = ("nova/db/main/api.py", "nova/db/sqlalchemy/api.py")

_Place = tuple[str, str]
"""File and qualified name of a function."""
_Locals = dict[str, list[ast.expr]]
"""Local name → what it can hold."""


def read_migration_statuses(modules: Modules) -> Section[MigrationStatus]:
    """All statuses that are written, by name."""
    whole = modules.whole()
    reader = _Reader(whole)
    parsed: list[Module] = []
    for path in whole.sources():
        content = whole.tree.read(path)
        if all(word in content for word in _MAY_TELL):
            try:
                parsed.append(whole.at(path))
            except SourceError as error:
                reader.gaps.append(error.as_gap("statuses of migrations"))
    reader.setters.update(name for module in parsed for name in _setters(module))
    for module in parsed:
        for name, function in _functions(module):
            reader.read(module, name, function)
    over = _over(whole)
    types, leading = reader.types_of_statuses(), leading_to(whole)
    facts = tuple(
        MigrationStatus(
            value=value,
            types=tuple(sorted(types[value])),
            written=tuple(places),
            wanted_by=tuple(sorted({who for key in reader.wanted.get(value, ()) for who in leading.get(key, ())})),
            in_progress=value not in over,
            evidence=places[0],
        )
        for value, places in sorted(reader.written.items())
    )
    sites = sum(map(len, reader.written.values()))
    count = Count(name="writes of a migration's status", read=sites, found=sites + len(reader.gaps))
    return Section(facts=facts, gaps=tuple(reader.gaps), counts=(count,))


def _functions(module: Module) -> Iterator[tuple[str, Function]]:
    """The functions that speak of migrations at all."""
    for name, function in functions_with_names(module.tree.body):
        if any(_WORD in line for line in module.lines[function.lineno - 1 : function.end_lineno]):
            yield name, function


def _is_status(node: ast.expr) -> bool:
    """Whether an expression is the status of a migration."""
    return isinstance(node, ast.Attribute) and node.attr == _STATUS and dotted_name(node.value).endswith(_WORD)


def _setters(module: Module) -> Iterator[str]:
    """Functions that write a parameter of theirs as a status."""
    for _, function in _functions(module):
        for node in statements(function.body):
            match node:
                case ast.Assign(targets=[target], value=ast.Name(id=name)) if _is_status(target):
                    if name in parameter_names(function):
                        yield function.name


class _Reader:
    """What the functions of a tree say of migrations."""

    def __init__(self, whole: Modules) -> None:
        self._whole = whole
        self.setters: set[str] = set()
        self.written: dict[str, list[Evidence]] = {}
        self.wanted: dict[str, set[_Place]] = {}
        """Status → functions that want it."""
        self._given: dict[str, set[_Place]] = {}
        """Type of a migration → functions that give it."""
        self._computed: dict[str, set[_Place]] = {}
        """The same where a function decides, which counts for actions of which nothing else tells a type."""
        self._filtered: dict[_Place, set[str]] = {}
        """Function that looks for migrations of some types only → the types."""
        self._found: dict[str, set[str]] = {}
        """Status → the types of migrations that are looked for in it."""
        self._bounds: dict[tuple[str, int], list[tuple[str, bool]]] = {}
        """Place of a write → the types that a test around it asks for, and whether it must be or must not be one."""
        self.gaps: list[Gap] = []

    def read(self, module: Module, name: str, function: Function) -> None:
        """Note all that a function says."""
        held = _held(function)
        arguments = function.args.args
        for parameter, default in zip(reversed(arguments), reversed(function.args.defaults), strict=False):
            if parameter.arg == _KEYWORD and string_value(default):
                self._write(default, module, name, function)
        for node in own_nodes(function.body):
            match node:
                case ast.Assign(targets=[ast.Attribute() as target], value=value):
                    if _is_status(target):
                        self._write(value, module, name, function)
                        self._bound(node, module, name, function)
                    elif target.attr == _TYPE:
                        self._type(value, held, module, name)
                case ast.Call():
                    self._call(node, held, (module, name, function))
                case ast.If(test=ast.Compare() as test, body=body) if leaves(body):
                    self._test(test, held, (module.path, name))
                case ast.Dict() if _TYPE in map(string_value, node.keys):
                    self._filter(node, held, module, name)

    def _write(self, value: ast.expr, module: Module, name: str, function: Function) -> None:
        for part in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
            text = string_value(part)
            if text is not None:
                self.written.setdefault(text, []).append(evidence(module, value, name))
            elif not (isinstance(part, ast.Name) and part.id in parameter_names(function)):
                reason = f"{name}: the status is not written out"
                self.gaps.append(Gap(file=module.path, line=value.lineno, reason=reason))

    def _bound(self, node: ast.Assign, module: Module, name: str, function: Function) -> None:
        """Note what the tests around a write say of the type: `if not migration.is_live_migration`."""
        for step in steps_to(function, node):
            test = step.test
            if isinstance(test, ast.Attribute) and dotted_name(test.value).endswith(_WORD):
                kind = self._asked_type(test.attr)
                if kind is not None:
                    place = (module.path, evidence(module, node.value, name).line)
                    self._bounds.setdefault(place, []).append((kind, step.holds))

    def _asked_type(self, name: str) -> str | None:
        """The type of which a property of the Migration object tells whether a migration is one."""
        try:
            module = self._whole.at(_OBJECT)
        except SourceError:
            return None
        for one in (function for kind in module.classes.values() for function in methods(kind).get(name, ())):
            match one.body:
                case [
                    *_,
                    ast.Return(
                        value=ast.Compare(left=ast.Attribute(attr=attribute), ops=[ast.Eq()], comparators=[kind])
                    ),
                ]:
                    if attribute == _TYPE:
                        return next(iter(self._kinds(kind, {}, module)), None)
        return None

    def _call(self, node: ast.Call, held: _Locals, place: tuple[Module, str, Function]) -> None:
        module, name, function = place
        called = dotted_name(node.func).rpartition(".")[2]
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if called in self.setters and len(node.args) > 1:
            self._write(node.args[1], module, name, function)
        if string_value(options.get(_KEYWORD)):
            self._write(options[_KEYWORD], module, name, function)
        if called == "Migration" and _STATUS in options:
            self._write(options[_STATUS], module, name, function)
        if called == "Migration" and _TYPE in options:
            self._type(options[_TYPE], held, module, name)
        if called == _LOOKUP and len(node.args) > 2:  # noqa: PLR2004 - context, server and status
            self._want(node.args[2], held, (module.path, name))

    def _test(self, test: ast.Compare, held: _Locals, place: _Place) -> None:
        """Note a test that makes the function stop for any other status."""
        left = test.left
        is_status = _is_status(left) or (isinstance(left, ast.Call) and dotted_name(left.func) == "migration.get")
        if is_status and isinstance(test.ops[0], ast.NotEq | ast.NotIn):
            self._want(test.comparators[0], held, place)

    def _filter(self, node: ast.Dict, held: _Locals, module: Module, name: str) -> None:
        given = dict(zip(map(string_value, node.keys), node.values, strict=True))
        kinds = set(self._kinds(given[_TYPE], held, module))
        self._filtered.setdefault((module.path, name), set()).update(kinds)
        for value in self._values(given.get(_STATUS), held):
            self._found.setdefault(value, set()).update(kinds)
        if _STATUS in given and module.path.startswith(_SERVICES):
            self._want(given[_STATUS], held, (module.path, name))

    def _want(self, node: ast.expr, held: _Locals, place: _Place) -> None:
        for text in self._values(node, held):
            self.wanted.setdefault(text, set()).add(place)

    @staticmethod
    def _values(node: ast.expr | None, held: _Locals) -> Iterator[str]:
        """The texts that an expression, or a list of them, can be."""
        given = [node] if node is not None else []
        for one in held.get(node.id, []) if isinstance(node, ast.Name) else given:
            for part in one.elts if isinstance(one, ast.List | ast.Tuple | ast.Set) else [one]:
                if (text := string_value(part)) is not None:
                    yield text

    def _type(self, value: ast.expr, held: _Locals, module: Module, name: str) -> None:
        """Note the type that a migration is given; one that is handed over is told where it is made."""
        into = self._computed if isinstance(value, ast.Call) else self._given
        for kind in self._kinds(value, held, module):
            into.setdefault(kind, set()).add((module.path, name))

    def _kinds(self, value: ast.expr, held: _Locals, module: Module) -> Iterator[str]:
        """The types of migration that an expression can be."""
        for given in held.get(value.id, []) if isinstance(value, ast.Name) else [value]:
            for part in self._alternatives(given, module):
                try:
                    kind = evaluate(part, Scope(modules=self._whole, module=module))
                except UnreadableError:
                    continue
                if isinstance(kind, str):
                    yield kind

    def _alternatives(self, value: ast.expr, module: Module) -> list[ast.expr]:
        """Both sides of a choice, or what a function of the tree that is called can return."""
        if isinstance(value, ast.IfExp):
            return [value.body, value.orelse]
        if isinstance(value, ast.Call):
            program = analyse(self._whole, follows_messages=True).program
            called = program.resolve(module, dotted_name(value.func))
            if isinstance(called, Code):
                return [n.value for n in walk(called.node) if isinstance(n, ast.Return) and n.value is not None]
        return [value]

    def types_of_statuses(self) -> dict[str, frozenset[str]]:
        """Status → the types of migration that can have it.

        What creates no migration works on one of a status that it wants, and so on those types.
        """
        leading = leading_to(self._whole)
        created = self._types_of_actions()
        of_action = dict(created)
        types: dict[str, frozenset[str]] = {}
        for _ in range(2):
            for value, places in self.written.items():
                kinds: set[str] = set()
                for place in places:
                    key = (place.file, place.function or "")
                    own = self._filtered.get(key)
                    led = own or {kind for one in leading.get(key, ()) for kind in of_action.get(one, ())}
                    for kind, is_one in self._bounds.get((place.file, place.line), ()):
                        led = led & {kind} if is_one else led - {kind}
                    kinds.update(led)
                types[value] = frozenset(kinds | self._found.get(value, set()))
            of_action = created | self._types_of_others(created, types)
        return types

    def _types_of_others(self, created: dict[str, set[str]], types: dict[str, frozenset[str]]) -> dict[str, set[str]]:
        """Action that creates no migration → types of those it wants, in functions that are its own or another's."""
        leading = leading_to(self._whole)
        found: dict[str, set[str]] = {}
        for value, keys in self.wanted.items():
            for key in keys:
                acting = leading.get(key, ())
                own = {kind for action in acting for kind in created.get(action, set())}
                kinds = own or types.get(value, frozenset())
                for action in acting:
                    if action not in created and action in reached_places(self._whole):
                        found.setdefault(action, set()).update(kinds)
        return found

    def _types_of_actions(self) -> dict[str, set[str]]:
        """Action → the types of migration that what it leads to creates."""
        types: dict[str, set[str]] = {}
        for action, places in reached_places(self._whole).items():
            reached = {(place.code.module.path, place.code.name) for place in places}
            for given in (self._given, self._computed):
                kinds = {kind for kind, keys in given.items() if reached & keys}
                if kinds:
                    types[action] = kinds
                    break
        return types


def _held(function: Function) -> _Locals:
    """What local names can hold: what they are assigned, and the lists that they are extended by."""
    found: _Locals = {}
    extended: list[tuple[str, str]] = []
    for statement in statements(function.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[ast.Name(id=more)])
            ):
                extended.append((name, more))
    for name, more in extended:
        found.setdefault(name, []).extend(found.get(more, ()))
    return found


def _over(whole: Modules) -> frozenset[str]:
    """Statuses of which the resource tracker no longer counts a migration."""
    for path in _DATABASES:
        if whole.exists(path):
            function = whole.at(path).functions.get(_IN_PROGRESS)
            if function is not None:
                return frozenset(_excluded(function.body))
    return frozenset()


def _excluded(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in body:
        for node in walk(statement):
            match node:
                case ast.UnaryOp(op=ast.Invert(), operand=ast.Call(func=ast.Attribute(attr="in_"), args=[listed])):
                    yield from (text for part in walk(listed) if (text := string_value(part)) is not None)
                case ast.Compare(left=ast.Attribute(attr=attribute), ops=[ast.NotEq()], comparators=[other]):
                    text = string_value(other) if attribute == _STATUS else None
                    if text is not None:
                        yield text

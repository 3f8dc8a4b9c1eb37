"""The tree as one program: its classes and functions by name, and what a name in one of them stands for.

Only definitions are looked at. Objects are known by what the source assigns to them (`self.driver = X()`) or, where a
driver or a configuration decides, by the class of an ordinary deployment.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reach.steps import Step, nested_functions, statements, steps_of
from nova_states.introspection.syntax import dotted_name, functions_with_names, methods

OBJECTS = "nova/objects"

_ORDINARY: dict[str, tuple[tuple[str, str], ...]] = {
    "compute_api": (("nova/compute/api.py", "API"),),
    "compute_rpcapi": (("nova/compute/rpcapi.py", "ComputeAPI"),),
    "compute_task_api": (("nova/conductor/api.py", "ComputeTaskAPI"),),
    "context": (("nova/context.py", "RequestContext"),),
    "driver": (
        ("nova/virt/libvirt/driver.py", "LibvirtDriver"),
        ("nova/virt/libvirt/connection.py", "LibvirtConnection"),
        ("nova/scheduler/filter_scheduler.py", "FilterScheduler"),
    ),
    "image_api": (("nova/image/glance.py", "API"), ("nova/image/api.py", "API")),
    "network_api": (("nova/network/neutron.py", "API"), ("nova/network/neutronv2/api.py", "API")),
    "queryclient": (("nova/scheduler/client/query.py", "SchedulerQueryClient"),),
    "reportclient": (("nova/scheduler/client/report.py", "SchedulerReportClient"),),
    "rt": (("nova/compute/resource_tracker.py", "ResourceTracker"),),
    "scheduler_client": (("nova/scheduler/client/__init__.py", "SchedulerClient"),),
    "volume_api": (("nova/volume/cinder.py", "API"),),
}
"""Names of collaborators that are made by configuration or handed over → the class of an ordinary deployment."""

_DEEPEST_MAKING = 4
_OBJECT_CLASS = re.compile(rb"^class (\w+)\(", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Class:
    """A class of the tree."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """Dotted name, "nova.exception.NoValidHost"."""
        return f"{self.module.name}.{self.node.name}"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Code:
    """A function of the tree."""

    module: Module
    node: Function
    name: str
    """Qualified name in the file, "API.stop"."""


Named = Class | Code | Module | str
"""What a name stands for; a text is the dotted name of something outside the tree."""


@dataclass(kw_only=True)
class Program:
    """Classes and functions of a tree, found when first asked for."""

    modules: Modules
    """The tree as a whole: what is looked at here is not recorded file by file."""
    _named: dict[str, Named] = field(default_factory=dict)
    _classes: dict[tuple[str, str], Class] = field(default_factory=dict)
    _codes: dict[int, Code] = field(default_factory=dict)
    _lineages: dict[Class, tuple[Class, ...]] = field(default_factory=dict)
    _methods: dict[tuple[Class, str], Code | None] = field(default_factory=dict)
    _attributes: dict[Class, dict[str, list[ast.expr]]] = field(default_factory=dict)
    _objects: dict[str, str] | None = None
    _steps: dict[Code, tuple[Step, ...]] = field(default_factory=dict)
    _inner: dict[Code, dict[str, Function]] = field(default_factory=dict)
    _assignments: dict[Code, dict[str, list[ast.expr]]] = field(default_factory=dict)

    def module(self, path: str) -> Module | None:
        """The module of a file; None if the tree lacks it or it cannot be parsed."""
        try:
            return self.modules.at(path) if self.modules.exists(path) else None
        except SourceError:
            return None

    def class_at(self, path: str, name: str) -> Class | None:
        """The class `name` of the file `path`."""
        module = self.module(path)
        return self._class(module, name) if module else None

    def _class(self, module: Module, name: str) -> Class | None:
        node = module.classes.get(name)
        if node is None:
            return None
        return self._classes.setdefault((module.path, name), Class(module=module, node=node))

    def code(self, module: Module, node: Function) -> Code:
        """The function of a node."""
        if id(node) not in self._codes:
            for name, function in functions_with_names(module.tree.body):
                self._codes[id(function)] = Code(module=module, node=function, name=name)
        if id(node) not in self._codes:  # inside a function's own block, where no qualified name is made
            self._codes[id(node)] = Code(module=module, node=node, name=node.name)
        return self._codes[id(node)]

    def steps(self, code: Code) -> tuple[Step, ...]:
        """The steps of a function's body."""
        if code not in self._steps:
            self._steps[code] = steps_of(code.node.body)
        return self._steps[code]

    def nested(self, code: Code) -> dict[str, Function]:
        """The functions defined inside a function."""
        if code not in self._inner:
            self._inner[code] = nested_functions(code.node)
        return self._inner[code]

    def assigned(self, code: Code) -> dict[str, list[ast.expr]]:
        """Local name of a function → what it is assigned, or made by a `with`."""
        if code not in self._assignments:
            found: dict[str, list[ast.expr]] = {}
            for statement in statements(code.node.body):
                match statement:
                    case ast.Assign(targets=[ast.Name(id=target)], value=value):
                        found.setdefault(target, []).append(value)
                    case ast.With(items=[ast.withitem(context_expr=value, optional_vars=ast.Name(id=target))]):
                        found.setdefault(target, []).append(value)
            self._assignments[code] = found
        return self._assignments[code]

    def resolve(self, module: Module, dotted: str) -> Named | None:
        """What a dotted name means in a module; None where nothing can be told."""
        root, _, rest = dotted.partition(".")
        if root in module.classes:
            found: Named | None = self._class(module, root)
        elif root in module.functions:
            found = self.code(module, module.functions[root])
        elif root in module.imports:
            return self.locate(f"{module.imports[root]}.{rest}" if rest else module.imports[root])
        elif root in module.bindings:
            alias = dotted_name(module.bindings[root])
            return self.resolve(module, f"{alias}.{rest}" if rest else alias) if alias not in ("", root) else None
        else:
            return dotted
        return self._member(found, rest) if rest and found else found

    def locate(self, dotted: str) -> Named:
        """What the absolute dotted name means: something of the tree, or the name itself."""
        if dotted not in self._named:
            self._named[dotted] = dotted  # in case definitions go in circles
            self._named[dotted] = self._locate(dotted)
        return self._named[dotted]

    def _locate(self, dotted: str) -> Named:
        if not dotted.startswith("nova"):
            return dotted
        module = self._module_named(dotted)
        if module is not None:
            return module
        parent, _, name = dotted.rpartition(".")
        owner: Named = self.locate(parent) if parent else dotted
        if isinstance(owner, Module):
            found = self.resolve(owner, name) if owner.binds(name) else None
            if found is None and owner.path == f"{OBJECTS}/__init__.py":
                found = self.object_class(name)
            return found or dotted
        return (self._member(owner, name) if isinstance(owner, Class) else None) or dotted

    def _module_named(self, dotted: str) -> Module | None:
        stem = dotted.replace(".", "/")
        return self.module(f"{stem}.py") or self.module(f"{stem}/__init__.py")

    def _member(self, owner: Named, rest: str) -> Named | None:
        for part in rest.split("."):
            if not isinstance(owner, Class):
                return None
            method = self.method(owner, part)
            if method is None:
                return None
            owner = method
        return owner

    def object_class(self, name: str) -> Class | None:
        """The versioned object of a name ("Instance"); nova.objects binds them while it runs."""
        if self._objects is None:
            self._objects = {}
            for path in self.modules.paths(OBJECTS):
                if path.endswith(".py"):
                    for found in _OBJECT_CLASS.findall(self.modules.tree.read(path)):
                        self._objects.setdefault(found.decode(), path)
        return self.class_at(self._objects[name], name) if name in self._objects else None

    def lineage(self, kind: Class) -> tuple[Class, ...]:
        """A class and its bases inside the tree, in the order in which attributes are looked up."""
        if kind not in self._lineages:
            self._lineages[kind] = (kind,)  # in case bases go in circles
            found = dict.fromkeys([kind])
            for base in kind.node.bases:
                parent = self.resolve(kind.module, dotted_name(base))
                if isinstance(parent, Class):
                    found |= dict.fromkeys(self.lineage(parent))
            self._lineages[kind] = tuple(found)
        return self._lineages[kind]

    def bases(self, kind: Class) -> Iterator[str]:
        """Dotted names of the direct bases."""
        for base in kind.node.bases:
            found = self.resolve(kind.module, dotted_name(base))
            yield found.name if isinstance(found, Class) else found if isinstance(found, str) else dotted_name(base)

    def method(self, kind: Class, name: str, *, above: bool = False) -> Code | None:
        """The method of a class, its own or that of a base; `above`: not its own."""
        key = (kind, f"super {name}" if above else name)
        if key not in self._methods:
            self._methods[key] = None
            for one in self.lineage(kind)[1 if above else 0 :]:
                definitions = methods(one.node).get(name)
                if definitions:
                    self._methods[key] = self.code(one.module, definitions[-1])
                    break
        return self._methods[key]

    def attribute(self, kind: Class, name: str, method: str) -> Class | None:
        """The class of `self.<name>`, by what the class assigns to it, or by its name and a method it must have."""
        for one in self.lineage(kind):
            for value in self._assigned(one).get(name, ()):
                for call in ast.walk(value):
                    made = self.made_by(one.module, call.func) if isinstance(call, ast.Call) else None
                    if made is not None and self.method(made, method):
                        return made
        return self.ordinary(name, method)

    def _assigned(self, kind: Class) -> dict[str, list[ast.expr]]:
        if kind not in self._attributes:
            found: dict[str, list[ast.expr]] = {}
            for statement in statements(kind.node.body):
                match statement:
                    case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attr)], value=value):
                        found.setdefault(attr, []).append(value)
            self._attributes[kind] = found
        return self._attributes[kind]

    def made_by(self, module: Module, function: ast.expr) -> Class | None:
        """The class of what a call of `function` gives: a class itself, or a function that returns a new object."""
        target = self.resolve(module, dotted_name(function)) if dotted_name(function) else None
        if isinstance(target, Class):
            return target
        return self.returned(target) if isinstance(target, Code) else None

    def returned(self, code: Code) -> Class | None:
        """The class that a function makes an object of and returns."""
        for node in statements(code.node.body):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
                made = self.resolve(code.module, dotted_name(node.value.func))
                if isinstance(made, Class):
                    return made
        return None

    def function_made_by(self, module: Module, name: str) -> tuple[Code, Code] | None:
        """The nested function that a top-level name holds, made by calling a function, and the function around it."""
        call = module.bindings.get(name)
        made = self.resolve(module, dotted_name(call.func)) if isinstance(call, ast.Call) else None
        for _ in range(_DEEPEST_MAKING):
            if not isinstance(made, Code):
                break
            inner = self.nested(made)
            given = [s.value for s in statements(made.node.body) if isinstance(s, ast.Return)]
            for value in given:
                if isinstance(value, ast.Name) and value.id in inner:
                    return self.code(made.module, inner[value.id]), made
            further = next((value for value in given if isinstance(value, ast.Call)), None)
            made = self.resolve(made.module, dotted_name(further.func)) if further is not None else None
        return None

    def ordinary(self, name: str, method: str) -> Class | None:
        """The class with such a method of an object that is called so: a collaborator, or a versioned object."""
        for path, kind in _ORDINARY.get(name, ()):
            found = self.class_at(path, kind)
            if found is not None and self.method(found, method):
                return found
        words = "Instance" if name.endswith("_instance") else "".join(part.title() for part in name.split("_"))
        return self.object_class(words)

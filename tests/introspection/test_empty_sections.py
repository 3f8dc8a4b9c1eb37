"""A reader that comes back with nothing, although there is something, is a gap."""

from __future__ import annotations

import pytest

from nova_states.facts.model import Count, Gap, Section
from nova_states.introspection.empty_sections import with_what_is_missing
from nova_states.introspection.modules import Modules
from tests.introspection.hostile_tree import BytesTree

NOTHING: Section[object] = Section(facts=(), gaps=(), counts=(Count(name="x", read=0, found=0),))


def modules(path: str, text: str) -> Modules:
    return Modules(tree=BytesTree({path: text.encode()}))


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("errors", "nova/exception.py", "\nclass A(Exception):\n    pass\n"),
        ("log_messages", "nova/compute/manager.py", "def f():\n    LOG.info('x')\n"),
        ("events", "nova/compute/instance_actions.py", "\nCREATE = other.CREATE\n"),
        ("microversions", "nova/api/openstack/api_version_request.py", "\n_MAX_API_VERSION = made()\n"),
    ],
)
def test_nothing_where_there_is_something(kind: str, path: str, text: str) -> None:
    tree = modules(path, text)
    found = with_what_is_missing(kind, NOTHING, tree)
    assert [(gap.file, gap.line) for gap in found.gaps] == [(path, 2)]
    assert path in tree.reads


def test_nothing_where_there_is_nothing() -> None:
    assert with_what_is_missing("errors", NOTHING, modules("nova/exception.py", "\n")) == NOTHING
    assert with_what_is_missing("errors", NOTHING, modules("nova/other.py", "class A(Exception):\n")) == NOTHING


def test_what_is_reported_already_is_left() -> None:
    section: Section[object] = Section(facts=(), gaps=(Gap(file="a", line=1, reason="b"),), counts=())
    assert with_what_is_missing("errors", section, modules("nova/exception.py", "class A(Exception):\n")) == section

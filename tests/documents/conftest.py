"""What docutils makes of a document, read once a release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.documents.vm_states import Names, write_vm_states
from nova_states.lookup.table_cache import load_tables

STRICT = {"report_level": 1, "halt_level": 2, "input_encoding": "unicode"}
"""Whatever docutils has to say of a text, it refuses it for."""


class Graph(Directive):
    """Sphinx's `graphviz`, which docutils does not know: its lines as they are."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [nodes.literal_block(text="\n".join(self.content))]


directives.register_directive("graphviz", Graph)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """A document as docutils understands it."""

    text: str
    tree: nodes.document

    def tables(self, section: str) -> list[list[list[str]]]:
        """Tables of the section of that title, each a list of rows of cells, the head first."""
        titles = [found for found in self.tree.findall(nodes.title) if found.astext() == section]
        return [
            [[" ".join(cell.astext().split()) for cell in row.findall(nodes.entry)] for row in found.findall(nodes.row)]
            for title in titles
            if title.parent is not None
            for found in title.parent.children
            if isinstance(found, nodes.table)
        ]

    def rows(self, section: str) -> list[list[str]]:
        """All rows of a section, without heads."""
        return [row for found in self.tables(section) for row in found[1:]]


def parse(text: str) -> Parsed:
    """A text that docutils takes without a word.

    Raises:
        docutils.utils.SystemMessage: it has something to say.
    """
    return Parsed(text=text, tree=publish_doctree(text, settings_overrides=STRICT))


@pytest.fixture(scope="session")
def stored() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def document(stored: Catalog) -> Callable[[str], Parsed]:
    names = Names.of(load_tables("en")["texts"])

    @cache
    def read(version: str) -> Parsed:
        return parse(write_vm_states(stored.release(version), names))

    return read

"""The navigation: every folder a section, pages in the order they were rendered, one navigation a language.

Sections are nested and pruned (`navigation.prune`): a flat list of all pages would be two thirds of every page's
bytes and half of the time the theme takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs.structure.nav import Navigation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ASKED_FOR = ("encrypted", "pages", "typeset")
"""What Material's other plugins tell of items, and its template asks of each on every page."""


def plan_navigation(
    language: str, sections: Sequence[Mapping[str, Mapping[str, str]] | str], pages: Mapping[str, str]
) -> list[Any]:
    """Return one language's part of MkDocs' `nav`.

    `sections` is mkdocs.yml's list: the name of a page, or a folder with its heading in each language. `pages` gives
    each page's group (often empty) by its path, in the order to show them. The home page comes first.
    """
    items: list[Any] = [f"{language}/index.md"] if f"{language}/index.md" in pages else []
    for section in sections:
        if isinstance(section, str):
            page = f"{language}/{section}.md"
            items += [page] if page in pages else []
            continue
        for folder, headings in section.items():
            inside = {path: group for path, group in pages.items() if path.startswith(f"{language}/{folder}/")}
            if inside:
                items.append({headings[language]: _group(inside)})
    return items


def _group(pages: Mapping[str, str]) -> list[Any]:
    """Put pages below their group's heading, the index first, groups where their first page stands."""
    groups: dict[str, list[str]] = {}
    items: list[Any] = []
    for path, group in sorted(pages.items(), key=lambda item: not item[0].endswith("/index.md")):
        if not group:
            items.append(path)
        elif group in groups:
            groups[group].append(path)
        else:
            groups[group] = [path]
            items.append({group: groups[group]})
    return items


def split_navigation(nav: Navigation, languages: Iterable[str]) -> dict[str, Navigation]:
    """Return each language's own navigation out of the one that MkDocs made of `{language: [items]}`."""
    navigations = {}
    for section in nav.items:
        if section.title not in languages:
            continue
        for item in section.children:
            item.parent = None
        for item in _all_of(section.children):
            # To find that something is not there takes Jinja longer than all else that it does with an item.
            vars(item).update(dict.fromkeys(_ASKED_FOR))
        pages = [page for page in nav.pages if page.file.src_uri.startswith(f"{section.title}/")]
        pages[0].previous_page = pages[-1].next_page = None
        navigation = Navigation(section.children, pages)
        navigation.homepage = pages[0]
        navigations[section.title] = navigation
    return navigations


def _all_of(items: Iterable[Any]) -> Iterator[Any]:
    """Items with all below them; MkDocs leaves untyped that each tells its children."""
    for item in items:
        yield item
        yield from _all_of(item.children or ())

"""The page of configuration options that act on states, and the sections that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.release import Release
from nova_states.facts.model import Option
from nova_states.pages.components import CellContent, Change, Head, Link, PageSection, Table
from nova_states.pages.models import OptionRow, OptionsPage
from nova_states.pages.urls import index_address
from nova_states.pages.writer import Writer

OPTIONS = index_address("option")


def build_options(writer: Writer) -> OptionsPage:
    """All options of all releases the reference speaks of, by group and name."""
    page = writer.on(OPTIONS)
    explanation = page.explain("kind", "option")
    language = page.language
    names = tuple(page.queries.options)
    first = {name: group for group, name in reversed(names)}
    return OptionsPage(
        head=Head(
            title=f"{explanation.label[language]} (nova.conf)",
            description=explanation.summary[language].replace("`", ""),
            kind="option",
            aliases=explanation.aliases[language],
        ),
        label=explanation.label[language],
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        # An option that moved to another group stands there once more, under its whole name.
        rows=tuple(
            _row(page, group, name, name if first[name] == group else f"{group}.{name}")
            for group, name in names
            if page.lens is None or page.lens.version in page.queries.options[group, name]
        ),
        release=page.release.version,
    )


def _row(page: Writer, group: str, name: str, anchor: str) -> OptionRow:
    versions = page.queries.options[group, name]
    version = page.lens.version if page.lens else next(reversed(versions))
    option = versions[version]
    return OptionRow(
        name=name,
        anchor=anchor,
        label=page.label("option", name),
        summary=page.summary("option", name),
        meaning=page.explain("option", name).meaning[page.language],
        group=group,
        default=default_text(option),
        acts_on=tuple(_links(page, option)),
        leads=page.leads_from("option", name),
        history=tuple(_history(page, name, versions)),
        place=page.place(version, option.evidence),
    )


def default_text(option: Option) -> str:
    """A default as nova.conf would have it."""
    match option.default:
        case None:
            return "–"
        case bool():
            return str(option.default).lower()
        case _:
            return str(option.default)


def _links(page: Writer, option: Option) -> Iterator[Link]:
    for identity in option.acts_on:
        kind, _, name = identity.partition(":")
        yield page.link(kind, name)


def _history(page: Writer, name: str, versions: dict[str, Option]) -> Iterator[Change]:
    """Since when there is the option, and each default it had where it had several."""
    yield from page.changes(f"`{name}`", page.catalog.runs_of(versions))
    defaults: dict[str, list[str]] = {}
    for version, option in versions.items():
        defaults.setdefault(default_text(option), []).append(version)
    if len(defaults) > 1:
        for default, having in defaults.items():
            yield from page.changes(page.words("default_was", default=f"`{default}`"), page.catalog.runs_of(having))


def option_section(page: Writer, identity: str, release: Release) -> PageSection | None:
    """The options of a release that act on a state or an action."""
    options = tuple(option for option in release.facts("options") if identity in option.acts_on)
    if not options:
        return None
    head = (page.words("option"), page.words("group_of_option"), page.words("default"), page.words("meaning"))
    return PageSection(
        id="options",
        title=page.words("options_here"),
        tables=(Table(head=head, rows=tuple(_effect_text(page, option) for option in options)),),
        more=(Link(text=page.words("options_all"), href=page.urls.to(OPTIONS)),),
    )


def _effect_text(page: Writer, option: Option) -> tuple[CellContent, ...]:
    link = Link(text=option.name, href=page.urls.to(OPTIONS, option.name), title=page.label("option", option.name))
    return (
        (link,),
        (f"`[{option.group or 'DEFAULT'}]`",),
        (f"`{default_text(option)}`",),
        (page.summary("option", option.name),),
    )

"""The Jinja environment: strict about names, escaping everything that is not HTML of ours."""

from __future__ import annotations

import hashlib
import itertools
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape as html_escape
from pathlib import Path

import jinja2
import jinja2.meta
from markupsafe import Markup, escape

from nova_states.errors import InputError
from nova_states.pages.components import ExactCode, Link, MatrixCell, SourceLink
from nova_states.pages.writer import PageWords
from nova_states.rendering.diagrams import draw
from nova_states.rendering.machine_drawing import draw_map

TEMPLATES = Path(__file__).parents[3] / "templates"

_CODE = re.compile(r"`([^`]+)`")


@cache
def load_environment(folder: Path = TEMPLATES) -> jinja2.Environment:
    """The environment of all page templates below `folder`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        # Markdown's own `{#id}` begins like Jinja's usual comment.
        comment_start_string="{##",
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["inline"] = inline
    environment.filters["cells"] = cells
    environment.filters["chips"] = chips
    environment.filters["items"] = items
    environment.filters["place"] = place
    environment.filters["at_most"] = at_most
    environment.filters["draw"] = draw
    environment.filters["draw_map"] = draw_map
    environment.filters["groupby_neighbours"] = group_neighbours
    return environment


def group_neighbours(rows: Iterable[object], field: str) -> list[tuple[object, list[object]]]:
    """Rows that stand together and have a field alike, in their order; Jinja's own `groupby` sorts."""
    return [(key, list(found)) for key, found in itertools.groupby(rows, operator.attrgetter(field))]


@cache
def inline(text: str) -> Markup:
    """A text of ours as HTML: what stands between backticks is code, one word of it an identifier."""
    return Markup(_CODE.sub(_code, str(escape(text))))  # noqa: S704 - escaped before


def _code(found: re.Match[str]) -> str:
    """Code that is never broken if it is one word; a command is, between its words."""
    return f"<code>{found[1]}</code>" if " " in found[1] else f'<code class="id">{found[1]}</code>'


# Not templates: there are half a million links on all pages of all releases, most of them to the same places.
@cache
def _chip(link: Link) -> str:
    css = f"chip chip--{html_escape(link.kind)}" if link.kind else "chip"
    title = f' title="{html_escape(link.title)}"' if link.title else ""
    return f'<a class="{css}" href="{html_escape(link.href)}"{title}>{html_escape(link.text)}</a>'


def chips(links: Iterable[Link]) -> Markup:
    """Names as links to their pages."""
    return Markup(" ".join(map(_chip, links)))  # noqa: S704 - every part is escaped


def place(found: SourceLink) -> Markup:
    """A place in the source."""
    where = f'<a href="{html_escape(found.href)}"><code>{html_escape(found.file)}:{found.line}</code></a>'
    function = f" <code>{html_escape(found.function)}</code>" if found.function else ""
    return Markup(where + function)  # noqa: S704 - every part is escaped


def at_most(links: Sequence[Link | SourceLink], words: PageWords, number: int) -> Markup:
    """Links of which few are shown at once, the rest folded. Not a macro: it prints a third of what a lens shows."""
    shown = "".join(map(_short, links[:number]))
    if len(links) > number:
        summary = html_escape(words("and_more", count=len(links) - number))
        shown += f"<details><summary>{summary}</summary>{''.join(map(_short, links[number:]))}</details>"
    return Markup(shown)  # noqa: S704 - every part is escaped


def _short(link: Link | SourceLink) -> str:
    if isinstance(link, Link):
        return f"{_chip(link)} "
    where = f"{link.file.removeprefix('nova/')}:{link.line}"
    return f'<a href="{html_escape(link.href)}"><code>{html_escape(where)}</code></a> '


def items(found: Iterable[Link | SourceLink | ExactCode | str]) -> Markup:
    """What a cell of a table holds."""
    return Markup(" ".join(_item(item) for item in found))  # noqa: S704 - every part is escaped


def _item(item: Link | SourceLink | ExactCode | str) -> str:
    match item:
        case str():
            return inline(item)
        case SourceLink():
            return place(item)
        case ExactCode():
            fold, code = html_escape(item.fold), html_escape(item.code)
            return f'<details class="exact"><summary>{fold}</summary><code>{code}</code></details>'
        case _:
            return _chip(item)


def cells(row: Iterable[MatrixCell]) -> Markup:
    """A row of a matrix. Not a template: there are a hundred thousand cells, and this is five times as fast."""
    made = [
        f'<td class="{cell.css}"><a href="{html_escape(cell.href)}" title="{html_escape(cell.title)}">'
        f"{html_escape(cell.sign)}</a></td>"
        for cell in row
    ]
    return Markup("".join(made).replace(' class=""', ""))  # noqa: S704 - every part is escaped


def render(template: str, words: PageWords, **variables: object) -> str:
    """Fill the template `pages/<template>.jinja`.

    Raises:
        InputError: as `fill` does.
    """
    return fill(f"pages/{template}", words, variables)


def fill(template: str, words: PageWords, variables: Mapping[str, object]) -> str:
    """Fill a template below templates/: "parts/state_next.md".

    Raises:
        InputError: the template has a mistake or names a variable that does not exist, with its file and line.
    """
    name = f"{template}.jinja"
    try:
        return load_environment().get_template(name).render(words=words, **variables)
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"templates/{error.name or name}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateError as error:
        raise InputError(f"templates/{_place(error, name)}: {error.message or error}") from error


def digest_of(template: str) -> str:
    """Tell whether a template below templates/ would print anything else: its text and that of all that it reads.

    Raises:
        InputError: one of them has a mistake or is not there, with its place.
    """
    digest = hashlib.blake2b()
    seen: dict[str, None] = {f"{template}.jinja": None}
    waiting = list(seen)
    while waiting:
        name = waiting.pop()
        text = _read(name)
        digest.update(f"{name}\0{text}\0".encode())
        new = [found for found in _references(name, text) if found not in seen]
        seen.update(dict.fromkeys(new))
        waiting.extend(new)
    return digest.hexdigest()


def _read(name: str) -> str:
    try:
        return (TEMPLATES / name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"templates/{name}: cannot be read; a template names it") from error


@lru_cache(maxsize=256)
def _references(name: str, text: str) -> tuple[str, ...]:
    """The templates that a template of this text extends, includes and imports."""
    try:
        found = tuple(jinja2.meta.find_referenced_templates(load_environment().parse(text)))
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"templates/{name}:{error.lineno}: {error.message}") from error
    if None in found:
        raise InputError(f"templates/{name}: names a template by a variable; what it prints of could not be told")
    return tuple(one for one in found if one is not None)


def _place(error: jinja2.TemplateError, place: str) -> str:
    """File and line of the template in which rendering stopped."""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".jinja"):
            place = f"{Path(file).relative_to(TEMPLATES).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place

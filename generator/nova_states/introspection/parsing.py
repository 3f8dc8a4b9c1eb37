"""Turns a file of any Nova release into an `ast.Module` without running a line of it.

Releases before 19 use `async` as an identifier and releases before 12 are written in Python 2. Both are rewritten to
today's grammar first, so that lines stay those of the file, and columns but for what follows an octal number or the
comma of `except X, e` on its line. The rewriting is lexical and runs only where its patterns occur.
"""

from __future__ import annotations

import ast
import re
import warnings

from nova_states.errors import InputError
from nova_states.facts.model import Gap
from nova_states.introspection.tree_walk import children, walk

_DEEPEST_TREE = 100
"""Levels of a syntax tree; Nova's deepest has 39. What walks trees by recursion relies on it."""

_STAND_IN = "a5ync"
"""Replaces the identifier `async`, letter for letter, until the file is parsed; `parse` maps it back."""

# A string may lack its end: a broken file must not make the search start over at each of its quotes.
STRING_OR_COMMENT = re.compile(
    r"""
    \"\"\"(?:[^"\\]|\\.|"(?!\"\"))*+(?:\"\"\")?
    | '''(?:[^'\\]|\\.|'(?!''))*+(?:''')?
    | "(?:[^"\\\n]|\\.)*+"?
    | '(?:[^'\\\n]|\\.)*+'?
    | \#[^\n]*+
    """,
    re.DOTALL | re.VERBOSE,
)
"""A string or a comment, in any Python."""

_OLD_GRAMMAR: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\basync\b(?![ \t]+(?:def|with|for)\b)"), _STAND_IN),
    (re.compile(r"(\bexcept\b[^:]{0,500}),(\s*\w+\s*:)"), r"\1 as\2"),
    (re.compile(r"^([ \t]*print)[ \t]([ \t]*)>>([^\n]*)$", re.MULTILINE), r"\1(\2  \3)"),
    (re.compile(r"^([ \t]*print)[ \t]([ \t]*[^\s(=][^\n]*)$", re.MULTILINE), r"\1(\2)"),
    (re.compile(r"^([ \t]*print)$", re.MULTILINE), r"\1()"),
    (re.compile(r"^([ \t]*raise)[ \t]([ \t]*[\w.\[\]]+[ \t]*,[^\n]*)$", re.MULTILINE), r"\1(\2)"),
    (re.compile(r"(?<![.\w])0([0-7]+)\b(?![.\w])"), r"0o\1"),
    (re.compile(r"\b(\d+|0x[0-9a-fA-F]+)[lL]\b"), r"\1 "),
    (re.compile(r"<>"), "!="),
    (re.compile(r"\b[uU]([rR]([\"'])_*\2)"), r"\1 "),
    (re.compile(r"\b[uU](?=[rR][\"'])"), ""),
)


class SourceError(InputError):
    """Something of a source tree that cannot be read, with its file and line."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason

    def as_gap(self, subject: str | None = None) -> Gap:
        """The same as a gap among the facts; `subject` says what was being read."""
        return Gap(file=self.path, line=self.line, reason=f"{subject}: {self.reason}" if subject else self.reason)


def parse(content: bytes, path: str) -> ast.Module:
    """Parse the file `path` of the given `content`, whatever Python it was written for.

    Raises:
        SourceError: the file is not UTF-8, not Python or nested absurdly deep, with the line at which reading stopped.
    """
    text = decode(content, path)
    if _STAND_IN in text:
        line = text[: text.index(_STAND_IN)].count("\n") + 1
        raise SourceError(path, line, f"uses the name {_STAND_IN}, which stands in for `async` here; please report it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes such as "\d" are Nova's business, not our user's
            module = _parsed(text, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        line = getattr(error, "lineno", None) or 1
        raise SourceError(path, line, f"cannot be parsed ({reason}); nothing was read from it") from error
    _refuse_if_too_deep(module, path)
    return module


def _parsed(text: str, path: str) -> ast.Module:
    """The tree of a text as it is, or else in today's grammar: to look for the old one takes longer than to parse."""
    try:
        return ast.parse(text, filename=path)
    except SyntaxError:
        modern = _modernise(text)
        if modern == text:
            raise
    module = ast.parse(modern, filename=path)
    return _name_back(module) if _STAND_IN in modern else module


def decode(content: bytes, path: str) -> str:
    r"""The text of a source file, its lines ended by "\n" as Python counts them.

    Raises:
        SourceError: it is no UTF-8 text.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, "not UTF-8 text; is this a Nova source file?") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SourceError(path, line, "has a null byte; is this a Nova source file?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _modernise(text: str) -> str:
    """Rewrite Python 2 and pre-3.7 grammar outside strings and comments; the same text if there is none."""
    if not any(pattern.search(text) for pattern, _ in _OLD_GRAMMAR):
        return text
    masked = STRING_OR_COMMENT.sub(_blank, text)
    for pattern, replacement in _OLD_GRAMMAR:
        # The mask has the text's length, so a match in it gives the places of the same groups in the text.
        matches = list(pattern.finditer(masked))
        text = _replace(text, matches, replacement, text)
        masked = _replace(masked, matches, replacement, masked)
    return text


def _replace(text: str, matches: list[re.Match[str]], replacement: str, source: str) -> str:
    """`text` with each match replaced; groups that the replacement names are filled from `source`."""
    parts: list[str] = []
    end = 0
    for match in matches:
        groups = (source[slice(*match.span(index))] for index in range(match.re.groups + 1))
        parts += [text[end : match.start()], _expand(replacement, tuple(groups))]
        end = match.end()
    return "".join([*parts, text[end:]])


def _expand(replacement: str, groups: tuple[str, ...]) -> str:
    return re.sub(r"\\(\d)", lambda reference: groups[int(reference[1])], replacement)


def _blank(match: re.Match[str]) -> str:
    """Replace a comment by spaces, and a string by underscores between its outer quotes; line breaks stay."""
    token = match.group()
    if token[0] == "#":
        return " " * len(token)
    inner = "".join("\n" if char == "\n" else "_" for char in token[1:-1])
    return f"{token[0]}{inner}{token[-1]}" if len(token) > 1 else token


def _name_back(module: ast.Module) -> ast.Module:
    """The tree with the name `async` given back to what stood in for it."""
    for node in walk(module):
        for field, value in vars(node).items():
            if value == _STAND_IN:
                setattr(node, field, "async")
    return module


def _refuse_if_too_deep(module: ast.Module, path: str) -> None:
    """Refuse a tree that is too deep to be walked by recursion."""
    level: list[ast.AST] = [module]
    for _ in range(_DEEPEST_TREE):
        level = [below for node in level for below in children(node)]
        if not level:
            return
    line = getattr(level[0], "lineno", 1)
    raise SourceError(path, line, f"nests deeper than {_DEEPEST_TREE} levels; nothing was read from it")

"""Turns a file of any Nova release into an `ast.Module` without running a line of it.

Releases before 19 use `async` as an identifier and releases before 12 are written in Python 2. Both are
rewritten to today's grammar first, each replacement on its own line, so that line numbers stay those of the file.
The rewriting is lexical and runs only where its pattern occurs: a modern file goes straight to `ast.parse`.
"""

from __future__ import annotations

import ast
import re
import warnings

from generator.errors import InputError

_STAND_IN = "a5ync"
"""Replaces the identifier `async`, letter for letter, until the file is parsed; `parse` maps it back."""

_STRING_OR_COMMENT = re.compile(
    r"""[bBuUrR]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\#[^\n]*""",
    re.DOTALL | re.VERBOSE,
)

_OLD_GRAMMAR: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\basync\b(?!\s+(?:def|with|for)\b)"), _STAND_IN),
    (re.compile(r"(\bexcept\b[^:\n]*(?:\n[^:\n]*)?),(\s*\w+\s*:)"), r"\1 as\2"),
    (re.compile(r"^([ \t]*)print[ \t]+(?:>>[^,\n]+,)?([^\n(=][^\n]*)$", re.MULTILINE), r"\1print(\2)"),
    (re.compile(r"^([ \t]*)print$", re.MULTILINE), r"\1print()"),
    (re.compile(r"^([ \t]*)raise[ \t]+([\w.\[\]]+[ \t]*,[^\n]*)$", re.MULTILINE), r"\1raise (\2)"),
    (re.compile(r"(?<![.\w])0([0-7]+)\b(?![.\w])"), r"0o\1"),
    (re.compile(r"\b(\d+|0x[0-9a-fA-F]+)[lL]\b"), r"\1"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"\b[uU][rR](?=['\"])"), "r"),
)


def parse(content: bytes, path: str) -> ast.Module:
    """Parse the file `path` of the given `content`, whatever Python it was written for.

    Raises:
        InputError: the file is not UTF-8 or not Python, with the line at which reading stopped.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: not UTF-8 text; is this a Nova source file?") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes such as "\d" are Nova's business, not our user's
            module = ast.parse(_modernise(text), filename=path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line_of_error = getattr(error, "lineno", None) or 1
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        raise InputError(f"{path}:{line_of_error}: cannot be parsed ({reason}); nothing was read from it") from error
    if _STAND_IN in text:
        raise InputError(f"{path}:1: uses the name {_STAND_IN}, which stands in for `async` here; please report it")
    _restore_async(module)
    return module


def _modernise(text: str) -> str:
    """Rewrite Python 2 and pre-3.7 grammar outside strings and comments; the same text if there is none."""
    masked = _STRING_OR_COMMENT.sub(_blank, text)
    for pattern, replacement in _OLD_GRAMMAR:
        for match in reversed(list(pattern.finditer(masked))):
            start, end = match.span()
            # The mask has the text's length, so a group's span is its place in the text, strings included.
            new = _expand(replacement, match, text)
            text = text[:start] + new + text[end:]
            masked = masked[:start] + _expand(replacement, match, masked) + masked[end:]
    return text


def _blank(match: re.Match[str]) -> str:
    """Replace a string or comment by underscores and its own line breaks; a string keeps its outer quotes."""
    token = match.group()
    if token[0] == "#":
        return " " * len(token)
    quote = min(token.find(q) for q in "\"'" if q in token)
    inner = "".join("\n" if char == "\n" else "_" for char in token[quote + 1 : -1])
    return token[: quote + 1] + inner + token[-1]


def _expand(replacement: str, match: re.Match[str], text: str) -> str:
    """Fill a replacement's group references from `text`, at the spans that matched in the mask."""
    return re.sub(r"\\(\d)", lambda group: text[slice(*match.span(int(group.group(1))))], replacement)


def _restore_async(module: ast.Module) -> None:
    """Give nodes the name `async` back."""
    for node in ast.walk(module):
        for field in ("id", "arg", "attr", "name", "asname"):
            if getattr(node, field, None) == _STAND_IN:
                setattr(node, field, "async")

"""What readers are sent of a script or a style: without the comments and the indentation for whoever changes it.

Lines are looked at one by one, so a script may have neither a text over several lines nor code behind a block comment.
A worker is sent as one file with the modules it imports: one request instead of ten, and smaller, being packed at once.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

from nova_states.errors import InputError

_COMMENT: Final = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/).|\n)*\*/[ \t]*)\n", re.MULTILINE)
_REMARK: Final = re.compile(r"(?<=[,;{}\])]) // .*$", re.MULTILINE)
"""A comment behind code. No text of ours has a comma or a bracket before two slashes with blanks around them."""
_INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=const |let |function |class )", re.MULTILINE)
_TOP: Final = re.compile(r"^(?:const|let|function|class) (?:(\w+)|\[([^\]]*)\])", re.MULTILINE)
_STYLE_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
"""No text of a style of ours has these signs in it."""
_EMPTY: Final = re.compile(r"\n{2,}")


def send_script(text: str) -> str:
    """A script as it is published: comments, indentation and empty lines left out."""
    return _EMPTY.sub("\n", _INDENTATION.sub("", _REMARK.sub("", _COMMENT.sub("", text)))).lstrip("\n")


def send_style(text: str) -> str:
    """A style sheet as it is published, likewise."""
    return _EMPTY.sub("\n", _INDENTATION.sub("", _STYLE_COMMENT.sub("", text))).lstrip("\n")


def join_modules(entry: Path) -> tuple[str, tuple[Path, ...]]:
    """A script with the modules of its folder that it imports, each behind those it needs; and these modules.

    Raises:
        InputError: two of them name something alike at their top, or one imports or exports in another form.
    """
    order: list[Path] = []

    def visit(module: Path) -> None:
        if module in order:
            return
        for name in _IMPORT.findall(module.read_text(encoding="utf-8")):
            visit(module.with_name(name))
        order.append(module)

    visit(entry)
    text = "".join(_EXPORT.sub("", _IMPORT.sub("", module.read_text(encoding="utf-8"))) for module in order)
    if re.search(r"^(?:import|export)\b", text, re.MULTILINE):
        raise InputError(
            f"{entry}: can be sent as one file only with imports and exports of names; see site/scripts.py"
        )
    names = [name.strip() for one, several in _TOP.findall(text) for name in (one, *several.split(",")) if name.strip()]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(
            f"{entry}: two of its modules name something {', '.join(twice)}; rename one, as they are sent as one"
        )
    return text, tuple(order[:-1])

"""What readers are sent of a script: without the comments and the indentation that are for whoever changes it.

Lines are looked at one by one, so a script may have neither a text over several lines nor code behind a block comment.
"""

from __future__ import annotations

import re
from typing import Final

_COMMENT: Final = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/).|\n)*\*/[ \t]*)\n", re.MULTILINE)
_INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_EMPTY: Final = re.compile(r"\n{2,}")


def send_script(text: str) -> str:
    """A script as it is published: lines that are comments, indentation and empty lines left out."""
    return _EMPTY.sub("\n", _INDENTATION.sub("", _COMMENT.sub("", text))).lstrip("\n")

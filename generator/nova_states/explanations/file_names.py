"""What the file of an explained name is called; apart from reading files, which an answer needs not."""

from __future__ import annotations

import re
from typing import Final

ASKED: Final = "asked-"
"""What the files of causes begin with that are questions: what somebody asks tells nothing of what failed."""
VAGUE: Final = "vague-"
"""What those begin with whose words only say that something failed: what else a paste quotes tells why."""
BARE: Final = "errno"
"""The cause that is only the number of an error: whatever else a message quotes says more, wherever it stands."""


def file_stem(name: str) -> str:
    """What the file of a name is called: "running (post-copy)" is in running-post-copy.yml."""
    return re.sub(r"[ ()]+", "-", name.lower()).strip("-")

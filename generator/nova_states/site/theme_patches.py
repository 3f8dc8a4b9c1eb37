"""Patches in Material's markup what axe and the Nu HTML checker name, where it prints what no option changes.

Done on the finished page, because copies of Material's partials would be many times longer and hide its later
changes. Every patch must apply to a page with all parts, which a test builds: one that Material overtook is noticed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PATCHES = (
    # HTML does not know the attribute there.
    (re.compile(r'(type="checkbox" id="__\w+") autocomplete="off"'), r"\1"),
    # The breadcrumbs are named like the navigation.
    (re.compile(r'(<nav class="md-path") aria-label="[^"]*"'), r'\1 aria-label="{path}"'),
    # The table of contents is there a second time, inside the navigation, for small screens.
    (re.compile(r'(id="__toc">.*?<nav class="md-nav md-nav--secondary") aria-label="[^"]*"', re.DOTALL),
     r'\1 aria-label="{contents}"'),
    # What opens a section is named by an arrow only, and names the section's landmark.
    # Never goes back over what it has read: it begins at each link of the navigation, and few are followed by a label.
    (re.compile(r'(<span class="md-ellipsis">\s*+([^<\s]++(?:\s++[^<\s]++)*+)\s*+</span>\s*+</a>\s*+'
                r'<label[^>]*? id="__nav_\w+_label"[^>]*+>)'),
     r'\1<span class="visually-hidden">\2</span>'),
)  # fmt: skip

_CONTENT = "<article"
_INDENTATION = re.compile(r"\n\s+")
"""A quarter of the frame: what the tests and loops of Material's templates leave. Nothing in it is shown as written."""


def patch_theme(html: str, labels: Mapping[str, str]) -> str:
    """The page with all patches applied; `labels` are words of its language: path, contents."""
    # All of them stand before the page's own content, which is most of the text.
    frame, content, rest = html.partition(_CONTENT)
    # Nobody needs what stands before each of its lines.
    frame = _INDENTATION.sub("\n", frame)
    for pattern, replacement in PATCHES:
        frame = pattern.sub(replacement.format_map(labels), frame)
    return frame + content + rest

"""Every accent must be readable as text, on the page and on its own tint, in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLES = (Path(__file__).parents[2] / "docs/assets/site.css").read_text(encoding="utf-8")
SCHEMES = {
    scheme: dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", body))
    for scheme, body in re.findall(r'^\[data-md-color-scheme="(\w+)"\] \{(.*?)^\}', STYLES, re.MULTILINE | re.DOTALL)
}
ACCENTS = [
    (scheme, name) for scheme, colours in SCHEMES.items() for name in colours if name.startswith(("kind-", "sign-"))
]
STRONGEST_TINT = 0.16


def luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def read_colour(digits: str) -> tuple[float, ...]:
    return tuple(byte / 255 for byte in bytes.fromhex(digits))


def test_both_schemes_name_the_same_accents() -> None:
    light, dark = ({name for scheme, name in ACCENTS if scheme == wanted} for wanted in ("default", "slate"))
    assert light == dark
    assert {f"kind-{kind}" for kind in ("power_state", "vm_state", "task_state", "status", "action")} < light


@pytest.mark.parametrize(("scheme", "name"), ACCENTS)
def test_an_accent_is_readable(scheme: str, name: str) -> None:
    colour, page = read_colour(SCHEMES[scheme][name]), read_colour(SCHEMES[scheme]["page"])
    tint = tuple(STRONGEST_TINT * part + (1 - STRONGEST_TINT) * below for part, below in zip(colour, page, strict=True))
    assert contrast(colour, page) >= 4.5
    assert contrast(colour, tint) >= 4.5

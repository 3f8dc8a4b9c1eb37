"""The first page, as any release has it: its picture of the whole machine."""

from __future__ import annotations

from nova_states.pages.lens import LensPage, LensPages, LensPart, always
from nova_states.pages.machine_map import build_machine_map
from nova_states.pages.state_lens import picture_key
from nova_states.pages.urls import HOME
from nova_states.pages.writer import Writer


def home_pages(writer: Writer) -> LensPages:
    """The first page alone."""
    picture = LensPart(
        name="picture",
        template="state_picture",
        key=picture_key,
        fields=lambda page, _release: {"picture": build_machine_map(page)},
    )
    yield LensPage(address=HOME, shown=writer.latest.version, has=always, parts=(picture,))

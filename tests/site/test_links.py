"""A link in prose that leads nowhere is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.site.links import find_broken_links

PAGES = {
    "en/task_state/deleting.md": "# deleting {#state}\n\n## Stuck {#stuck}\n",
    "en/option/index.md": '<p id="a.b">',
}


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("[it](../task_state/deleting.md)", None),
        ("[it](../task_state/deleting.md#stuck)", None),
        ("[it](../option/index.md#a.b)", None),
        ("[it](#here)", None),
        ("[it](https://example.org/x.md#y)", None),
        (
            "[it](../task_state/deletting.md)",
            "there is no en/task_state/deletting.md; en/task_state/deleting.md is near",
        ),
        ("[it](../task_state/deleting.md#stukc)", "en/task_state/deleting.md has no #stukc; #stuck is near"),
        ("[it](../option/index.md#a)", "en/option/index.md has no #a"),
        ("[it](#there)", "en/guide/page.md has no #there"),
    ],
)
def test_links_lead_somewhere(tmp_path: Path, link: str, told: str | None) -> None:
    page = tmp_path / "en" / "guide" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text(f"# Page {{#here}}\n\nSee\n{link}.\n", encoding="utf-8")
    found = list(find_broken_links(tmp_path, PAGES))
    assert len(found) == (told is not None)
    assert all(line.startswith("docs/en/guide/page.md:4: (") and told in line for line in found if told)

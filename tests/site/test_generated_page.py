from __future__ import annotations

import re
from typing import TYPE_CHECKING

import markdown
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from nova_states.errors import InputError
from nova_states.site.generated_page import GeneratedPage, read_head

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
---
{"title": "중지 (vm_state stopped)", "description": "전원이 꺼져 있다.", "kind": "vm_state", "label": "stopped"}
---

# 중지 <code>stopped</code> {#stopped}

<p>전원이 <em>꺼져</em> 있다.</p>

## 지금 할 수 있는 일 {#now}

<table>
<tbody>
<tr><td id="cell">a | b *not emphasis*</td></tr>
</tbody>
</table>

### 조건 {#conditions}

<p>Text.</p>

## 이력 {#history}

<p># Not a heading</p>
"""


@pytest.fixture
def page(tmp_path: Path) -> GeneratedPage:
    return rendered(tmp_path, SOURCE)


def rendered(tmp_path: Path, source: str) -> GeneratedPage:
    (tmp_path / "page.md").write_text(source, encoding="utf-8")
    config = MkDocsConfig()
    page = GeneratedPage(None, File("page.md", str(tmp_path), str(tmp_path), use_directory_urls=True), config)
    page.read_source(config)
    page.render(config, Files([]))
    return page


def test_the_head_becomes_what_the_theme_reads(page: GeneratedPage) -> None:
    assert page.title == "stopped"
    assert page.meta["title"] == "중지 (vm_state stopped)"
    assert page.meta["description"] == "전원이 꺼져 있다."


def test_headings_become_the_table_of_contents(page: GeneratedPage) -> None:
    (top,) = page.toc
    assert (top.title, top.id) == ("중지 stopped", "stopped")
    assert [(item.title, item.id) for item in top.children] == [("지금 할 수 있는 일", "now"), ("이력", "history")]
    assert [item.id for item in top.children[0].children] == ["conditions"]
    assert page.present_anchor_ids == {"stopped", "now", "cell", "conditions", "history"}


def test_what_a_part_opens_with_holds_no_link_of_its_own(tmp_path: Path) -> None:
    part = "\n<details>\n<summary>\n\n## Part {#part}\n\n</summary>\n<p>Text.</p>\n</details>\n"
    page = rendered(tmp_path, SOURCE + part)
    assert '<h2 id="part">Part</h2>' in (page.content or "")
    assert 'href="#history"' in (page.content or "")
    assert "part" in [heading.id for heading in page.toc.items[0].children]


def test_any_markdown_tool_renders_the_same(page: GeneratedPage) -> None:
    body = SOURCE.partition("---\n\n")[2]
    expected = markdown.markdown(body, extensions=["attr_list"])
    own = re.sub(r'<a class="headerlink".*?</a>', "", page.content or "")
    assert own.split() == expected.split()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("# No head\n", "ko/a.md:1: a generated page begins with one line of JSON"),
        ('---\n{"title": "a", "colour": "b"}\n---\n', "ko/a.md:2: unknown front matter colour"),
        ('---\n{"title": "a"}\n---\n', "ko/a.md:2: missing"),
    ],
)
def test_a_head_that_is_wrong_is_named(source: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_head("ko/a.md", source)
    assert str(error.value).startswith(message)

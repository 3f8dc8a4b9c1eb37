from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nova_states.site.generated_page import PageHead
from nova_states.site.search import split_index

if TYPE_CHECKING:
    from pathlib import Path

HEAD = PageHead(title="A < B", description="About it.", kind="guide", aliases=("꺼짐", "off"), boost=2)


def test_each_language_gets_its_own_documents(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    prose = [
        {"location": "ko/about/#who", "title": "누가", "text": ""},
        {"location": "en/", "title": "Home", "text": ""},
    ]
    index = {"config": {"lang": ["en"]}, "docs": prose}
    (tmp_path / "search/search_index.json").write_text(json.dumps(index), encoding="utf-8")
    split_index(tmp_path, {"ko/vm_state/a/": HEAD}, ("ko", "en"))
    korean, english = (
        json.loads((tmp_path / code / "search/search_index.json").read_text(encoding="utf-8")) for code in ("ko", "en")
    )
    assert korean["config"] == english["config"] == index["config"]
    assert [document["location"] for document in korean["docs"]] == ["about/#who", "vm_state/a/"]
    assert [document["location"] for document in english["docs"]] == ["./"]
    assert korean["docs"][1] == {
        "location": "vm_state/a/",
        "title": "A &lt; B",
        "text": "<p>About it.</p>",
        "alias": "꺼짐 | off",
        "boost": 2,
    }

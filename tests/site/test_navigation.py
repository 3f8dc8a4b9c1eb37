from __future__ import annotations

from nova_states.site.navigation import plan_navigation

SECTIONS: list[str | dict[str, dict[str, str]]] = [
    "lookup",
    {"guide": {"ko": "안내", "en": "Guides"}},
    {"action": {"ko": "동작", "en": "Actions"}},
    "about",
]


def test_sections_come_in_their_order_and_only_where_there_are_pages() -> None:
    pages = {"ko/action/stop.md": "", "ko/about.md": "", "ko/index.md": "", "en/guide/stuck.md": "", "ko/lookup.md": ""}
    assert plan_navigation("ko", SECTIONS, pages) == [
        "ko/index.md",
        "ko/lookup.md",
        {"동작": ["ko/action/stop.md"]},
        "ko/about.md",
    ]


def test_groups_stand_where_their_first_page_stands_and_the_index_comes_first() -> None:
    pages = {
        "en/action/stop.md": "Power",
        "en/action/rescue.md": "",
        "en/action/start.md": "Power",
        "en/action/index.md": "",
    }
    assert plan_navigation("en", SECTIONS, pages) == [
        {
            "Actions": [
                "en/action/index.md",
                {"Power": ["en/action/stop.md", "en/action/start.md"]},
                "en/action/rescue.md",
            ]
        }
    ]

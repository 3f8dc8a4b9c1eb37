from __future__ import annotations

from nova_states.site.language import Language, link_translations

LANGUAGES = {
    code: Language(
        code=code, name=code, site_name="", site_description="", permalink="", palette=(), labels={}, not_found=""
    )
    for code in ("ko", "en")
}


def test_a_page_links_to_its_translation() -> None:
    paths = {"ko/vm_state/stopped.md", "en/vm_state/stopped.md"}
    here, there = link_translations("ko/vm_state/stopped.md", "ko/vm_state/stopped/", LANGUAGES, paths)
    assert (here["current"], here["link"]) == (True, "./")
    assert (there["current"], there["link"]) == (False, "../../../en/vm_state/stopped/")


def test_without_its_translation_a_page_links_to_the_other_home_page() -> None:
    _, there = link_translations("ko/about.md", "ko/about/", LANGUAGES, {"ko/about.md"})
    assert (there["url"], there["link"]) == ("en/", "../../en/")

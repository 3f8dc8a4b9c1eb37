"""The index of the search: what it holds, where it leads, how large it is, and the words it is made with."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from nova_states.errors import CheckError, InputError
from nova_states.site.search.documents import Document, command_words
from nova_states.site.search.lexicon import Lexicon, check_lexicon, load_lexicon
from nova_states.site.search.prose import documents_of_prose
from nova_states.site.search.telling_names import TellingNames
from tests.site.crawling import Document as Page
from tests.site.indexed import read_documents

LANGUAGES = ("ko", "en")
LARGEST = 60_000
"""Bytes of index and scripts together, gzipped, for a language."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_found_where_it_is(built_site: Path, documents: dict[str, Page], language: str) -> None:
    addresses = [document.address for document in read_documents(built_site, language)]
    pages = {path for path in documents if path.startswith(f"{language}/")}
    found = set()
    for address in addresses:
        path, _, anchor = address.partition("#")
        page = f"{language}/{path}index.html"
        assert page in pages, address
        assert not anchor or anchor in documents[page].ids, address
        found.add(page)
    assert pages - found == {f"{language}/index.html", f"{language}/lookup/index.html"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_is_small_and_one_of_a_kind(built_site: Path, language: str) -> None:
    files = [built_site / language / "search/index.json", *sorted((built_site / "assets/search").glob("*.js"))]
    assert sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files) <= LARGEST
    assert not (built_site / "search").exists()
    assert not (built_site / language / "search/search_index.json").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_option_is_a_document_of_its_own_and_says_one_sentence(built_site: Path, language: str) -> None:
    option = {document.id: document for document in read_documents(built_site, language)}["option:shutdown_timeout"]
    assert option.address == "option/#shutdown_timeout"
    assert option.sentence


def test_a_command_is_an_alias_without_what_users_fill_in() -> None:
    assert command_words("openstack server reboot --hard {server}") == "openstack server reboot --hard"
    command = "openstack server unset --all-tags {server}"
    assert command_words(command) == "openstack server unset --all-tags"


def test_names_of_the_same_words_stand_there_once(built_site: Path) -> None:
    documents = read_documents(built_site, "en")
    names = next(document.aliases for document in documents if document.id == "task_state:powering-off")
    assert {"Powering Off", "powering_off", "powering off"}.isdisjoint(names)
    assert all(len(document.aliases) == len({alias.casefold() for alias in document.aliases}) for document in documents)


@pytest.mark.parametrize(
    ("aliases", "kept"),
    [
        (("halt", "stop server", "server halt now"), ("halt", "server halt now")),  # the second is the name
        (("turn off", "turn server off", "halt the server"), ("turn off", "halt the server")),  # of one group
        (("stopServer", "stop server"), ("stopServer",)),  # one word, which is found as it stands
        (("32.0.0", "32.0.1", "33.0.0"), ("32.0.0", "33.0.0")),  # point releases are their series
    ],
)
def test_names_that_say_again_what_another_says_are_left_out(aliases: tuple[str, ...], kept: tuple[str, ...]) -> None:
    document = replace(DOCUMENTS[0], id="action:stop", name="stop", label="Stop", aliases=aliases)
    groups = [("turn off", "turn server off", "switch off")]
    assert TellingNames(groups, ["server"]).without_repeated(document).aliases == kept


def test_guides_are_found_by_section_and_runbooks_as_a_whole(tmp_path: Path) -> None:
    head = "---\ndescription: What it is.\n---\n\n# A **title** {#top}\n\n"
    text = f"{head}## Part {{#part}}\n\n| a |\n|---|\n\nSee [it](x.md). More.\n"
    for folder in ("guide", "runbook"):
        (tmp_path / "en" / folder).mkdir(parents=True)
        (tmp_path / "en" / folder / "one.md").write_text(text, encoding="utf-8")
    found = {document.id: document for document in documents_of_prose(tmp_path, "en")}
    assert list(found) == ["guide:one", "guide:one#part", "runbook:one"]
    assert found["guide:one"].label == "A title"
    assert found["guide:one"].sentence == "What it is."
    assert found["guide:one#part"].sentence == ""  # its page says one
    assert found["guide:one#part"].href == "guide/one/#part"


def test_prose_that_cannot_be_shown_is_named(tmp_path: Path) -> None:
    (tmp_path / "ko/guide").mkdir(parents=True)
    (tmp_path / "ko/guide/one.md").write_text("# No id\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"docs/ko/guide/one\.md: needs a description and headings"):
        list(documents_of_prose(tmp_path, "ko"))


LEXICON = """\
words:
  - {ko: [삭제, 지우-], en: [delete]}
questions:
  - {to: [action:delete], ko: [삭제 안 됨], en: [cannot delete]}
kinds:
  action: {ko: [액션], en: [action]}
topics:
  - [action:delete, action:reboot]
fillers: {ko: [서버], en: [server]}
asides: {ko: [호라이즌], en: [horizon]}
circumstances: {ko: [상태에서]}
endings: {ko: [은는]}
"""
DOCUMENTS = [
    Document(id="action:delete", kind="action", name="delete", label="삭제", sentence="", href="action/delete/"),
    Document(id="action:reboot", kind="action", name="reboot", label="재부팅", sentence="", href="action/reboot/"),
]


def load(tmp_path: Path, text: str) -> Lexicon:
    path = tmp_path / "lexicon.yml"
    path.write_text(text, encoding="utf-8")
    return load_lexicon(path)


def check(lexicon: Lexicon) -> None:
    check_lexicon(lexicon, {"ko": DOCUMENTS, "en": [replace(document, label=document.name) for document in DOCUMENTS]})


def test_a_lexicon_that_is_right_is_taken(tmp_path: Path) -> None:
    lexicon = load(tmp_path, LEXICON)
    check(lexicon)
    assert lexicon.words[0].words["ko"] == ("삭제", "지우-")
    assert lexicon.questions[0].to == ("action:delete",)


def test_a_word_may_lean_to_a_kind_or_a_page(tmp_path: Path) -> None:
    lexicon = load(tmp_path, LEXICON.replace("en: [delete]}", "en: [delete], leans: [action, 'action:delete']}", 1))
    check(lexicon)
    assert lexicon.words[0].leans == ("action", "action:delete")
    with pytest.raises(InputError, match=r"lexicon\.yml:4: unknown key 'leans'"):
        load(tmp_path, LEXICON.replace("en: [cannot delete]}", "en: [cannot delete], leans: [action]}"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: [action:delete], ", "", "lexicon.yml:4: leads nowhere; say which ids"),
        ("{ko: [삭제, 지우-], en: [delete]}", "{de: [weg]}", "lexicon.yml:2: unknown key 'de'"),
        ("{ko: [삭제, 지우-], en: [delete]}", "{ko: []}", "lexicon.yml:2: has no words"),
        ("[삭제, 지우-]", "[삭제, '']", "lexicon.yml:2: needs a list of words, none of them empty"),
        ("topics:\n  - [action:delete, action:reboot]\n", "", "lexicon.yml:1: needs exactly words, questions"),
        ("words:", "words: [", "lexicon.yml: not YAML"),
        ("  - {to:", "  {to:", "lexicon.yml:4: needs a list"),
    ],
)
def test_a_lexicon_of_another_shape_is_refused_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, LEXICON.replace(old, new, 1))
    assert problem in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: [action:delete]", "to: [action:destroy]", "lexicon.yml:4: leads nowhere: there is no action:destroy"),
        ("[action:delete, action:reboot]", "[action:halt]", "lexicon.yml:8: leads nowhere: there is no action:halt"),
        (
            "en: [delete]}\nq",
            "en: [delete], leans: [deed]}\nq",
            "lexicon.yml:2: leads nowhere: there is no deed, neither a page nor a kind",
        ),
        ("  action: {ko", "  deed: {ko", "lexicon.yml:6: leads nowhere: there is no kind deed"),
        (
            "en: [delete]}\nq",
            "en: [delete]}\n  - {ko: [얼음]}\nq",
            "lexicon.yml:3: leads nowhere: nothing is called 얼음",
        ),
        ("[삭제, 지우-]", "[삭제, 부팅]", "lexicon.yml:2: 부팅 fires inside 재부팅"),
    ],
)
def test_words_that_lead_nowhere_or_fire_elsewhere_fail_the_build(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    with pytest.raises(CheckError) as error:
        check(load(tmp_path, LEXICON.replace(old, new, 1)))
    assert problem in str(error.value)


def test_a_longer_word_of_its_own_keeps_a_shorter_one_out(tmp_path: Path) -> None:
    check(load(tmp_path, LEXICON.replace("[삭제, 지우-]", "[삭제, 부팅, 재부팅]", 1)))

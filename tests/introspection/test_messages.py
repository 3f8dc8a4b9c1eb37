"""Where a translation is said to stand."""

from __future__ import annotations

from nova_states.introspection.conflict_messages import read_messages
from nova_states.introspection.modules import Modules
from nova_states.introspection.status_map import COMMON
from tests.introspection.hostile_tree import BytesTree

CODE = """def raise_http_conflict_for_instance_invalid_state(exc):
    raise E(_("in %(state)s"))
"""
TRANSLATED = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#. a note for translators
#: nova/api/openstack/common.py:2
#, python-format
msgid "in %(state)s"
msgstr "%(state)s 상태"
"""


def test_a_translation_stands_where_its_message_does_below_the_comments() -> None:
    files = {COMMON: CODE.encode(), "nova/locale/ko_KR/LC_MESSAGES/nova.po": f"\ufeff{TRANSLATED}".encode()}
    section = read_messages(Modules(tree=BytesTree(files)))
    assert [(fact.language, fact.text, fact.evidence.line) for fact in section.facts] == [
        ("en", "in %(state)s", 2),
        ("ko_KR", "%(state)s 상태", 7),
    ]

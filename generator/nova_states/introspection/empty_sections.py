"""Says where a reader came back with nothing although a file has what it reads: that it found nothing is no fact.

A tree of a vendor's has no version before it that could show what is gone, and a reader that no longer knows what it
reads reports nothing either. The words are looked for in the text, as a reader's idea of the source must not matter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from nova_states.errors import InputError
from nova_states.facts.model import Gap, Section
from nova_states.introspection.modules import Modules

_TELLING: Final[dict[str, tuple[tuple[str, bytes], ...]]] = {
    "errors": (("nova/exception.py", b"Exception):"),),
    "raise_sites": (("nova/compute/api.py", b"raise exception."), ("nova/compute/manager.py", b"raise exception.")),
    "fault_causes": (("nova/compute/manager.py", b"add_instance_fault_from_exc"),),
    "refusals": (
        ("nova/api/openstack/compute/servers.py", b"raise exc.HTTP"),
        ("nova/api/openstack/compute/servers.py", b"raise webob.exc.HTTP"),
    ),
    "translations": (
        ("nova/locale/ko_KR/LC_MESSAGES/nova.po", b"msgid "),
        ("nova/locale/ja/LC_MESSAGES/nova.po", b"msgid "),
    ),
    "log_messages": (("nova/compute/manager.py", b"LOG."),),
    "migration_statuses": (("nova/compute/manager.py", b"migration.status"),),
    "events": (("nova/compute/instance_actions.py", b" = "), ("nova/compute/manager.py", b"@wrap_instance_event")),
    "host_statuses": (("nova/compute/api.py", b"def get_instance_host_status"),),
    "microversions": (("nova/api/openstack/api_version_request.py", b"_MAX_API_VERSION ="),),
}
"""Kind → files with what shows that there is something to be read."""


def with_what_is_missing(kind: str, section: Section[Any], modules: Modules) -> Section[Any]:
    """The section, with a gap if it has nothing and the source has something; `modules` records what was asked for."""
    if section.facts or section.gaps:
        return section
    for path, word in _TELLING.get(kind, ()):
        if modules.exists(path):
            try:
                content = modules.tree.read(path)
            except InputError as error:
                gap = Gap(file=path, line=1, reason=f"cannot be read ({error})")
                return replace(section, gaps=(gap,))
            place = content.find(word)
            if place >= 0:
                line = content.count(b"\n", 0, place) + 1
                reason = f"{word.decode().strip()} stands here, and none of the {kind.replace('_', ' ')} was found"
                return replace(section, gaps=(Gap(file=path, line=line, reason=reason),))
    return section

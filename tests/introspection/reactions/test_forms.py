"""Other ways to write what Nova does: each is read, or the row or the section says that it was not."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.facts.condition import to_text
from nova_states.facts.model import Reaction
from nova_states.introspection.modules import Modules
from nova_states.introspection.power_sync import read_power_sync
from tests.introspection.reaction_tables import rows_of
from tests.introspection.synthetic import SyntheticTree

HERE = Path(__file__).parent
FORMS = yaml.safe_load((HERE / "forms.yml").read_text(encoding="utf-8"))
MANAGER = "nova/compute/manager.py"
SYNC = """
def _sync_instance_power_state(self, context, db_instance, vm_power_state, use_slave=False):
    vm_state = db_instance.vm_state
    if vm_power_state != db_instance.power_state:
        db_instance.power_state = vm_power_state
        db_instance.save()
    if vm_state == vm_states.ACTIVE and vm_power_state == power_state.SHUTDOWN:
"""


def tree(form: dict[str, Any]) -> SyntheticTree:
    sync = SYNC + textwrap.indent(form["branch"], " " * 8)
    body = textwrap.indent(sync + form.get("methods", ""), " " * 4)
    sources = FORMS["base"] | form.get("files", {})
    return SyntheticTree(sources=sources | {MANAGER: form.get("imports", "") + FORMS["base"][MANAGER] + body})


def line(row: Reaction) -> str:
    condition = f" | {to_text(row.condition)}" if row.condition else ""
    return f"{row.effect} -> {row.end.vm_state}/{row.end.task_state}{condition} [{row.certainty}]"


@pytest.mark.parametrize("form", [pytest.param(form, id=form["form"]) for form in FORMS["forms"]])
def test_form_of_the_power_sync(form: dict[str, Any]) -> None:
    section = read_power_sync(Modules(tree=tree(form)))
    rows = rows_of(("active", None, "SHUTDOWN"), section.facts)
    assert sorted(line(row) for row in rows if row.effect != "update_power_state") == form["rows"]
    reasons = [gap.reason for gap in section.gaps if not gap.reason.endswith("combinations of states")]
    assert reasons == form.get("gaps", [])
    # What is not decided is counted as not read.
    assert all((one.read == one.found) == (not reasons) for one in section.counts)

"""One small fact of every kind."""

from __future__ import annotations

from typing import Any

from nova_states.facts.condition import AllOf, CodeTest, Race
from nova_states.facts.model import (
    KINDS,
    Action,
    Constant,
    Count,
    DriverState,
    Endpoint,
    ErrorClass,
    Event,
    Evidence,
    FaultCause,
    FromState,
    Gap,
    Group,
    Guard,
    HostCheck,
    HostStatus,
    LogMessage,
    Message,
    Microversion,
    MigrationStatus,
    Option,
    RaiseSite,
    Reaction,
    Refusal,
    Section,
    Status,
    ToState,
    Transition,
    Translation,
    UnreadMention,
)

PLACE = Evidence(file="nova/compute/api.py", line=7, function="API.stop")
START = FromState(vm_states=("up",), task_states=(None, "going"), power_states=None)
END = ToState(vm_state="=", task_state=None)
REACTION = Reaction(start=START, end=END, effect="stop", condition=None, certainty="exact", evidence=PLACE)
ENDPOINT = Endpoint(
    verb="POST",
    path="/servers/{server_id}/action",
    body_key="os-stop",
    conflict_name="stop",
    min_microversion="2.1",
    max_microversion=None,
    evidence=Evidence(file="nova/api/servers.py", line=9, function=None),
)

FACTS: dict[str, Any] = {
    "states": Constant(kind="power_state", name="UP", value=1, operations=(), label="운영 중", evidence=PLACE),
    "groups": Group(name="ALLOW", kind="task_state", values=(None, "going"), condition=None, evidence=PLACE),
    "actions": Action(
        id="stop",
        method="compute.api.API.stop",
        parent=None,
        guarded_by="stop",
        conditions=("check_instance_lock",),
        endpoints=(ENDPOINT, ENDPOINT),
        evidence=PLACE,
    ),
    "guards": Guard(
        action="stop",
        method="compute.api.API.stop",
        mode="allow",
        vm_states=("up",),
        task_states=None,
        must_have_launched=True,
        when=None,
        conditions=(),
        evidence=PLACE,
    ),
    "host_checks": HostCheck(
        action="stop",
        method="compute.api.API.stop",
        host="server",
        must_be="up",
        exception="ServiceUnavailable",
        when=CodeTest(text="x", holds=True),
        evidence=PLACE,
    ),
    "statuses": Status(vm_state=None, task_state="default", status="UNKNOWN", evidence=PLACE),
    "messages": Message(id="state", language="ko_KR", text="'%(action)s' 안 됨\n", evidence=PLACE),
    "drivers": DriverState(driver="libvirt", state="ON", value="on", power_state="RUNNING", evidence=PLACE),
    "options": Option(group=None, name="timeout", default=False, acts_on=("vm_state:up",), evidence=PLACE),
    "transitions": Transition(
        action="stop",
        actor="api",
        start=None,
        end=END,
        outcome="success",
        condition=AllOf(conditions=(CodeTest(text="x", holds=False), Race(request="delete"))),
        certainty="symbolic",
        expected_task_states=(None, "x"),
        evidence=PLACE,
    ),
    "power_sync": REACTION,
    "startup": REACTION,
    "census": UnreadMention(kind="guards", names=("ACTIVE", "vm_state"), evidence=PLACE),
    "errors": ErrorClass(
        name="NoValidHost",
        bases=("NovaException",),
        code=500,
        is_safe=False,
        pattern="No host: {reason}",
        has_own_text=True,
        evidence=PLACE,
    ),
    "raise_sites": RaiseSite(error="NoValidHost", evidence=PLACE),
    "fault_causes": FaultCause(error="NoValidHost", actions=("create",), evidence=PLACE),
    "refusals": Refusal(action="stop", code=409, errors=("Locked",), text=None, when=None, evidence=PLACE),
    "translations": Translation(language="ko_KR", pattern="No {x}", text="{x} 없음", evidence=PLACE),
    "log_messages": LogMessage(slug="no-host", level="info", pattern="No host", effect="stop", evidence=PLACE),
    "migration_statuses": MigrationStatus(
        value="done", types=("evacuation",), written=(PLACE,), wanted_by=(), in_progress=False, evidence=PLACE
    ),
    "events": Event(name="stop", kind="action", function=None, actions=("stop",), evidence=PLACE),
    "host_statuses": HostStatus(value="", condition=CodeTest(text="instance.host", holds=False), evidence=PLACE),
    "microversions": Microversion(value="2.104", evidence=PLACE),
}
assert FACTS.keys() == KINDS.keys()


def section(*facts: Any) -> Section[Any]:  # noqa: ANN401 - facts of any kind
    gap = Gap(file="nova/x.py", line=3, reason="not read")
    return Section(facts=facts, gaps=(gap,), counts=(Count(name="facts", read=len(facts), found=len(facts) + 1),))

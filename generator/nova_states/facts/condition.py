"""A condition as a structure: *all* and *any* over literals, each of which says one thing.

Whoever wants to know something of a condition asks its literals. As a string it is put in words, for people and for
JSON that shows a text; nothing reads such a text again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, overload

Subject: TypeAlias = Literal["configuration", "second_answer"]
"""What a test looks at where that changes its meaning.

"configuration": options of nova.conf. "second_answer": what the hypervisor says of the power_state when it is asked
again, because its first answer may have been a remembered one.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeTest:
    """A test of Nova's code, with its outcome."""

    text: str
    """The test, normalised and on one line. Of a comparison and its opposite always the same one, "a == b"."""
    holds: bool
    opposite: str | None = None
    """How the code says that the test does not hold ("a != b"), where that is not `not` before it."""
    about: Subject | None = None
    plain: bool = field(default=True, compare=False)
    """Whether it is made of names and numbers only. Known while the source is read, not kept."""

    def __str__(self) -> str:
        return self.text if self.holds else self.opposite or f"not {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Raises:
    """One of some exceptions is raised."""

    exceptions: tuple[str, ...]
    """Names of their classes, those of a guard's handler with their module, as Nova spells them; empty: any."""
    by: str | None = None
    """The call that raises, "driver.plug_vifs"; None: something on the way, and a handler caught it."""
    other_than: tuple[str, ...] = ()
    """Subclasses of the exceptions that are not meant."""
    more: bool = False
    """Whether there are further exceptions, which are not listed."""

    def __str__(self) -> str:
        if self.by is not None:
            return self.text_with(self.by)
        names = ", ".join(self.exceptions) or "any exception"
        if self.more:
            names = f"{names}, …"
        is_as_written = len(self.exceptions) > 1 and all("." in name for name in self.exceptions)
        return f"on ({names})" if is_as_written else f"on {names}"

    def text_with(self, calls: str) -> str:
        """The text where these calls raise."""
        excluded = f" other than {' or '.join(self.other_than)}" if self.other_than else ""
        return f"{calls} raises {' or '.join(self.exceptions)}{excluded}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Driver:
    """The virt driver of the host is this one."""

    name: str
    """The driver's folder below nova/virt, "ironic"."""

    def __str__(self) -> str:
        return f"driver {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Callback:
    """The virt driver calls back a function that it was handed."""

    function: str
    """Its name, "update_task_state"."""

    def __str__(self) -> str:
        return f"driver calls {self.function}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Race:
    """Another request got in between."""

    request: Literal["delete"]

    def __str__(self) -> str:
        return "deleted meanwhile"


@dataclass(frozen=True, kw_only=True, slots=True)
class Selected:
    """A query finds the server, by more than its states."""

    filters: tuple[str, ...]
    """The query's other filters, sorted; at least one."""

    def __str__(self) -> str:
        return f"selected by {', '.join(self.filters)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComputeApi:
    """The deployment uses another compute API than the ordinary one."""

    name: str
    """Its class, "ComputeCellsAPI"."""

    def __str__(self) -> str:
        return f"the compute API is {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """A value of Nova's code fits the pattern of a `case`."""

    subject: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.subject} matches {self.pattern}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """What a call does decides, and that is not known: it was given the server and could not be followed."""

    call: str
    """The call as it is spelled, local names by what they stand for: "power_sync.sync"."""

    def __str__(self) -> str:
        return f"{self.call} is not read"


@dataclass(frozen=True, kw_only=True, slots=True)
class Elided:
    """There is a condition, too long to be told."""

    def __str__(self) -> str:
        return "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    """All of these hold."""

    conditions: tuple[Condition, ...]
    """In the order in which they come about; none of them is an AllOf."""

    def __str__(self) -> str:
        return " and ".join(
            f"({one})" if isinstance(one, AnyOf) and one.calls_that_raise() is None else str(one)
            for one in self.conditions
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """One of these holds, or several; or none of them."""

    conditions: tuple[Condition, ...]
    """None of them is an AnyOf that holds, but the calls of one `try` that raise the same are one alternative."""
    holds: bool = True
    """False: none of them holds."""

    def __str__(self) -> str:
        text = self.calls_that_raise() or " or ".join(str(one) for one in self.conditions)
        return text if self.holds else f"not ({text})"

    def calls_that_raise(self) -> str | None:
        """The text of alternatives that only differ in the call that raises; None for others."""
        raised = [one for one in self.conditions if isinstance(one, Raises) and one.by is not None]
        if len(raised) != len(self.conditions) or len({replace(one, by=None) for one in raised}) > 1:
            return None
        return raised[0].text_with(" or ".join(one.by for one in raised if one.by))


LiteralCondition: TypeAlias = (
    CodeTest | Raises | Driver | Callback | Race | Selected | ComputeApi | Matches | Unread | Elided
)
Condition: TypeAlias = (
    CodeTest | Raises | Driver | Callback | Race | Selected | ComputeApi | Matches | Unread | Elided | AllOf | AnyOf
)

ELIDED = Elided()


def all_of(conditions: Iterable[Condition]) -> Condition | None:
    """One condition for several that hold together; None where there are none."""
    members: list[Condition] = []
    for condition in conditions:
        members.extend(condition.conditions if isinstance(condition, AllOf) else (condition,))
    if len(members) <= 1:
        return members[0] if members else None
    return AllOf(conditions=tuple(members))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One condition for several (at least one) of which one holds."""
    members = tuple(conditions)
    return members[0] if len(members) == 1 else AnyOf(conditions=members)


@overload
def negated(condition: CodeTest) -> CodeTest: ...


@overload
def negated(condition: AnyOf) -> AnyOf: ...


@overload
def negated(condition: Condition) -> Condition | None: ...


def negated(condition: Condition) -> Condition | None:
    """The opposite of a test; None where nothing in the source says it: no exception, no race, ..."""
    match condition:
        case CodeTest(text=text, opposite=opposite, about=about, plain=plain):
            return CodeTest(text=text, holds=not condition.holds, opposite=opposite, about=about, plain=plain)
        case AnyOf(conditions=conditions):
            return AnyOf(conditions=conditions, holds=not condition.holds)
    return None


def literals(condition: Condition | None) -> Iterator[LiteralCondition]:
    """What a condition says, one by one in the order in which it is told."""
    if isinstance(condition, AllOf | AnyOf):
        for member in condition.conditions:
            yield from literals(member)
    elif condition is not None:
        yield condition


def tells_exception(condition: Condition) -> bool:
    """Whether a condition speaks of an exception before all else."""
    return isinstance(next(literals(condition), None), Raises)


def is_incomplete(condition: Condition) -> bool:
    """Whether a condition leaves something out."""
    return any(isinstance(one, Elided) or (isinstance(one, Raises) and one.more) for one in literals(condition))


@overload
def to_text(condition: Condition) -> str: ...


@overload
def to_text(condition: Condition | None) -> str | None: ...


def to_text(condition: Condition | None) -> str | None:
    """A condition on one line: Nova's code as it is, the rest in English; None where there is no condition."""
    return None if condition is None else str(condition)

"""What one element of a diagram is told to do, compiled. Read once, shared by threads."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpmn.dmn.decision import Decision
from bpmn.spiff.formulas import Formula, Place, Value

Mappings = tuple[tuple[str, Value], ...]
"""Target variable and where its value comes from, in the order of the diagram."""


@dataclass(frozen=True, slots=True)
class TaskWork:
    form: str | None
    assignee: Value | None
    groups: Value | None
    users: Value | None
    due: Value | None
    follow_up: Value | None
    priority: Value | None


@dataclass(frozen=True, slots=True)
class JobWork:
    type: str
    headers: Mapping[str, str]
    tries: int


@dataclass(frozen=True, slots=True)
class ScriptWork:
    formula: Formula
    result: str


@dataclass(frozen=True, slots=True)
class RuleWork:
    decision: Decision
    result: str


@dataclass(frozen=True, slots=True)
class CallWork:
    process: str
    takes_all: bool
    """The called process starts with every variable that is visible here."""
    gives_all: bool
    """Its variables come back, all of them."""


Work = TaskWork | JobWork | ScriptWork | RuleWork | CallWork


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    kind: str
    """timeDate, timeDuration or timeCycle."""
    value: Value


@dataclass(frozen=True, slots=True)
class MessageTrigger:
    name: str
    key: Value


@dataclass(frozen=True, slots=True)
class SignalTrigger:
    name: str


@dataclass(frozen=True, slots=True)
class ArrivalTrigger:
    """A message for which nobody waits; it begins a process."""

    name: str


@dataclass(frozen=True, slots=True)
class ErrorTrigger:
    code: str | None
    """None catches every error."""


@dataclass(frozen=True, slots=True)
class EscalationTrigger:
    code: str | None


@dataclass(frozen=True, slots=True)
class TerminateTrigger:
    pass


@dataclass(frozen=True, slots=True)
class LinkTrigger:
    name: str


Trigger = (
    TimerTrigger
    | MessageTrigger
    | SignalTrigger
    | ArrivalTrigger
    | ErrorTrigger
    | EscalationTrigger
    | TerminateTrigger
    | LinkTrigger
)


@dataclass(frozen=True, slots=True)
class LoopWork:
    """One instance of an activity for each item of a list."""

    items: Formula
    item: str | None
    collects: str | None
    element: Formula | None
    until: Formula | None
    sequential: bool


@dataclass(frozen=True, slots=True)
class Settings:
    place: Place
    inputs: Mappings = ()
    outputs: Mappings = ()
    work: Work | None = None
    trigger: Trigger | None = None
    loop: LoopWork | None = None
    interrupting: bool = True

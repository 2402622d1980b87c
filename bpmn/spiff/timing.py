"""What a waiting timer remembers, as plain numbers and texts that a snapshot keeps."""

from datetime import datetime
from typing import Any

from bpmn.feel.values import YearsMonths
from bpmn.host import Host
from bpmn.spiff.moments import moment, stamp
from bpmn.timers import (
    Cycle,
    check_wait,
    cycle_of,
    moment_of,
    read_cycle,
    span_of,
)

BEGAN, DUE, RULE, NUMBER = "began", "due", "rule", "no"
DATE, DURATION, CYCLE = "timeDate", "timeDuration", "timeCycle"


def arm(memo: dict[str, Any], kind: str, value: Any, host: Host) -> None:
    """Set when the timer is due. Armed again, it still counts from when it first began."""
    began = moment(memo.setdefault(BEGAN, stamp(host.now())))
    due = _due(memo, kind, value, began, host)
    check_wait(due, host.now())
    memo[DUE] = stamp(due)


def _due(memo: dict[str, Any], kind: str, value: Any, began: datetime, host: Host) -> datetime:
    if kind == DATE:
        return moment_of(value, host.zone)
    if kind == DURATION:
        return span_of(value).after(began, host.zone)
    cycle = cycle_of(value, host.zone)
    memo[RULE] = value if isinstance(value, str) else _rule(value)
    due = cycle.moment(memo.setdefault(NUMBER, 1), began, host.zone)
    return moment(memo[DUE]) if due is None else due


def _rule(value: Any) -> str:
    if isinstance(value, YearsMonths):
        return f"R/P{value.total}M"
    span = span_of(value)
    return f"R/P{span.days}DT{span.exact.seconds}S"


def arm_next(memo: dict[str, Any], host: Host) -> bool:
    """After a firing: set the next one that is still to come. False when there is none."""
    if RULE not in memo:
        return False
    cycle: Cycle = read_cycle(memo[RULE].strip(), host.zone)
    began = moment(memo[BEGAN])
    memo[NUMBER] = cycle.next_number(memo[NUMBER], began, host.now(), host.zone)
    due = cycle.moment(memo[NUMBER], began, host.zone)
    if due is None:
        return False
    memo[DUE] = stamp(due)
    return True


def is_due(memo: dict[str, Any], now: datetime) -> bool:
    return moment(memo[DUE]) <= now

"""More time for a task: the variable of its deadline moves along, and the timers that read it."""

from datetime import date, datetime

from bpmn.notation.tags import VARIABLE
from bpmn.spiff import waiting
from bpmn.spiff.activities import DUE_BY, UserTask
from bpmn.spiff.formulas import Formula, Value
from bpmn.spiff.moments import stamp
from bpmn.spiff.scopes import visible, write
from bpmn.spiff.settings import TimerTrigger
from bpmn.spiff.tokens import Instance, Token


def postpone(instance: Instance, task: Token, due: datetime) -> None:
    """Have a task be due then.

    Where the diagram takes the due date from a variable, that variable gets the new one, and the
    timers that read it follow.
    """
    assert isinstance(task.task_spec, UserTask)
    task.internal_data[DUE_BY] = stamp(due)
    name = _variable(task.task_spec.work.due)
    before = visible(task).get(name) if name else None
    if name is None or not isinstance(before, date):
        return
    local = due.astimezone(instance.host.zone)
    write(task, name, local if isinstance(before, datetime) else local.date())
    rearm(instance, name)


def rearm(instance: Instance, name: str) -> None:
    """Set each waiting timer anew whose formula reads this variable, counted from its beginning."""
    for timer in waiting.timers(instance):
        if name in _names_in(timer):
            timer.task_spec.set_alarm(timer)


def _variable(source: Value | None) -> str | None:
    """Name the variable that a due date is, if it is nothing but that."""
    if not isinstance(source, Formula):
        return None
    text = source.expression.text.strip()
    return text if VARIABLE.fullmatch(text) else None


def _names_in(timer: Token) -> frozenset[str]:
    trigger = timer.task_spec.settings.trigger
    if isinstance(trigger, TimerTrigger) and isinstance(trigger.value, Formula):
        return trigger.value.expression.free_names
    return frozenset()

"""Whether a token that rests at one node may rest at another, and what it notices of the change."""

from collections.abc import Iterator
from typing import Any

from bpmn.spiff.activities import Call, Job, SubProcess, UserTask
from bpmn.spiff.events import Boundary, Catch, EventStart
from bpmn.spiff.gateways import Inclusive, Parallel, Race
from bpmn.spiff.loops import Loop
from bpmn.spiff.portraits import plain
from bpmn.spiff.settings import MessageTrigger, SignalTrigger, TimerTrigger
from bpmn.spiff.timing import CYCLE
from bpmn.wording import Sentence, say

_FAMILIES = (
    UserTask,
    Job,
    Call,
    SubProcess,
    Loop,
    Boundary,
    EventStart,
    Catch,
    Race,
    Inclusive,
    Parallel,
)
"""Tokens rest at these kinds of nodes alone; the first that fits counts."""


def misfit(old: Any, new: Any) -> Sentence | None:
    """Say why a token may not change from one node to the other; None when it may."""
    name = new.bpmn_name or new.bpmn_id
    family = next(one for one in _FAMILIES if isinstance(old, one))
    if not isinstance(new, family) or _family(new) is not family:
        return say("“%(name)s” is an element of another kind in the new diagram.", name=name)
    if isinstance(old, Loop):
        return _loop_misfit(old, new, name)
    if isinstance(old, Catch):
        return _trigger_misfit(old.settings.trigger, new.settings.trigger, name)
    return None


def _family(spec: Any) -> type | None:
    return next((one for one in _FAMILIES if isinstance(spec, one)), None)


def _loop_misfit(old: Loop, new: Loop, name: str) -> Sentence | None:
    names = [(one.item, one.collects, one.sequential) for one in (old.loop, new.loop)]
    if names[0] == names[1]:
        return None
    return say(
        "“%(name)s” is repeated in another way in the new diagram; what is under way cannot follow.",
        name=name,
    )


def _trigger_misfit(old: Any, new: Any, name: str) -> Sentence | None:
    kept = type(old) is type(new)
    if kept and isinstance(old, TimerTrigger):
        kept = (old.kind == CYCLE) == (new.kind == CYCLE)
    if kept:
        return None
    return say("“%(name)s” waits for something of another kind in the new diagram.", name=name)


def effects(old: Any, new: Any) -> Iterator[Sentence]:
    """Tell what changes for a token that goes from one node to the other, and what stays."""
    name = new.bpmn_name or new.bpmn_id
    if isinstance(old, UserTask):
        yield from _task_effects(old, new, name)
    if isinstance(old, Job) and old.work.type != new.work.type:
        yield say("“%(name)s” is to be done anew, as “%(type)s”.", name=name, type=new.work.type)
    if isinstance(old, Catch):
        yield from _event_effects(old.settings.trigger, new.settings.trigger, name)


def _task_effects(old: UserTask, new: UserTask, name: str) -> Iterator[Sentence]:
    if old.work.form != new.work.form:
        yield say("“%(name)s” asks by another form; drafts are kept.", name=name)
    if _decided(old) != _decided(new):
        yield say("Who has “%(name)s”, and until when, stays as it was decided.", name=name)


def _decided(task: UserTask) -> Any:
    work = plain(task.work)
    return {aspect: work[aspect] for aspect in work if aspect != "form"}


def _event_effects(old: Any, new: Any, name: str) -> Iterator[Sentence]:
    if plain(old) == plain(new):
        return
    if isinstance(old, TimerTrigger):
        yield say("“%(name)s” keeps the date for which it is armed.", name=name)
    elif isinstance(old, MessageTrigger | SignalTrigger) and old.name != new.name:
        yield say("“%(name)s” now waits for “%(message)s”.", name=name, message=new.name)

"""Events: what waits for a moment or a message, and what an end sets off."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.notation.limits import LONGEST_KEY
from bpmn.spiff.elements import Element, Group, open_siblings
from bpmn.spiff.gateways import Race
from bpmn.spiff.scopes import INDEX
from bpmn.spiff.settings import (
    ErrorTrigger,
    EscalationTrigger,
    MessageTrigger,
    SignalTrigger,
    TerminateTrigger,
    TimerTrigger,
)
from bpmn.spiff.timing import arm, arm_next
from bpmn.spiff.tokens import Token
from bpmn.steps import Passage
from bpmn.timers import NotATime
from bpmn.wording import say

KEY = "key"
STOPPED = "stopped"


class Start(Element):
    """Where a level begins."""


class Catch(Element):
    """Waits for a timer or a message in the middle of a path."""

    @property
    def awaits_outside(self) -> bool:
        return isinstance(self.settings.trigger, TimerTrigger | MessageTrigger | SignalTrigger)

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        self.await_trigger(my_task)
        my_task.rest(TaskState.WAITING)
        return False

    def await_trigger(self, token: Token) -> None:
        """Fix once what exactly is awaited: the instant, or the key of the message."""
        trigger = self.settings.trigger
        if isinstance(trigger, TimerTrigger):
            self.set_alarm(token)
        elif isinstance(trigger, MessageTrigger):
            token.internal_data[KEY] = self._key(token, trigger)

    def set_alarm(self, token: Token) -> None:
        """Compute when the timer is due, counted from when the token came here."""
        trigger = self.settings.trigger
        instance = token.level.instance
        if not isinstance(trigger, TimerTrigger):
            raise TypeError(trigger)
        try:
            arm(token.internal_data, trigger.kind, self.value(token, trigger.value), instance.host)
        except NotATime as error:
            raise self.failed(error.problem) from error

    def _key(self, token: Token, trigger: MessageTrigger) -> str:
        value = self.value(token, trigger.key)
        key = f"{value.normalize():f}" if isinstance(value, Decimal) else value
        if not isinstance(key, str) or not key:
            raise self.failed(say("The correlation key must be a text or a number."))
        if len(key) > LONGEST_KEY:
            too_long = say(
                "The correlation key is longer than %(limit)s characters.", limit=LONGEST_KEY
            )
            raise self.failed(too_long)
        return key

    def note(self, token: Token, before: int, after: int) -> None:
        race = token.parent
        if not isinstance(race.task_spec, Race):
            super().note(token, before, after)
            return
        if after == TaskState.COMPLETED:
            race.note(Passage.LEFT)
        elif after == TaskState.CANCELLED and race.task_spec.is_undecided(race, token):
            race.note(Passage.CANCELLED)
        note_happened(token, after)


class Boundary(Catch):
    """Watches an activity. Interrupting, it ends the activity; else it may happen again."""

    def note(self, token: Token, _before: int, after: int) -> None:
        note_happened(token, after)


def note_happened(token: Token, after: int) -> None:
    """Tell of an event that only watched once it has happened."""
    if after == TaskState.COMPLETED:
        token.note(Passage.ENTERED)
        token.note(Passage.LEFT)


class Guard(Group):
    """Holds an activity and the boundary events that watch it."""

    def child_left(self, token: Token, child: Token) -> None:
        spec = child.task_spec
        if not isinstance(spec, Boundary) or spec.settings.interrupting:
            for other in open_siblings(token, but=child):
                other.cancel()
        elif not isinstance(spec.settings.trigger, ErrorTrigger):
            _watch_again(token, child)


class EventStart(Catch):
    """Waits in a level for what starts one of its event sub-processes; the level does not wait for it.

    Interrupting, it ends everything else in the level; else it may happen again.
    """

    def note(self, _token: Token, _before: int, _after: int) -> None:
        """Leave the history to the start event inside, which has the same id."""

    def _on_complete_hook(self, my_task: Token) -> None:
        if not self.settings.interrupting:
            _watch_again(my_task.parent, my_task)
            return
        for other in my_task.level.open_tokens():
            if other is not my_task:
                other.cancel()


def _watch_again(above: Token, fired: Token) -> None:
    spec = fired.task_spec
    memo = dict(fired.internal_data)
    if isinstance(spec.settings.trigger, TimerTrigger) and not arm_next(
        memo, above.level.instance.host
    ):
        return
    again = above.grow(spec.name)
    again.internal_data = memo
    again.rest(TaskState.WAITING)


class Throw(Element):
    """An event in the middle of a path that does not wait.

    An escalation or a signal that interrupts what it comes from ends the path here.
    """

    def next_names(self, token: Token) -> Sequence[str]:
        return () if token.internal_data.get(STOPPED) else super().next_names(token)

    def _run_hook(self, my_task: Token) -> bool | None:
        trigger = self.settings.trigger
        if self.settings.outputs:
            self.submit(my_task, {})
        if isinstance(trigger, SignalTrigger):
            my_task.internal_data[STOPPED] = broadcast(my_task, trigger)
        if isinstance(trigger, EscalationTrigger):
            catcher = escalate(my_task, trigger.code)
            my_task.internal_data[STOPPED] = catcher is not None and interrupts(catcher)
        return True


class End(Throw):
    """Where a path ends, quietly or not."""

    def next_names(self, _token: Token) -> Sequence[str]:
        return ()

    def _run_hook(self, my_task: Token) -> bool | None:
        trigger = self.settings.trigger
        if isinstance(trigger, ErrorTrigger) and not raise_error(my_task, trigger.code):
            raise self.failed(say("Nobody catches the error “%(code)s”.", code=trigger.code))
        return super()._run_hook(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if isinstance(self.settings.trigger, TerminateTrigger):
            my_task.level.cancel()


def interrupts(catcher: Token) -> bool:
    return bool(catcher.task_spec.settings.interrupting)


def raise_error(token: Token, code: str | None) -> Token | None:
    """Give an error to the innermost event that catches it; return that, if there is one."""
    return _give(token, ErrorTrigger(code), ErrorTrigger(None))


def escalate(token: Token, code: str | None) -> Token | None:
    """Give an escalation to the innermost event that catches it; else nothing happens, as in BPMN."""
    return _give(token, EscalationTrigger(code), EscalationTrigger(None))


def broadcast(token: Token, signal: SignalTrigger) -> bool:
    """Let all hear a signal who wait for it: in this instance now, in others by who runs it.

    Tell whether what it was thrown from is interrupted. All have heard it before anything else
    moves, so that who goes on watching hears the next one too.
    """
    instance = token.level.instance
    instance.thrown.append(signal.name)
    listeners = [
        one
        for one in instance.tokens()
        if one.state == TaskState.WAITING and one.task_spec.settings.trigger == signal
    ]
    around = [watcher for place in _places(token) for watcher in _around(place)]
    for listener in listeners:
        listener.task_spec.submit(listener, {})
        listener.go_on()
    for listener in reversed(listeners):
        _do_next(listener)
    return any(listener in around and interrupts(listener) for listener in listeners)


def _places(token: Token) -> Iterator[Token]:
    """Yield the token, and each activity whose inside it stands in."""
    place: Token | None = token
    while place is not None:
        yield place
        place = place.level.parent


def _around(place: Token) -> list[Token]:
    """List what watches this place: boundary events first, then event sub-processes."""
    return [*_watchers(place), *_event_starts(place)]


def _give(token: Token, *triggers: Any) -> Token | None:
    for place in _places(token):
        for watchers in (_watchers(place), _event_starts(place)):
            for trigger in triggers:
                for watcher in watchers:
                    if watcher.task_spec.settings.trigger == trigger:
                        watcher.task_spec.submit(watcher, {})
                        watcher.go_on()
                        _do_next(watcher)
                        return watcher
    return None


def _event_starts(place: Token) -> list[Token]:
    """List what starts the event sub-processes of this level; none starts itself from inside."""
    return [
        token
        for token in place.level.open_tokens()
        if isinstance(token.task_spec, EventStart)
        and place.task_spec.name not in token.task_spec.next_names(token)
    ]


def _watchers(place: Token) -> list[Token]:
    """List the boundary events on the activity at this place."""
    activity = place.parent if INDEX in place.internal_data else place
    group = activity.parent
    if group is None or not isinstance(group.task_spec, Guard):
        return []
    return [one for one in open_siblings(group, but=activity) if one.state == TaskState.WAITING]


def _do_next(token: Token) -> None:
    """Let what has happened end what it ends before anything else in there moves."""
    agenda = token.level.instance.agenda
    agenda.remove(token)
    agenda.appendleft(token)

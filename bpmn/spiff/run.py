"""One instance of a process in memory: restore it, tell it what happened, let it settle, store it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

from SpiffWorkflow.util.task import TaskState

from bpmn.errors import Unknown
from bpmn.feel import from_python
from bpmn.migration import Notice
from bpmn.model import Definitions
from bpmn.moves import Move, Position
from bpmn.notation.tags import VARIABLE
from bpmn.spiff import migrating, moving, postponing, snapshots, waiting
from bpmn.spiff.activities import Job, UserTask
from bpmn.spiff.codec import check_storable
from bpmn.spiff.errors import NotWaiting, NoVariableName
from bpmn.spiff.events import Catch, raise_error
from bpmn.spiff.migrating import Route
from bpmn.spiff.scopes import visible, write
from bpmn.spiff.settings import MessageTrigger, SignalTrigger, TimerTrigger
from bpmn.spiff.settling import settle
from bpmn.spiff.timing import is_due
from bpmn.spiff.tokens import ROOT, Instance, Level, Token
from bpmn.steps import (
    Passed,
    WaitingJob,
    WaitingMessage,
    WaitingSignal,
    WaitingTask,
    WaitingTimer,
)
from bpmn.wording import say


class SpoiltRunError(RuntimeError):
    """The run raised before; what it holds may be half a change."""


class ProcessRun:
    """A process between two moments of rest. Not for two threads at once.

    Change it (`complete`, `fire`, …), `settle()` it, read what it waits for, `snapshot()` it.
    After any exception the object is spoilt and refuses further use; the stored state stays valid.
    """

    def __init__(self, instance: Instance) -> None:
        """Only for `begin` and `restore`."""
        self._instance = instance
        self._spoilt = False
        self._settled = True

    @classmethod
    def begin(cls, definitions: Definitions, process_id: str, variables: Mapping[str, Any]) -> Self:
        """Place a token on the start event. Raises `Unknown` for a process that is not there."""
        if process_id not in definitions.processes:
            raise Unknown(say("There is no process “%(id)s”.", id=process_id))
        instance = Instance(definitions.host)
        run = cls(instance)
        with run._changing():
            graph = definitions.executable[process_id]
            Level(instance, graph, None, _feel_values(variables)).begin()
        return run

    @classmethod
    def restore(cls, definitions: Definitions, snapshot: str) -> Self:
        """Continue a stored state. Raises `UnreadableSnapshot` when it does not fit."""
        return cls(snapshots.restore(snapshot, definitions.executable, definitions.host))

    def snapshot(self) -> str:
        """Give everything needed to continue, as text. The run must be settled."""
        if self._spoilt or not self._settled:
            raise SpoiltRunError
        return snapshots.dump(self._instance)

    def complete(self, token: int, variables: Mapping[str, Any]) -> None:
        """Take a person's answers and finish the task. Raises `NotWaiting` for any other token."""
        task = self._waiting(token, UserTask, TaskState.READY)
        with self._changing():
            self._instance.haste.calm()
            task.task_spec.submit(task, _feel_values(variables))
            task.run()

    def finish_job(self, token: int, variables: Mapping[str, Any]) -> None:
        """Finish a job. With output mappings only these are kept, else every variable."""
        job = self._waiting(token, Job, TaskState.STARTED)
        with self._moving():
            job.task_spec.submit(job, _feel_values(variables))
            job.complete()

    def fail_job(self, token: int, error_code: str) -> None:
        """End a job in a BPMN error, caught by the innermost boundary event for this code.

        Raises `ElementFailed` when nobody catches it.
        """
        job = self._waiting(token, Job, TaskState.STARTED)
        with self._moving():
            if not raise_error(job, error_code):
                raise job.task_spec.failed(
                    say("Nobody catches the error “%(code)s”.", code=error_code)
                )

    def deliver(self, token: int, payload: Mapping[str, Any]) -> None:
        """Deliver a message to exactly this token."""
        event = self._waiting(token, Catch, TaskState.WAITING)
        if not isinstance(event.task_spec.settings.trigger, MessageTrigger):
            raise NotWaiting(token)
        with self._moving():
            event.task_spec.submit(event, _feel_values(payload))
            event.go_on()

    def receive_signal(self, token: int, variables: Mapping[str, Any]) -> None:
        """Let a signal that was thrown somewhere reach exactly this token."""
        event = self._waiting(token, Catch, TaskState.WAITING)
        if not isinstance(event.task_spec.settings.trigger, SignalTrigger):
            raise NotWaiting(token)
        with self._moving():
            event.task_spec.submit(event, _feel_values(variables))
            event.go_on()

    def fire(self, token: int) -> None:
        """Let a timer look at the host's clock: due, it fires, once for all that was missed.

        Too early, nothing happens; a timer that is gone raises `NotWaiting`.
        """
        event = self._waiting(token, Catch, TaskState.WAITING)
        if not isinstance(event.task_spec.settings.trigger, TimerTrigger):
            raise NotWaiting(token)
        if is_due(event.internal_data, self._instance.now):
            with self._moving():
                event.task_spec.submit(event, {})
                event.go_on()

    def postpone(self, token: int, due: datetime) -> None:
        """Give a task another due date; the variable it came from and its timers follow."""
        task = self._waiting(token, UserTask, TaskState.READY)
        with self._changing():
            postponing.postpone(self._instance, task, due)

    def move(self, wanted: Move) -> None:
        """Take tokens away and place others. Raises `MoveRefused` where that would be unsound."""
        with self._changing():
            moving.move(self._instance, wanted)

    def migrate(self, route: Route) -> list[Notice]:
        """Go over to the definitions at the end of the route; tells what that brings along.

        Raises `CannotMigrate` with everything that hinders it.
        """
        with self._changing():
            self._instance, notices = migrating.migrate(self._instance, route)
        return notices

    def skip_numbers(self, last: int) -> None:
        """Give no token a number up to this one: they were given before, and taken back."""
        with self._changing():
            self._instance.last_number = max(self._instance.last_number, last)

    def assign(self, variables: Mapping[str, Any], token: int | None = None) -> None:
        """Set variables of the process, or as seen from this token: where each exists, nearest first.

        Raises `NoVariableName` and `NotWaiting`.
        """
        place = self._instance.root.tasks[ROOT] if token is None else self._place(token)
        wrong = next((name for name in variables if not VARIABLE.fullmatch(name)), None)
        if wrong is not None:
            raise NoVariableName(wrong)
        with self._changing():
            for name, value in _feel_values(variables).items():
                write(place, name, value)

    def settle(self) -> None:
        """Move every token until it waits, within the budget of one step.

        Raises `BudgetExceeded`, `ElementFailed`, and `Stuck` when nothing could move it any more.
        """
        with self._changing():
            settle(self._instance)
        self._settled = True

    def cancel(self) -> None:
        """End the process where it stands."""
        with self._changing():
            self._instance.root.cancel()
            self._instance.is_finished = True

    def waiting_tasks(self) -> list[WaitingTask]:
        return [waiting.describe_task(token) for token in waiting.tasks(self._instance)]

    def waiting_timers(self) -> list[WaitingTimer]:
        return [waiting.describe_timer(token) for token in waiting.timers(self._instance)]

    def waiting_jobs(self) -> list[WaitingJob]:
        return [waiting.describe_job(token) for token in waiting.jobs(self._instance)]

    def waiting_messages(self) -> list[WaitingMessage]:
        return [waiting.describe_message(token) for token in waiting.messages(self._instance)]

    def waiting_signals(self) -> list[WaitingSignal]:
        return [waiting.describe_signal(token) for token in waiting.signals(self._instance)]

    def thrown(self) -> list[str]:
        """Drain the names of the signals thrown since the last call, in order.

        Who waits in here has heard them; who drains them brings them to every other instance.
        """
        thrown, self._instance.thrown = self._instance.thrown, []
        return thrown

    def passed(self) -> list[Passed]:
        """Drain what was entered, left and cancelled since the last call, in order."""
        passed, self._instance.passed = self._instance.passed, []
        return passed

    @property
    def process(self) -> str:
        """The id of the process itself, not of one that it calls."""
        return str(self._instance.root.spec.process_id)

    @property
    def last_number(self) -> int:
        """The highest number that a token has had."""
        return self._instance.last_number

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the process itself."""
        return dict(self._instance.root.variables or {})

    def visible_at(self, token: int) -> Mapping[str, Any]:
        """Return every variable that a formula at this place may read."""
        return dict(visible(self._place(token)))

    def positions(self) -> list[Position]:
        """List every place where the process stands, what only watches included."""
        return moving.positions(self._instance)

    def stays(self) -> Mapping[int, tuple[str, str]]:
        """Tell at which element of which process each token is that was entered and has not left."""
        return moving.stays(self._instance)

    @property
    def is_finished(self) -> bool:
        return self._instance.is_finished

    def _place(self, number: int) -> Token:
        token = self._instance.find(number)
        if token is None:
            raise NotWaiting(number)
        return token

    def _waiting(self, number: int, kind: type, state: int) -> Token:
        token = self._instance.find(number)
        if token is None or token.state != state or not isinstance(token.task_spec, kind):
            raise NotWaiting(number)
        return token

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if self._spoilt:
            raise SpoiltRunError
        self._spoilt, self._settled = True, False
        yield
        self._spoilt = False

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Change it without a person: too often without a rest raises `BudgetExceeded`."""
        with self._changing():
            self._instance.haste.hurry(self._instance.now)
            yield


def _feel_values(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = from_python(dict(values))
    check_storable(found)
    return dict(found)

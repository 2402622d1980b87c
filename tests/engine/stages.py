"""A process for tests, as plain as can be: stages one after another.

At each stage it waits for everything the stage names at once; any answer ends the stage and
cancels what else it waited for. A stage `Boom` fails whoever moves into it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from bpmn.steps import (
    Passage,
    Passed,
    WaitingJob,
    WaitingMessage,
    WaitingSignal,
    WaitingTask,
    WaitingTimer,
)
from engine import clock


@dataclass(frozen=True)
class Task:
    element: str
    groups: tuple[str, ...] = ("role_qm",)
    assignee: str | None = None


@dataclass(frozen=True)
class Timer:
    after: timedelta


@dataclass(frozen=True)
class Service:
    type: str
    tries: int = 5


@dataclass(frozen=True)
class Message:
    name: str
    key: str | None = "key"


@dataclass(frozen=True)
class Signal:
    name: str


@dataclass(frozen=True)
class Throw:
    """Throws a signal on its way to the next stage."""

    signal: str


@dataclass(frozen=True)
class Begin:
    """Stands first in a process that starts by a message."""

    message: str


class Boom:
    pass


REMIND = ((Task("report"), Timer(timedelta(days=3))), Task("remind"), Task("review"))
"""A report that is asked for again after three days."""


class StageRun:
    """Stands in for `bpmn.spiff.run.ProcessRun`."""

    def __init__(self, stages, stage, first_token, variables, began):
        self._stages = stages
        self._stage = stage
        self._first = first_token
        self._began = began
        self._passed = []
        self._thrown = []
        self.variables = variables

    @classmethod
    def begin(cls, definitions, process_id, variables):
        run = cls(definitions.processes[process_id], -1, 0, dict(variables), clock.now())
        run._next()
        return run

    @classmethod
    def restore(cls, definitions, snapshot):
        process, stage, first, variables, began = json.loads(snapshot)
        run = cls(None, stage, first, variables, datetime.fromisoformat(began))
        run._process = process
        run._stages = definitions.processes[process]
        return run

    def snapshot(self):
        process = self._stages[0]
        return json.dumps(
            [process, self._stage, self._first, self.variables, self._began.isoformat()]
        )

    def settle(self):
        pass

    @property
    def _here(self):
        return self._stages[1:][self._stage] if not self.is_finished else ()

    @property
    def is_finished(self):
        return self._stage >= len(self._stages) - 1

    def _next(self):
        left = [
            Passed(token, self._stages[0], str(token), Passage.LEFT) for token, _ in self._places()
        ]
        self._first += len(left)
        self._stage += 1
        self._began = clock.now()
        if not self.is_finished and self._here == Boom:
            raise ZeroDivisionError
        entered = [
            Passed(token, self._stages[0], str(token), Passage.ENTERED)
            for token, _ in self._places()
        ]
        self._passed += left + entered
        for _, throw in self._places(Throw):
            self._thrown.append(throw.signal)
            self._next()

    def _places(self, kind=object):
        here = self._here if self._stage >= 0 else ()
        places = enumerate(here, self._first)
        return [(token, place) for token, place in places if isinstance(place, kind)]

    def _answer(self, token, kind, variables):
        assert token in dict(self._places(kind))
        self.variables |= variables
        self._next()

    def complete(self, token, variables):
        self._answer(token, Task, variables)

    def finish_job(self, token, variables):
        self._answer(token, Service, variables)

    def fail_job(self, token, error_code):
        self._answer(token, Service, {"failed": error_code})

    def receive_signal(self, token, variables):
        self._answer(token, Signal, variables)

    def thrown(self):
        thrown, self._thrown = self._thrown, []
        return thrown

    def deliver(self, token, payload):
        self._answer(token, Message, payload)

    def fire(self, token):
        self._answer(token, Timer, {})

    def postpone(self, _token, _due):
        self._began = clock.now()

    def cancel(self):
        self._stage = len(self._stages)

    def passed(self):
        passed, self._passed = self._passed, []
        return passed

    def waiting_tasks(self):
        return [
            WaitingTask(
                token=token,
                process=self._stages[0],
                element=task.element,
                name=task.element.title(),
                form=None,
                assignee=task.assignee,
                candidate_groups=task.groups,
                candidate_users=(),
                due=None,
                follow_up=None,
                priority=50,
            )
            for token, task in self._places(Task)
        ]

    def waiting_timers(self):
        return [
            WaitingTimer(token, self._stages[0], "timer", self._began + timer.after)
            for token, timer in self._places(Timer)
        ]

    def waiting_jobs(self):
        return [
            WaitingJob(
                token, self._stages[0], job.type, job.type, {}, job.tries, dict(self.variables)
            )
            for token, job in self._places(Service)
        ]

    def waiting_signals(self):
        return [
            WaitingSignal(token, self._stages[0], "signal", signal.name)
            for token, signal in self._places(Signal)
        ]

    def waiting_messages(self):
        return [
            WaitingMessage(token, self._stages[0], "message", message.name, message.key)
            for token, message in self._places(Message)
        ]


def stages(**processes):
    """Make definitions of processes; the name stands first, for the snapshot."""
    return SimpleNamespace(
        processes={
            name: (
                name,
                *[
                    stage if isinstance(stage, tuple | type) else (stage,)
                    for stage in all_
                    if not isinstance(stage, Begin)
                ],
            )
            for name, all_ in processes.items()
        },
        starts={
            stage.message: name
            for name, all_ in processes.items()
            for stage in all_
            if isinstance(stage, Begin)
        },
    )

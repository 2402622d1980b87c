"""What a process waits for before and after a step, and how the two differ."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeVar
from uuid import UUID

from bpmn.spiff.run import ProcessRun
from bpmn.steps import WaitingJob, WaitingMessage, WaitingSignal, WaitingTask, WaitingTimer
from engine.records import InstanceRecord
from engine.stay_table import Ended

W = TypeVar("W", WaitingTask, WaitingTimer, WaitingJob, WaitingMessage, WaitingSignal)


@dataclass(frozen=True, slots=True)
class Answer:
    """What this step is made for: a token that was answered, and by whom if it was a person."""

    token: int | None = None
    by: str | None = None
    task_id: UUID | None = None
    command: str | None = None
    ended: Ended = Ended.COMPLETED
    """How this ends the token's stay."""
    others: Ended = Ended.CANCELLED
    """How it ends the stay of tokens that it takes away."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that a resting process waits for, by token."""

    tasks: Mapping[int, WaitingTask]
    timers: Mapping[int, WaitingTimer]
    jobs: Mapping[int, WaitingJob]
    messages: Mapping[int, WaitingMessage]
    signals: Mapping[int, WaitingSignal]

    @classmethod
    def of(cls, run: ProcessRun) -> Self:
        return cls(
            {task.token: task for task in run.waiting_tasks()},
            {timer.token: timer for timer in run.waiting_timers()},
            {job.token: job for job in run.waiting_jobs()},
            {message.token: message for message in run.waiting_messages()},
            {signal.token: signal for signal in run.waiting_signals()},
        )

    @property
    def tokens(self) -> set[int]:
        """Every token at which something is waited for."""
        return {*self.tasks, *self.timers, *self.jobs, *self.messages, *self.signals}

    def place_of(self, token: int | None) -> tuple[str, str] | None:
        """Name the process and the element at which this token waits."""
        kinds = (self.tasks, self.timers, self.jobs, self.messages, self.signals)
        found = (kind[token] for kind in kinds if token is not None and token in kind)
        return next(((waiting.process, waiting.element) for waiting in found), None)

    def without(self, tokens: Collection[int]) -> Self:
        """Leave out the work, messages and signals of these tokens."""
        return replace(
            self,
            jobs={one: job for one, job in self.jobs.items() if one not in tokens},
            messages={one: wait for one, wait in self.messages.items() if one not in tokens},
            signals={one: wait for one, wait in self.signals.items() if one not in tokens},
        )

    def without_job(self, token: int | None) -> Self:
        """Leave out what a job waits for that has been struck out; it may well wait again."""
        return replace(
            self,
            timers={one: timer for one, timer in self.timers.items() if one != token},
            jobs={one: job for one, job in self.jobs.items() if one != token},
        )


NOTHING = Waiting({}, {}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Difference:
    """One step of an instance: what it waited for before and what it waits for now."""

    instance: InstanceRecord
    before: Waiting
    after: Waiting
    answer: Answer


def gone(before: Mapping[int, W], after: Mapping[int, W]) -> list[int]:
    """List the tokens at which nothing waits any more."""
    return [token for token in before if token not in after]


def new(before: Mapping[int, W], after: Mapping[int, W]) -> list[W]:
    """List what waits now and did not before."""
    return [waiting for token, waiting in after.items() if token not in before]


def readdressed(before: Waiting, after: Waiting) -> frozenset[int]:
    """Name the tokens that wait as before, but for other work, another message or signal."""
    ways = zip(_addresses(before), _addresses(after), strict=True)
    return frozenset(
        token
        for old, new in ways
        for token, address in new.items()
        if old.get(token, address) != address
    )


def _addresses(waiting: Waiting) -> tuple[Mapping[int, object], ...]:
    return (
        {token: job.type for token, job in waiting.jobs.items()},
        {token: (message.message, message.key) for token, message in waiting.messages.items()},
        {token: signal.signal for token, signal in waiting.signals.items()},
    )

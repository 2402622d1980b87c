"""Does what is owed: leases jobs, does each in a transaction of its own, notes what fails."""

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog

from engine import (
    clock,
    collisions,
    counting,
    housekeeping,
    inspecting,
    jobs,
    process_work,
    projections,
    retry,
    signals,
    steps,
)
from engine.errors import (
    BpmnError,
    DatabaseBusy,
    DatabaseGone,
    KeptFailing,
    NoHandler,
    NoSuchInstance,
)
from engine.failures import Scene, StepFailed, cause_of, raise_fault
from engine.handlers import Errand, Handlers, JobHandler
from engine.models import Lane
from engine.records import JobRecord
from engine.unit_of_work import Transactions, UnitOfWork
from engine.waiting import Waiting

log = structlog.get_logger()

T = TypeVar("T")

WORTHWHILE = jobs.LEASE * 2 / 3
"""A job is begun only with this much of its lease left, so that a slow errand still fits."""

SUSPICIOUS = 3
"""Leases without an outcome after which each try is noted beforehand: it may end the process."""


class LeaseLost(Exception):  # noqa: N818 - a fact, nothing went wrong
    """The job has been withdrawn, another worker has it by now, or an earlier one comes first."""


class Worker:
    """One worker; start as many as you like, in as many processes. There is no leader."""

    def __init__(self, transactions: Transactions, handlers: Handlers) -> None:
        self.transactions = transactions
        self.believed: Callable[[], datetime] = clock.now
        """Tells the time by which what was owed for later is due."""
        self.stopping = threading.Event()
        self._name = secrets.token_hex(8)
        services = {**process_work.ENGINE_SERVICES, **handlers.services}
        self._kinds: dict[str, JobHandler | Errand] = {
            projections.TIMER: process_work.fire,
            projections.SERVICE: partial(process_work.serve, services),
            projections.CORRELATION: process_work.correlate,
            signals.SIGNAL: process_work.hear,
            housekeeping.SWEEP: housekeeping.sweep,
            inspecting.INSPECTION: inspecting.errand(transactions),
            counting.COUNTING: counting.count_some,
            **handlers.jobs,
        }
        self._standing = (
            housekeeping.begin,
            inspecting.begin,
            counting.begin,
            *handlers.standing,
        )

    def open(self) -> None:
        """Owe what is done without being asked for."""
        self._insist(self._owe_standing)

    def _owe_standing(self, uow: UnitOfWork) -> None:
        for owe in self._standing:
            owe(uow)

    def run_due(self) -> int:
        """Do everything that is due now and what becomes due by it; tell how many jobs it was."""
        done = 0
        while batch := self.run_batch(Lane.WORK) + self.run_batch(Lane.ERRAND):
            done += batch
        return done

    def run_batch(self, lane: Lane) -> int:
        """Lease what is due in this lane and do it, oldest first; tell how many jobs it was."""
        believed = self.believed()
        batch = self._insist(lambda uow: jobs.lease(uow, lane, self._name, believed))
        for number, job in enumerate(batch):
            if self.stopping.is_set():
                self._insist(partial(_give_back, batch[number:]))
                return number
            self._perform(job)
        return len(batch)

    def _perform(self, job: JobRecord) -> None:
        """Do one job. Whatever it raises concerns this job alone: this is the boundary."""
        try:
            job = self._begin(job)
            self._do(job)
        except LeaseLost:
            log.info("lease lost", job=str(job.id), kind=job.kind)
            with suppress(DatabaseBusy):
                self._insist(partial(_give_back, [job]))
        except Exception as error:  # noqa: BLE001 - the boundary of a job
            name = type(cause_of(error)).__name__
            log.warning("job failed", job=str(job.id), kind=job.kind, error=name)
            self._keep_books(job, error)

    def _keep_books(self, job: JobRecord, error: Exception) -> None:
        """Do `_fail`; if that fails too, the job alone waits until its lease lapses.

        A database that is away is away for the jobs that follow as well.
        """
        try:
            self._fail(job, error)
        except DatabaseGone:
            raise
        except Exception as worse:  # noqa: BLE001 - the others of the batch are done all the same
            name = type(worse).__name__
            log.warning("job left until its lease lapses", job=str(job.id), error=name)

    def _begin(self, job: JobRecord) -> JobRecord:
        """See that the lease lasts, and that a job which ends its process is not begun for ever."""
        unaccounted = job.attempt - job.tries > SUSPICIOUS
        if not unaccounted and job.lease_until - clock.now() >= WORTHWHILE:
            return job
        if unaccounted and job.tries >= job.most_tries:
            raise KeptFailing
        noted = job.tries + 1 if unaccounted else job.tries
        if not self._insist(lambda uow: jobs.renew(uow, job, noted)):
            raise LeaseLost
        return job

    def _do(self, job: JobRecord) -> None:
        handler = self._kinds.get(job.kind)
        if handler is None:
            raise NoHandler(job.kind)
        if isinstance(handler, Errand):
            self._run_errand(handler, job)
            return
        self._insist(lambda uow: _do_at_once(uow, job, handler))

    def _run_errand(self, errand: Errand, job: JobRecord) -> None:
        order = self._insist(lambda uow: errand.prepare(uow, job))
        outcome = None if order is None else errand.perform(order)
        self._insist(lambda uow: _record(uow, job, errand, order, outcome))

    def _fail(self, job: JobRecord, error: Exception) -> None:
        """Keep the books about a failure, in a transaction of its own."""
        if isinstance(error, BpmnError):
            self._leave_by_error(job, error)
            return
        with suppress(NoSuchInstance):
            self._insist(lambda uow: _note_failure(uow, job, error))

    def _leave_by_error(self, job: JobRecord, error: BpmnError) -> None:
        """Let the process go on at its boundary event; if none is there, that is the failure."""
        try:
            with suppress(LeaseLost):
                leave = partial(process_work.fail, code=error.code)
                self._insist(lambda uow: _do_at_once(uow, job, leave))
        except StepFailed as failure:
            self._fail(job, failure)

    def _insist(self, work: Callable[[UnitOfWork], T]) -> T:
        return collisions.insist(self.transactions, work)


def _do_at_once(uow: UnitOfWork, job: JobRecord, handler: JobHandler) -> None:
    if _take_up(uow, job):
        handler(uow, job)


def _record(
    uow: UnitOfWork, job: JobRecord, errand: Errand, order: object | None, outcome: object
) -> None:
    if _take_up(uow, job) and order is not None:
        errand.record(uow, job, outcome)


def _note_failure(uow: UnitOfWork, job: JobRecord, error: Exception) -> None:
    """Put the job back for its next try; if there is none, park it and leave a fault.

    Where the process that refused it is at its end by now, it looks for another at once.
    """
    tries = job.tries + 1
    again = retry.helps(error, tries, job.most_tries)
    scene = _scene(uow, job, tries)
    due_at = clock.now() + retry.pause(tries) if again else None
    if jobs.put_back(uow, job, due_at, tries) and not again:
        scene.stand_at(_place(uow, job))
        if isinstance(error, StepFailed):
            scene.learn(error.scene)
        if scene.message_id is not None:
            jobs.note(uow, job, **{process_work.UNTAKEN: str(scene.message_id)})
        if not raise_fault(uow, scene, cause_of(error)):
            jobs.unpark(uow, job.id)


def _give_back(batch: Sequence[JobRecord], uow: UnitOfWork) -> None:
    for job in batch:
        jobs.put_back(uow, job, job.due_at, job.tries)


def _take_up(uow: UnitOfWork, job: JobRecord) -> bool:
    """Strike the job out before it is done; the instance is locked first, as everywhere.

    False when its instance is suspended: then it is held until that is resumed.
    """
    suspended = job.instance_id is not None and _is_suspended(uow, job.instance_id)
    if not (jobs.hold if suspended else jobs.redeem)(uow, job):
        raise LeaseLost
    return not suspended


def _is_suspended(uow: UnitOfWork, instance_id: UUID) -> bool:
    try:
        return steps.lock(uow, instance_id).suspended_at is not None
    except NoSuchInstance as gone:
        raise LeaseLost from gone


def _scene(uow: UnitOfWork, job: JobRecord, tries: int) -> Scene:
    if job.instance_id is None:
        return Scene(None, job.business_key, job_id=job.id, job_kind=job.kind, tries=tries)
    instance = steps.lock(uow, job.instance_id)
    return Scene(
        instance_id=instance.id,
        business_key=instance.business_key,
        process=instance.process,
        job_id=job.id,
        job_kind=job.kind,
        token=_token(job),
        tries=tries,
    )


def _token(job: JobRecord) -> int | None:
    """Tell for which token this is work; a signal is none by which the token waits."""
    return job.payload.get("token") if job.kind == signals.SIGNAL else job.token


def _place(uow: UnitOfWork, job: JobRecord) -> tuple[str, str] | None:
    """Find where the process waits for this job; None when nobody can read its state."""
    token = _token(job)
    if job.instance_id is None or token is None:
        return None
    try:
        return Waiting.of(steps.look(uow, job.instance_id)).place_of(token)
    except StepFailed:
        return None

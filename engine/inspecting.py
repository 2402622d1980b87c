"""The reconciler on its rounds: every few minutes some instances are held against their rows."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import UUID

from engine import jobs, queries, reconciling, steps
from engine.errors import NoSuchInstance, RowsDiffer
from engine.failures import Scene, StepFailed, cause_of, raise_fault
from engine.handlers import Errand
from engine.models import Lane
from engine.records import JobRecord
from engine.unit_of_work import Transactions, UnitOfWork

INSPECTION = "engine.inspection"
EVERY = timedelta(minutes=5)
GOES_ON = EVERY / 2
"""Pause before a round that begins where the last one ended."""
PAGE = 200
SPELL = 0.1
"""Instances and seconds of one round: short, so that a process which dies often still ends one."""


def begin(uow: UnitOfWork, after: UUID | None = None) -> None:
    """Owe the next round, unless it is owed already."""
    payload = {"after": str(after)} if after else {}
    jobs.recur(uow, INSPECTION, GOES_ON if after else EVERY, payload, Lane.ERRAND)


def errand(transactions: Transactions) -> Errand:
    """Compare outside the job's transaction: each instance is held for its own moment only."""
    return Errand(_page, partial(_inspect, transactions), _go_on)


def _page(uow: UnitOfWork, job: JobRecord) -> Sequence[UUID]:
    after = job.payload.get("after")
    return queries.active_instance_ids(uow.connection, UUID(after) if after else None, PAGE)


def _inspect(transactions: Transactions, page: Sequence[UUID]) -> UUID | None:
    """Raise a fault for each that is wrong; tell where the next round begins, None at the start."""
    begun = time.monotonic()
    for number, instance_id in enumerate(page):
        if number and time.monotonic() - begun > SPELL:
            return page[number - 1]
        with suppress(NoSuchInstance):
            try:
                _compare(transactions, instance_id)
            except (RowsDiffer, StepFailed) as wrong:
                _tell(transactions, instance_id, cause_of(wrong))
    return page[-1] if len(page) == PAGE else None


def _compare(transactions: Transactions, instance_id: UUID) -> None:
    with transactions.attempt() as uow:
        places = reconciling.differences(uow, instance_id)
    if places:
        raise RowsDiffer(instance_id, places)


def _tell(transactions: Transactions, instance_id: UUID, wrong: Exception) -> None:
    with transactions.attempt() as uow:
        instance = steps.lock(uow, instance_id)
        scene = Scene(instance_id, instance.business_key, instance.process)
        raise_fault(uow, scene, wrong)


def _go_on(uow: UnitOfWork, _job: JobRecord, after: UUID | None) -> None:
    begin(uow, after)

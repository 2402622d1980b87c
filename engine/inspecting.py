"""The reconciler on its rounds: each instance is held against its rows.

A round of some fifty thousand takes an hour (at 5 ms each); with more it takes longer.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from engine import jobs, queries, reconciling, steps
from engine.errors import NoSuchInstance, RowsDiffer
from engine.failures import Scene, StepFailed, cause_of, raise_fault
from engine.fault_closing import close_settled
from engine.fault_table import FaultState
from engine.handlers import Errand
from engine.models import InstanceState, Lane
from engine.records import InstanceRecord, JobRecord
from engine.unit_of_work import Transactions, UnitOfWork
from engine.waiting import Waiting

INSPECTION = "engine.inspection"
EVERY = timedelta(minutes=5)
"""Pause before all are looked at anew."""
PAGE = 200
SPELL = 0.1
"""Instances and seconds of one spell: short, so that a process which dies often still ends one."""
ROUND = timedelta(hours=1)
LONGEST, SHORTEST = EVERY / 2, timedelta(seconds=1)
"""Pauses between two spells: as long as a round of an hour allows, and a tenth of the time at most is work."""


@dataclass(frozen=True, slots=True)
class Spell:
    """How many were looked at, and the last of them if there are more."""

    seen: int
    last: UUID | None


def begin(uow: UnitOfWork) -> None:
    """Owe the next round, unless one is under way."""
    jobs.recur(uow, INSPECTION, EVERY, lane=Lane.ERRAND)


def errand(transactions: Transactions) -> Errand:
    """Compare outside the job's transaction: each instance is held for its own moment only."""
    return Errand(_page, partial(_inspect, transactions), _go_on)


def _page(uow: UnitOfWork, job: JobRecord) -> Sequence[UUID]:
    after = job.payload.get("after")
    return queries.active_instance_ids(uow.connection, UUID(after) if after else None, PAGE)


def _inspect(transactions: Transactions, page: Sequence[UUID]) -> Spell:
    """Raise a fault for each that is wrong."""
    begun = time.monotonic()
    for number, instance_id in enumerate(page):
        if number and time.monotonic() - begun > SPELL:
            return Spell(number, page[number - 1])
        with suppress(NoSuchInstance):
            try:
                _compare(transactions, instance_id)
            except (RowsDiffer, StepFailed) as wrong:
                _tell(transactions, instance_id, cause_of(wrong))
    return Spell(len(page), page[-1] if len(page) == PAGE else None)


def _compare(transactions: Transactions, instance_id: UUID) -> None:
    with transactions.attempt() as uow:
        _settle_faults(uow, steps.lock(uow, instance_id))
        places = reconciling.differences(uow, instance_id)
    if places:
        raise RowsDiffer(instance_id, places)


def _settle_faults(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Close the faults of what is behind it: one may be written while the step that settles it is.

    Each of the two holds the instance, but does not see all that the other has just stored.
    """
    if instance.is_faulty and instance.state is InstanceState.ACTIVE:
        standing = Waiting.of(steps.look(uow, instance.id)).tokens
        close_settled(uow, instance.id, standing, FaultState.RESOLVED)


def _tell(transactions: Transactions, instance_id: UUID, wrong: Exception) -> None:
    with transactions.attempt() as uow:
        instance = steps.lock(uow, instance_id)
        scene = Scene(instance_id, instance.business_key, instance.process)
        raise_fault(uow, scene, wrong)


def _go_on(uow: UnitOfWork, job: JobRecord, spell: Spell) -> None:
    if spell.last is None:
        begin(uow)
        return
    # counted once in a round: to count takes as long as many spells
    of = job.payload.get("of") or queries.count_active_instances(uow.connection)
    pause = max(min(ROUND * spell.seen / max(of, 1), LONGEST), SHORTEST)
    jobs.recur(uow, INSPECTION, pause, {"after": str(spell.last), "of": of}, Lane.ERRAND)

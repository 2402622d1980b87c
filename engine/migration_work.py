"""Migrations as work for the workers: owed page by page, done instance by instance."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from engine import clock, fault_closing, jobs, migrations
from engine.errors import NoSuchInstance
from engine.models import Job
from engine.records import JobRecord
from engine.unit_of_work import UnitOfWork

MIGRATION = "migration"
"""The kind of job by which workers carry migrations out."""

PACE = timedelta(milliseconds=5)
"""Between two instances, so that what else is due has its turn."""


def owe(uow: UnitOfWork, migration_id: UUID, by: str) -> None:
    """Have the workers do what is left, at most 200 in a second; asked twice, it is done once.

    What could not be done, and waits for an operator, is tried again.
    """
    migrations.found(uow.connection, migration_id)
    _owe_page(uow, migration_id, by, None)


def take_step(uow: UnitOfWork, job: JobRecord) -> None:
    """Do what a worker has been asked to: bring one instance over or back, or owe the next page."""
    given = job.payload
    migration_id = UUID(given["migration"])
    if "instance" in given:
        with suppress(NoSuchInstance):
            migrations.carry_out(uow, migration_id, UUID(given["instance"]))
        return
    _owe_page(uow, migration_id, given["by"], UUID(given["after"]))


def _owe_page(uow: UnitOfWork, migration_id: UUID, by: str, after: UUID | None) -> None:
    """Owe a page of instances, and the next page for when this one is through."""
    direction = migrations.found(uow.connection, migration_id).direction
    page = migrations.pending(uow.connection, migration_id, after)
    if not page:
        return
    migration, now = str(migration_id), clock.now()
    name = f"{MIGRATION}:{direction}:{migration}"
    keys = [f"{name}:{instance_id}" for instance_id in page]
    _try_again(uow, keys, by)
    debts = [
        jobs.Debt(
            MIGRATION,
            {"migration": migration, "instance": str(instance_id)},
            due_at=now + PACE * place,
            key=key,
        )
        for place, (key, instance_id) in enumerate(zip(keys, page, strict=True))
    ]
    if len(page) == migrations.PAGE:
        last = str(page[-1])
        more = {"migration": migration, "after": last, "by": by}
        due_at = now + PACE * len(page)
        debts.append(jobs.Debt(MIGRATION, more, due_at=due_at, key=f"{name}:after:{last}"))
    jobs.owe(uow, *debts)


def _try_again(uow: UnitOfWork, keys: Collection[str], by: str) -> None:
    """Make due again what is parked, and close the faults that told why."""
    parked = (Job.key.in_(keys)) & Job.due_at.is_(None) & Job.held_due_at.is_(None)
    values: dict[str, Any] = {"due_at": clock.now(), "tries": 0}
    jobs.write(uow)
    revived = uow.connection.scalars(update(Job).where(parked).values(values).returning(Job.id))
    fault_closing.close_retried(uow, revived.all(), by)

"""Migrations of any size: begun, carried out instance by instance, gone on with, taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, literal, select, update

from bpmn.migration import Notice, Wishes
from bpmn.model import NotExecutable
from engine import clock, collisions, instance_queries, migration_queries, queries, steps
from engine.database import new_id, table_of
from engine.errors import (
    ChangesCollided,
    DatabaseBusy,
    MovedOnSince,
    NoSuchDeployment,
    NoSuchInstance,
    NoSuchMigration,
    NothingReturns,
)
from engine.events import InstanceMigrated
from engine.failures import StepFailed, facts_of, sentence_of
from engine.migration_queries import ItemRecord, MigrationRecord, Selection
from engine.migration_table import Direction, ItemState, Migration, MigrationItem
from engine.queries import Source
from engine.records import DeploymentRecord
from engine.transfers import LOST_ON_RETURN, Outcome, Return, Transfer, take_back, transfer
from engine.unit_of_work import Transactions, UnitOfWork

PAGE = 500
"""How many instances are named, or owed to the workers, at a time."""
_NEXT = {Direction.OVER: ItemState.WAITING, Direction.BACK: ItemState.MOVED}


@dataclass(frozen=True, slots=True)
class Plan:
    """Where instances are to go, which, and by what mapping."""

    target: DeploymentRecord
    selection: Selection
    wishes: Wishes


def start(uow: UnitOfWork, plan: Plan, by: str) -> UUID:
    """Note down every instance that is meant; see `carry_out` for how they go over."""
    migration_id = new_id()
    row = {
        "id": migration_id,
        "target_id": plan.target.id,
        "wishes": _facts(plan.wishes),
        "direction": Direction.OVER,
        "started_at": clock.now(),
        "started_by": by,
    }
    uow.connection.execute(insert(table_of(Migration)), row)
    meant = migration_queries.wanted(plan.selection, plan.target.id).subquery()
    columns = table_of(MigrationItem).c
    rows = select(
        literal(migration_id, columns.migration_id.type),
        meant.c.id,
        literal(ItemState.WAITING, columns.state.type),
        meant.c.deployment_id,
        literal([], columns.report.type),
    )
    names = ["migration_id", "instance_id", "state", "source_id", "report"]
    uow.connection.execute(insert(table_of(MigrationItem)).from_select(names, rows))
    return migration_id


def foretell(transactions: Transactions, plan: Plan, instance_id: UUID) -> Transfer | None:
    """Bring one instance over and undo it all: whatever this tells, `carry_out` does.

    None when it is gone.
    """

    def rehearse() -> Transfer:
        with transactions.rehearsal() as uow:
            return transfer(uow, instance_id, plan.target, plan.wishes)

    return _tried(transactions, instance_id, rehearse)


def bring(transactions: Transactions, migration_id: UUID, instance_id: UUID) -> Transfer | None:
    """Do `carry_out` in a transaction of its own; what fails stays next, and may leave a fault."""

    def work() -> Transfer | None:
        with transactions.begin() as uow:
            return carry_out(uow, migration_id, instance_id)

    return _tried(transactions, instance_id, work)


def _tried(
    transactions: Transactions, instance_id: UUID, work: Callable[[], Transfer | None]
) -> Transfer | None:
    """Do the work; what goes wrong with one instance, or holds it for too long, stops no other."""
    try:
        return collisions.again(transactions, work)
    except NoSuchInstance:
        return None
    except StepFailed as failure:
        return _failed(instance_id, failure)
    except DatabaseBusy as refusal:
        with transactions.reading() as reading:
            row = instance_queries.instance(reading, instance_id)
        if row is None:
            return None
        why = Notice(row.process, row.process, refusal.sentence)
        return Transfer(instance_id, row.business_key, row.process, Outcome.FAILS, (why,))


def _failed(instance_id: UUID, failure: StepFailed) -> Transfer:
    scene = failure.scene
    process = scene.process or ""
    why = Notice(process, scene.element or process, failure.sentence)
    return Transfer(instance_id, scene.business_key, process, Outcome.FAILS, (why,))


def pending(source: Source, migration_id: UUID, after: UUID | None = None) -> list[UUID]:
    """List the instances that are next, a page of them; empty when all is done."""
    state = next_state(found(source, migration_id))
    return migration_queries.instances_in(source, migration_id, state, after, PAGE)


def next_state(migration: MigrationRecord) -> ItemState:
    """Tell in which state instances are that are still to be done, whichever way it goes."""
    return _NEXT[migration.direction]


def carry_out(uow: UnitOfWork, migration_id: UUID, instance_id: UUID) -> Transfer | None:
    """Bring one instance over, or back; None when that is done already.

    Safe to repeat, by several at once and after a crash. Raises `NoSuchInstance` when it is gone.
    """
    steps.lock(uow, instance_id)
    migration = found(uow.connection, migration_id)
    item = migration_queries.item(uow.connection, migration_id, instance_id)
    if item is None or item.state is not next_state(migration):
        return None
    goes_back = migration.direction is Direction.BACK
    done = _bring_back(uow, item) if goes_back else _bring_over(uow, migration, item)
    if done.outcome is Outcome.MOVES:
        number = item.source if goes_back else migration.target
        uow.record(
            InstanceMigrated(instance_id, done.business_key, migration_id, number, goes_back)
        )
    return done


def turn_back(uow: UnitOfWork, migration_id: UUID) -> MigrationRecord:
    """Have what went over return, as far as it has not moved on; what has not begun stays.

    Raises `NothingReturns` when that has been tried, and nothing but what stays is left.
    """
    migration_queries.lock_migration(uow.connection, migration_id)
    resume(uow.connection, migration_id)
    uow.connection.execute(_TURN, {"migration": migration_id, "now_goes": Direction.BACK})
    uow.connection.execute(_LEAVE, {"migration": migration_id, "at": clock.now()})
    return found(uow.connection, migration_id)


def resume(source: Source, migration_id: UUID) -> MigrationRecord:
    """Look whether a migration can go on. Raises `NothingReturns` when only what stays is left."""
    migration = found(source, migration_id)
    counts = migration_queries.progress(source, [migration_id])[migration_id]
    is_left = counts[next_state(migration)] > 0
    if migration.direction is Direction.BACK and counts[ItemState.KEPT] and not is_left:
        raise NothingReturns
    return migration


def found(source: Source, migration_id: UUID) -> MigrationRecord:
    """Find a migration. Raises `NoSuchMigration`."""
    migration = migration_queries.migration(source, migration_id)
    if migration is None:
        raise NoSuchMigration(migration_id)
    return migration


def told(item: ItemRecord) -> list[Notice]:
    """Read what was reported of an instance; of what has returned, only what its return lost."""
    notices = [
        Notice(process, element, sentence_of(*sentence))
        for process, element, sentence in item.report
    ]
    if item.state is not ItemState.RETURNED:
        return notices
    # earlier versions left the report of the way over there
    return [one for one in notices if one.sentence.template == LOST_ON_RETURN]


_CLOSE = (
    update(table_of(MigrationItem))
    .where(MigrationItem.migration_id == bindparam("migration"))
    .where(MigrationItem.instance_id == bindparam("instance"))
    .where(MigrationItem.state == bindparam("was"))
    .values(
        state=bindparam("now_is"),
        done_at=bindparam("at"),
        source_id=bindparam("came_from"),
        version=bindparam("now_has"),
        snapshot=bindparam("before"),
        report=bindparam("told"),
    )
)
_TURN = (
    update(table_of(Migration))
    .where(Migration.id == bindparam("migration"))
    .values(direction=bindparam("now_goes"))
)
_LEAVE = (
    update(table_of(MigrationItem))
    .where(MigrationItem.migration_id == bindparam("migration"))
    .where(MigrationItem.state == ItemState.WAITING)
    .values(state=ItemState.STAYED, done_at=bindparam("at"))
)


def _bring_over(uow: UnitOfWork, migration: MigrationRecord, item: ItemRecord) -> Transfer:
    target = queries.deployment(uow.connection, migration.target_id)
    if target is None:
        raise NoSuchDeployment
    instance = steps.lock(uow, item.instance_id)
    before, source = instance.snapshot, instance.deployment_id
    done = transfer(uow, item.instance_id, target, _wishes(migration.wishes))
    moved = done.outcome is Outcome.MOVES
    returnable = moved and not done.moved_on
    values = {
        "now_is": ItemState.MOVED if moved else ItemState.STAYED,
        "came_from": source,
        "now_has": steps.lock(uow, item.instance_id).version if moved else None,
        "before": before if returnable else None,
        "told": _reported(done.notices),
    }
    _close(uow, item, values)
    return done


def _bring_back(uow: UnitOfWork, item: ItemRecord) -> Transfer:
    done = Transfer(item.instance_id, item.business_key, item.process, Outcome.MOVES)
    try:
        done = replace(done, notices=take_back(uow, item.instance_id, _return(uow, item)))
    except (MovedOnSince, NotExecutable) as refusal:
        why = Notice(item.process, item.process, refusal.sentence)
        done = replace(done, outcome=Outcome.STAYS, notices=(why,))
    values = {
        "now_is": ItemState.RETURNED if done.outcome is Outcome.MOVES else ItemState.KEPT,
        "came_from": item.source_id,
        "now_has": None,
        "before": None,
        "told": _reported(done.notices),
    }
    _close(uow, item, values)
    return done


def _return(uow: UnitOfWork, item: ItemRecord) -> Return:
    source = queries.deployment(uow.connection, item.source_id)
    if item.snapshot is None or item.version is None or source is None:
        raise MovedOnSince(item.instance_id)
    return Return(source, item.snapshot, item.version)


def _close(uow: UnitOfWork, item: ItemRecord, values: Mapping[str, Any]) -> None:
    """Note what became of an instance, unless the migration was turned back meanwhile."""
    place = {"migration": item.migration_id, "instance": item.instance_id, "was": item.state}
    closed = uow.connection.execute(_CLOSE, {**place, **values, "at": clock.now()})
    if closed.rowcount != 1:
        raise ChangesCollided


def _reported(notices: Iterable[Notice]) -> list[Any]:
    return [
        [one.process, one.element, [one.sentence.template, facts_of(one.sentence)]]
        for one in notices
    ]


def _facts(wishes: Wishes) -> dict[str, Any]:
    elements = [[*node, element] for node, element in wishes.elements.items()]
    return {"processes": dict(wishes.processes), "elements": elements}


def _wishes(facts: Mapping[str, Any]) -> Wishes:
    elements = {(process, old): new for process, old, new in facts["elements"]}
    return Wishes(facts["processes"], elements)

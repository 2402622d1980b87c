"""What operators do to bring processes over to other diagrams: foretold, done with a reason, undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from bpmn.migration import Wishes
from bpmn.spiff.counterparts import changes
from engine import deployments, migration_queries, queries, transfers
from engine import migrations as engine_migrations
from engine.errors import NoSuchDeployment
from engine.events import Event, InstanceMigrated
from engine.migration_queries import EVERYTHING, ItemRecord, MigrationRecord, Selection
from engine.migration_table import ItemState
from engine.migrations import Plan
from engine.records import DeploymentRecord, JobRecord
from engine.unit_of_work import ReadingSession, Transactions, UnitOfWork
from workflows import access, cursors
from workflows.access import Action, Actor
from workflows.people import queries as people
from workflows.tending import acts
from workflows.tending.acts import Act, Why
from workflows.tending.migration_views import (
    ForetoldPage,
    MigratedPage,
    MigratedView,
    MigrationView,
    PlanView,
    SourceView,
)

PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which processes are to go where; to the current deployment unless its number is given."""

    target: int | None = None
    selection: Selection = EVERYTHING
    wishes: Wishes = field(default_factory=Wishes)


def plan(reading: ReadingSession, actor: Actor, wanted: Wanted) -> tuple[Plan, PlanView]:
    """Look what is meant and how the diagrams differ. Raises `NoSuchDeployment`, `WishUnknown`."""
    access.require(actor, Action.TEND_INSTANCES)
    target = _target(reading, wanted.target)
    found = migration_queries.sources_meant(reading, wanted.selection, target.id)
    sources = tuple(_source(reading, one, count, target, wanted.wishes) for one, count in found)
    return Plan(target, wanted.selection, wanted.wishes), PlanView(target.number, sources)


def foretell(
    transactions: Transactions, actor: Actor, wanted: Wanted, after: str | None = None
) -> ForetoldPage:
    """Tell for a page of instances what would happen to each; nothing is done."""
    last = cursors.read(after)[1] if after else None
    with transactions.reading() as reading:
        made, seen = plan(reading, actor, wanted)
        meant = (made.selection, made.target.id)
        ids = migration_queries.instances_meant(reading, *meant, last, PAGE + 1)
    page = ids[:PAGE]
    rows = tuple(engine_migrations.foretell(transactions, made, one) for one in page)
    more = len(ids) > PAGE
    return ForetoldPage(seen, rows, cursors.write(None, page[-1]) if more else None)


def start(uow: UnitOfWork, actor: Actor, made: Plan, why: Why) -> UUID:
    """Note down the instances that are meant, and why; the same command starts one migration."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> str:
        migration_id = engine_migrations.start(uow, made, str(actor.person_id))
        about = (str(migration_id), str(made.target.number))
        acts.record(uow, actor, Act("start_migration", None, None, None, about), why)
        return str(migration_id)

    return UUID(uow.once(why.name("start_migration", made.target.id), work))


def hand_over(uow: UnitOfWork, actor: Actor, migration_id: UUID) -> None:
    """Have the workers do what is left of a migration."""
    access.require(actor, Action.TEND_INSTANCES)
    engine_migrations.owe(uow, migration_id)


def turn_back(uow: UnitOfWork, actor: Actor, migration_id: UUID, why: Why) -> None:
    """Have every process return that has not moved on since; what has not begun stays."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> str:
        engine_migrations.turn_back(uow, migration_id)
        acts.record(uow, actor, Act("undo_migration", None, None, None, (str(migration_id),)), why)
        return ""

    uow.once(why.name("undo_migration", migration_id), work, "")


def pending(
    reading: ReadingSession, actor: Actor, migration_id: UUID, after: UUID | None = None
) -> list[UUID]:
    """List instances that are to be done next, a page of them; `after` ends the page before."""
    access.require(actor, Action.TEND_INSTANCES)
    return engine_migrations.pending(reading, migration_id, after)


def take_step(uow: UnitOfWork, job: JobRecord) -> None:
    """Do what a worker has been asked to: bring one instance over, or back."""
    migration_id, instance_id = UUID(job.payload["migration"]), UUID(job.payload["instance"])
    engine_migrations.carry_out(uow, migration_id, instance_id)


def write_down(uow: UnitOfWork, event: Event) -> None:
    """Keep in the books of a case that its process went over to other diagrams, and by which migration."""
    if not isinstance(event, InstanceMigrated):
        return
    actor = Actor(UUID(event.by), "", frozenset())
    about = (str(event.deployment),)
    act = Act("migrate_process", event.instance_id, event.business_key, None, about)
    acts.record(uow, actor, act, Why(f"{event.migration_id}"))


def list_migrations(reading: ReadingSession, actor: Actor) -> list[MigrationView]:
    """List the newest migrations with their progress."""
    access.require(actor, Action.TEND_INSTANCES)
    return _views(reading, migration_queries.migrations(reading))


def open_migration(reading: ReadingSession, actor: Actor, migration_id: UUID) -> MigrationView:
    access.require(actor, Action.TEND_INSTANCES)
    return _views(reading, [engine_migrations.found(reading, migration_id)])[0]


def list_instances(
    reading: ReadingSession,
    actor: Actor,
    migration_id: UUID,
    state: ItemState | None = None,
    after: str | None = None,
) -> MigratedPage:
    """List what became of the instances of a migration."""
    access.require(actor, Action.TEND_INSTANCES)
    last = cursors.read(after)[1] if after else None
    engine_migrations.found(reading, migration_id)
    items = migration_queries.items(reading, migration_id, state, last, PAGE + 1)
    page = items[:PAGE]
    more = len(items) > PAGE
    next_cursor = cursors.write(None, page[-1].instance_id) if more else None
    return MigratedPage(tuple(map(_migrated, page)), next_cursor)


def _target(reading: ReadingSession, number: int | None) -> DeploymentRecord:
    if number is None:
        return deployments.current(reading)
    deployment_id = migration_queries.deployment_numbered(reading, number)
    found = deployment_id and queries.deployment(reading, deployment_id)
    if not found:
        raise NoSuchDeployment
    return found


def _source(
    reading: ReadingSession,
    deployment_id: UUID,
    count: int,
    target: DeploymentRecord,
    wishes: Wishes,
) -> SourceView:
    source = queries.deployment(reading, deployment_id)
    assert source is not None
    old, new = (
        reading.library.of_deployment(reading.connection(), one.id, one.digest)
        for one in (source, target)
    )
    way = transfers.route(old, new, wishes)
    return SourceView(source.number, count, tuple(changes(old, new, way.mapped)))


def _views(reading: ReadingSession, found: Iterable[MigrationRecord]) -> list[MigrationView]:
    records = list(found)
    counts = migration_queries.progress(reading, [record.id for record in records])
    names = people.names(reading, {UUID(record.started_by) for record in records})
    return [
        MigrationView(
            id=record.id,
            target=record.target,
            direction=record.direction,
            started_at=record.started_at,
            started_by=names.get(UUID(record.started_by)),
            counts=counts[record.id],
            open=counts[record.id][engine_migrations.next_state(record)],
        )
        for record in records
    ]


def _migrated(item: ItemRecord) -> MigratedView:
    return MigratedView(
        instance_id=item.instance_id,
        case_id=item.business_key,
        process=item.process,
        source=item.source,
        state=item.state,
        done_at=item.done_at,
        notices=tuple(engine_migrations.told(item)),
    )

"""What operators do to bring processes over to other diagrams: foretold, done with a reason, undone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.migration import Change, Wishes
from bpmn.model import Definitions, NotExecutable
from bpmn.spiff.counterparts import changes, check_wishes
from bpmn.wording import Sentence
from engine import deployments, migration_queries, migration_work, transfers
from engine import migrations as engine_migrations
from engine import queries as engine_queries
from engine.errors import NoSuchDeployment
from engine.events import Event, InstanceMigrated
from engine.migration_queries import EVERYTHING, ItemRecord, MigrationRecord, Selection
from engine.migration_table import ItemState
from engine.migrations import Plan
from engine.records import DeploymentRecord
from engine.transfers import Transfer
from engine.unit_of_work import ReadingSession, Transactions, UnitOfWork
from workflows import access, cursors
from workflows.access import Action, Actor
from workflows.people import queries as people
from workflows.reading import Reading
from workflows.tending import acts, queries
from workflows.tending.acts import Act, Deed, Why
from workflows.tending.errors import NothingSuch
from workflows.tending.migration_views import (
    ForetoldPage,
    MigratedPage,
    MigratedView,
    MigrationPage,
    MigrationView,
    PlanView,
    SourceView,
)

PAGE = 100
START, RESUME, UNDO = "start_migration", "resume_migration", "undo_migration"
"""What is called so in the books; the first thing these acts are about is the migration."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which processes are to go where; to the current deployment unless its number is given."""

    target: int | None = None
    selection: Selection = EVERYTHING
    wishes: Wishes = field(default_factory=Wishes)
    seen: int | None = None
    """The deployment that was current when this was foretold; it is the same command with another."""


def plan(reading: Reading, actor: Actor, wanted: Wanted) -> tuple[Plan, PlanView]:
    """Look what is meant and how the diagrams differ. Raises `NoSuchDeployment`, `NothingSuch`, `WishUnknown`."""
    access.require(actor, Action.TEND_INSTANCES)
    session = reading.session
    for one in migration_queries.unknown(session, wanted.selection):
        raise NothingSuch(one)
    if wanted.selection.source is not None:
        _target(session, wanted.selection.source)
    target = _target(session, wanted.seen if wanted.target is None else wanted.target)
    found = migration_queries.sources_meant(session, wanted.selection, target.id)
    new = _definitions(reading, target)
    olds = [(_source(reading, source_id), count) for source_id, count in found]
    readable = [old for (_, old), _ in olds if isinstance(old, Definitions)]
    if readable:
        check_wishes(wanted.wishes, readable, new)
    sources = tuple(
        SourceView(number, count, _changes(old, new, wanted.wishes))
        if isinstance(old, Definitions)
        else SourceView(number, count, (), old)
        for (number, old), count in olds
    )
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
    told = (engine_migrations.foretell(transactions, made, one) for one in page)
    rows = tuple(row for row in told if row is not None)
    more = len(ids) > PAGE
    return ForetoldPage(seen, rows, cursors.write(None, page[-1]) if more else None)


def start(
    uow: UnitOfWork, actor: Actor, wanted: Wanted, why: Why, *, by_workers: bool = False
) -> UUID:
    """Note down the instances that are meant, and why; the same command starts one migration.

    The workers carry it out, or else whoever calls `carry_out`; so with `resume` and `turn_back`.
    Raises what `plan` raises.
    """
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> str:
        made, _ = plan(uow, actor, wanted)
        migration_id = engine_migrations.start(uow, made, str(actor.person_id))
        about = (str(migration_id), str(made.target.number))
        acts.record(uow, actor, Act(START, None, None, None, about), why)
        if by_workers:
            migration_work.owe(uow, migration_id, str(actor.person_id))
        return str(migration_id)

    wishes = wanted.wishes
    meant = (wanted.target, wanted.selection, wishes.processes, sorted(wishes.elements.items()))
    return UUID(Deed(uow, actor, why).answer(START, None, work, *meant))


def resume(
    uow: UnitOfWork, actor: Actor, migration_id: UUID, why: Why, *, by_workers: bool = False
) -> None:
    """Have done what is left of a migration; what failed is tried again."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> Act:
        engine_migrations.resume(uow.connection, migration_id)
        if by_workers:
            migration_work.owe(uow, migration_id, str(actor.person_id))
        return Act(RESUME, None, None, None, (str(migration_id),))

    Deed(uow, actor, why).once(RESUME, migration_id, work)


def turn_back(
    uow: UnitOfWork, actor: Actor, migration_id: UUID, why: Why, *, by_workers: bool = False
) -> None:
    """Have every process return that has not moved on since; what has not begun stays."""
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> Act:
        engine_migrations.turn_back(uow, migration_id)
        if by_workers:
            migration_work.owe(uow, migration_id, str(actor.person_id))
        return Act(UNDO, None, None, None, (str(migration_id),))

    Deed(uow, actor, why).once(UNDO, migration_id, work)


def carry_out(transactions: Transactions, actor: Actor, migration_id: UUID) -> Iterator[Transfer]:
    """Do what is left of a migration here and now, each instance in a transaction of its own.

    What several do at once is done once. What fails, or is held by others, is next again.
    """
    access.require(actor, Action.TEND_INSTANCES)
    brought = (
        engine_migrations.bring(transactions, migration_id, instance_id)
        for instance_id in _left(transactions, migration_id)
    )
    return (done for done in brought if done is not None)


def write_down(uow: UnitOfWork, event: Event) -> None:
    """Keep in the books of a case that its process went over or back, by whom and why."""
    if not isinstance(event, InstanceMigrated):
        return
    order, action = (UNDO, "return_process") if event.back else (START, "migrate_process")
    by, why = queries.order_of(uow.session, order, str(event.migration_id))
    about = (str(event.deployment), str(event.migration_id))
    act = Act(action, event.instance_id, event.business_key, None, about)
    acts.record(uow, Actor(by, "", frozenset()), act, Why(why))


def list_migrations(
    reading: ReadingSession, actor: Actor, after: str | None = None
) -> MigrationPage:
    """List migrations with their progress, newest first."""
    access.require(actor, Action.TEND_INSTANCES)
    last = cursors.read(after)[1] if after else None
    found = migration_queries.migrations(reading, last, PAGE + 1)
    page = found[:PAGE]
    more = len(found) > PAGE
    next_cursor = cursors.write(None, page[-1].id) if more else None
    return MigrationPage(tuple(_views(reading, page)), next_cursor)


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


def _target(session: Session, number: int | None) -> DeploymentRecord:
    if number is None:
        return deployments.current(session)
    deployment_id = migration_queries.deployment_numbered(session, number)
    found = deployment_id and engine_queries.deployment(session, deployment_id)
    if not found:
        raise NoSuchDeployment
    return found


def _definitions(reading: Reading, deployment: DeploymentRecord) -> Definitions:
    connection = reading.session.connection()
    return reading.library.of_deployment(connection, deployment.id, deployment.digest)


def _source(reading: Reading, source_id: UUID) -> tuple[int, Definitions | Sentence]:
    """Read the diagrams that instances follow now; or tell why they run no more."""
    source = engine_queries.deployment(reading.session, source_id)
    assert source is not None
    try:
        return source.number, _definitions(reading, source)
    except NotExecutable as refusal:
        return source.number, refusal.sentence


def _changes(old: Definitions, new: Definitions, wishes: Wishes) -> tuple[Change, ...]:
    return tuple(changes(old, new, transfers.route(old, new, wishes).mapped))


def _left(transactions: Transactions, migration_id: UUID) -> Iterator[UUID]:
    after = None
    while True:
        with transactions.reading() as reading:
            page = engine_migrations.pending(reading, migration_id, after)
        yield from page
        if not page:
            return
        after = page[-1]


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

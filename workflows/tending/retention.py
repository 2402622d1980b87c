"""The history of ended processes goes when its time is over, and no case loses what it needs."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import collisions, deployments, jobs, migration_queries, retention
from engine.database import new_id
from engine.errors import NoSuchDeployment
from engine.migration_queries import Selection
from engine.records import JobRecord
from engine.retention import Mark, Rules, Subject, Sweep
from engine.retention_table import ANY_DEPLOYMENT, ANY_PROCESS
from engine.unit_of_work import ReadingSession, Transactions, UnitOfWork
from workflows import access, audit
from workflows.access import Action, Actor
from workflows.cases.models import Case
from workflows.tending import acts, queries
from workflows.tending.acts import Act, Deed, Why
from workflows.tending.errors import NothingSuch

RETENTION = "retention.sweep"
"""The kind of job by which workers delete what is over."""
EVERY = timedelta(days=1)
RUN, ENDED = "run_retention", "end_retention"
"""What the books call the order to delete now, and its end."""
DELETED = "delete_history"
"""What the books of a case call it."""


class DaysUnusable(Invalid):
    def __init__(self) -> None:
        super().__init__(say("History is kept for 1 to 36,500 days."))


class SubjectMissing(Invalid):
    def __init__(self) -> None:
        super().__init__(say("Say for which process or which version of the diagrams."))


Step = Callable[[UnitOfWork, Rules, Mark | None], Sweep]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much went, or would: whole instances, and the history of those that a case needs."""

    instances: int
    histories: int


@dataclass(frozen=True, slots=True)
class RuleView:
    """How many days history is kept, None for ever; of every process or version where none is named."""

    process: str | None
    deployment: int | None
    days: int | None


def list_rules(reading: ReadingSession, actor: Actor, default: int) -> tuple[RuleView, ...]:
    """List how long history is kept: what holds without a rule, then the rules."""
    access.require(actor, Action.KEEP_RETENTION)
    kept = retention.rules(reading, default)
    every = {(ANY_PROCESS, ANY_DEPLOYMENT): kept.default, **kept.special}
    return tuple(
        RuleView(process or None, deployment or None, days)
        for (process, deployment), days in sorted(every.items())
    )


def set_rule(uow: UnitOfWork, actor: Actor, subject: Subject, days: int | None, why: Why) -> None:
    """Keep the history of a process, a deployment or both for so many days; None: for ever.

    Raises `NothingSuch` and `NoSuchDeployment`: a rule for what is mistyped would keep nothing.
    """
    access.require(actor, Action.KEEP_RETENTION)
    if days is not None and not 0 < days <= 36_500:
        raise DaysUnusable
    _require_subject(subject)

    def work() -> None:
        _require_known(uow, *subject)
        retention.set_rule(uow, subject, days, str(actor.person_id))

    _once(uow, actor, why, _act("set_retention", subject, str(days or "ever")), work)


def drop_rule(uow: UnitOfWork, actor: Actor, subject: Subject, why: Why) -> None:
    """Let what holds in general hold for a process or a deployment."""
    access.require(actor, Action.KEEP_RETENTION)
    _require_subject(subject)
    act = _act("drop_retention", subject)
    _once(uow, actor, why, act, lambda: retention.drop_rule(uow, subject))


def _once(uow: UnitOfWork, actor: Actor, why: Why, act: Act, work: Callable[[], None]) -> None:
    def kept() -> str:
        work()
        acts.record(uow, actor, act, why)
        return ""

    Deed(uow, actor, why).answer(act.action, None, kept, *act.about, known="")


def _require_subject(subject: Subject) -> None:
    if subject == (ANY_PROCESS, ANY_DEPLOYMENT):
        raise SubjectMissing


def _require_known(uow: UnitOfWork, process: str, number: int) -> None:
    if (
        number != ANY_DEPLOYMENT
        and migration_queries.deployment_numbered(uow.connection, number) is None
    ):
        raise NoSuchDeployment
    if process == ANY_PROCESS:
        return
    current = deployments.current(uow.connection)
    drawn = uow.library.of_deployment(uow.connection, current.id, current.digest)
    if process not in drawn.processes and migration_queries.unknown(
        uow.connection, Selection(process=process)
    ):
        raise NothingSuch(process)


def _act(action: str, subject: Subject, *more: str) -> Act:
    return Act(action, None, None, None, (subject[0] or "*", str(subject[1] or "*"), *more))


def foretell(transactions: Transactions, actor: Actor, default: int) -> Outcome:
    """Tell how much a run would delete now; nothing is done."""
    access.require(actor, Action.KEEP_RETENTION)

    def look(uow: UnitOfWork, kept: Rules, after: Mark | None) -> Sweep:
        return retention.look(uow, kept, needs, after)

    return _sum(_batches(transactions, default, look))


def run(transactions: Transactions, actor: Actor, default: int, why: Why) -> Outcome:
    """Delete everything that is over, in small transactions; ended early, the next run goes on.

    The books know of the run before anything goes, and afterwards how much went.
    """
    access.require(actor, Action.KEEP_RETENTION)

    def delete(uow: UnitOfWork, kept: Rules, after: Mark | None) -> Sweep:
        return _swept(uow, kept, after, actor.person_id)

    def note(act: str, *about: str) -> None:
        with transactions.begin() as uow:
            acts.record(uow, actor, Act(act, None, None, None, about), why)

    note(RUN)
    done = _sum(_batches(transactions, default, delete))
    note(ENDED, str(done.instances), str(done.histories))
    return done


def order(uow: UnitOfWork, actor: Actor, why: Why) -> UUID:
    """Have the workers do what `run` does; the same command orders one run."""
    access.require(actor, Action.KEEP_RETENTION)

    def work() -> str:
        ordered = str(new_id())
        acts.record(uow, actor, Act(RUN, None, None, None, (ordered,)), why)
        jobs.owe(uow, jobs.Debt(RETENTION, {"order": ordered, "gone": [0, 0]}))
        return ordered

    return UUID(Deed(uow, actor, why).answer(RUN, None, work))


def _batches(transactions: Transactions, default: int, step: Step) -> Iterator[Sweep]:
    after: Mark | None = None

    def batch(uow: UnitOfWork) -> Sweep:
        return step(uow, retention.rules(uow.connection, default), after)

    while True:
        found = collisions.insist(transactions, batch)
        yield found
        after = found.next
        if after is None:
            return


def _sum(batches: Iterator[Sweep]) -> Outcome:
    sizes = [(len(one.whole), len(one.history)) for one in batches]
    return Outcome(sum(whole for whole, _ in sizes), sum(history for _, history in sizes))


def begin(uow: UnitOfWork) -> None:
    """Owe the next sweep, unless it is owed already."""
    jobs.recur(uow, RETENTION, EVERY)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Deletes a batch a job, so that what else is due has its turn."""

    default: int

    def take_step(self, uow: UnitOfWork, job: JobRecord) -> None:
        if "order" in job.payload:
            self._obey(uow, job.payload)
            return
        found = self._sweep(uow, job.payload, None)
        if found.next is None:
            begin(uow)
        else:
            jobs.recur(uow, RETENTION, timedelta(), _place(found.next))

    def _obey(self, uow: UnitOfWork, given: Mapping[str, Any]) -> None:
        """Delete a batch of a run that somebody ordered; the books tell in the end how much went."""
        ordered = given["order"]
        by, reason = queries.order_of(uow.session, RUN, ordered)
        found = self._sweep(uow, given, by)
        gone = [given["gone"][0] + len(found.whole), given["gone"][1] + len(found.history)]
        if found.next is not None:
            more = {"order": ordered, "gone": gone, **_place(found.next)}
            jobs.owe(uow, jobs.Debt(RETENTION, more))
            return
        ended = Act(ENDED, None, None, None, (*map(str, gone), ordered))
        acts.record(uow, Actor(by, "", frozenset()), ended, Why(reason))

    def _sweep(self, uow: UnitOfWork, given: Mapping[str, Any], by: UUID | None) -> Sweep:
        return _swept(uow, retention.rules(uow.connection, self.default), _mark(given), by)


def _place(next_one: Mark) -> dict[str, str]:
    return {"ended_at": next_one.ended_at.isoformat(), "id": str(next_one.id)}


def _mark(payload: Mapping[str, Any]) -> Mark | None:
    if "id" not in payload:
        return None
    return Mark(datetime.fromisoformat(payload["ended_at"]), UUID(payload["id"]))


def _swept(uow: UnitOfWork, kept: Rules, after: Mark | None, by: UUID | None) -> Sweep:
    """Delete a batch and tell the books of every case that has any."""
    found = retention.sweep(uow, kept, needs, after)
    cases = {one.business_key for one in found.history if one.business_key}
    for case_id in sorted(cases):
        audit.record(uow, by, case_id, DELETED)
    return found


def needs(uow: UnitOfWork, keys: Collection[UUID]) -> Mapping[UUID, datetime | None]:
    """Tell which cases there are behind these keys, and when they were closed."""
    if not keys:
        return {}
    found = select(Case.id, Case.closed_at).where(Case.id.in_(keys))
    return {row.id: row.closed_at for row in uow.connection.execute(found)}

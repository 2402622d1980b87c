"""The history of ended processes goes when its time is over, and no case loses what it needs."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import collisions, deployments, jobs, migration_queries, retention
from engine.database import new_id
from engine.errors import NoSuchDeployment
from engine.migration_queries import Selection
from engine.queries import Source
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much went, or would: whole instances, and the history of those that a case needs."""

    instances: int
    histories: int
    complete: bool = True
    """False: it was told before all was looked at, and is at least so much."""


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

    act = _act("set_retention", subject, str(days or "ever"))

    def work() -> Act:
        _require_known(uow, *subject)
        retention.set_rule(uow, subject, days, str(actor.person_id))
        return act

    Deed(uow, actor, why).once(act.action, None, work, *act.about)


def drop_rule(uow: UnitOfWork, actor: Actor, subject: Subject, why: Why) -> None:
    """Let what holds in general hold for a process or a deployment."""
    access.require(actor, Action.KEEP_RETENTION)
    _require_subject(subject)
    act = _act("drop_retention", subject)

    def work() -> Act:
        retention.drop_rule(uow, subject)
        return act

    Deed(uow, actor, why).once(act.action, None, work, *act.about)


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


def foretell(
    transactions: Transactions, actor: Actor, default: int, batches: int | None = None
) -> Outcome:
    """Tell how much a run would delete now; nothing is done, and nobody who writes waits for it.

    Ends after so many batches: what there is may take long to look at.
    """
    access.require(actor, Action.KEEP_RETENTION)

    def look(after: Mark | None) -> Sweep:
        with transactions.reading() as reading:
            return retention.look(reading, retention.rules(reading, default), needs, after)

    return _sum(islice(_batches(look), batches))


def run(transactions: Transactions, actor: Actor, default: int, why: Why) -> Outcome:
    """Delete everything that is over, in small transactions; ended early, the next run goes on.

    The books know of the run before anything goes, and afterwards how much went.
    """
    access.require(actor, Action.KEEP_RETENTION)

    def delete(after: Mark | None) -> Sweep:
        def work(uow: UnitOfWork) -> Sweep:
            return _swept(uow, retention.rules(uow.connection, default), after, actor.person_id)

        return collisions.insist(transactions, work)

    def note(act: str, *about: str) -> None:
        with transactions.begin() as uow:
            acts.record(uow, actor, Act(act, None, None, None, about), why)

    note(RUN)
    done = _sum(_batches(delete))
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


def _batches(step: Callable[[Mark | None], Sweep]) -> Iterator[Sweep]:
    after: Mark | None = None
    while True:
        found = step(after)
        yield found
        after = found.next
        if after is None:
            return


def _sum(batches: Iterator[Sweep]) -> Outcome:
    whole, history, is_last = 0, 0, False
    for one in batches:
        whole += len(one.whole)
        history += len(one.history)
        is_last = one.next is None
    return Outcome(whole, history, complete=is_last)


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


def needs(source: Source, keys: Collection[UUID]) -> Mapping[UUID, datetime | None]:
    """Tell which cases there are behind these keys, and when they were closed."""
    if not keys:
        return {}
    found = select(Case.id, Case.closed_at).where(Case.id.in_(keys))
    return {row.id: row.closed_at for row in source.execute(found)}

"""What operators do about faults: each act with a reason, written down, and done once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bpmn.errors import Refusal
from engine import collisions, fault_queries
from engine import faults as engine_faults
from engine.errors import NoSuchFault
from engine.fault_queries import EVERY, FaultFilter
from engine.unit_of_work import ReadingSession, Transactions, UnitOfWork
from workflows import access, cursors
from workflows.access import Action, Actor
from workflows.tending import telling
from workflows.tending.acts import Act, Deed, Why
from workflows.tending.errors import TooManyAtOnce
from workflows.tending.values import routing
from workflows.tending.views import FaultPage, FaultView, Outcome

PAGE = 50
MOST_AT_ONCE = 500
NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Alike:
    """Faults that have something in common, and what is to be done about all of them."""

    action: str
    filter: FaultFilter


def list_faults(
    reading: ReadingSession, actor: Actor, wanted: FaultFilter = EVERY, after: str | None = None
) -> FaultPage:
    """List open faults, newest first, and count those that are alike."""
    access.require(actor, Action.TEND_FAULTS)
    last = cursors.read(after)[1] if after else None
    found = fault_queries.open_faults(reading, wanted, last, PAGE + 1)
    page = found[:PAGE]
    more = len(found) > PAGE
    return FaultPage(
        rows=telling.faults(reading, page),
        groups=tuple(fault_queries.groups_of(reading, wanted)),
        next_cursor=cursors.write(None, page[-1].id) if more else None,
    )


def open_fault(reading: ReadingSession, actor: Actor, fault_id: UUID) -> FaultView:
    """Read one fault, a closed one too."""
    access.require(actor, Action.TEND_FAULTS)
    found = fault_queries.fault(reading, fault_id)
    if found is None:
        raise NoSuchFault(fault_id)
    return telling.faults(reading, [found])[0]


def retry(uow: UnitOfWork, actor: Actor, fault_id: UUID, why: Why) -> None:
    """Have the failed work tried again, with all its tries."""
    access.require(actor, Action.TEND_FAULTS)

    def work() -> Act:
        fault = engine_faults.retry(uow, fault_id, str(actor.person_id))
        return Act.on_fault("retry_fault", fault)

    Deed(uow, actor, why).once("retry_fault", fault_id, work)


def skip(
    uow: UnitOfWork, actor: Actor, fault_id: UUID, why: Why, results: Mapping[str, Any] = NONE
) -> None:
    """Go on without the failed work, as if it had given these results (FEEL values)."""
    access.require(actor, Action.TEND_FAULTS)
    kept = routing(results)

    def work() -> Act:
        fault = engine_faults.skip(uow, fault_id, str(actor.person_id), kept)
        return Act.on_fault("skip_fault", fault, *kept)

    Deed(uow, actor, why).once("skip_fault", fault_id, work)


def cancel(uow: UnitOfWork, actor: Actor, fault_id: UUID, why: Why) -> None:
    """End the process that cannot go on."""
    access.require(actor, Action.TEND_FAULTS)
    access.require(actor, Action.TEND_INSTANCES)

    def work() -> Act:
        fault = engine_faults.cancel(uow, fault_id, str(actor.person_id))
        return Act.on_fault("cancel_process", fault)

    Deed(uow, actor, why).once("cancel_fault", fault_id, work)


def change_variables(
    uow: UnitOfWork, actor: Actor, fault_id: UUID, why: Why, values: Mapping[str, Any]
) -> None:
    """Set variables (FEEL values) where the failed work sees them; it is not tried by that."""
    access.require(actor, Action.TEND_FAULTS)
    kept = routing(values)

    def work() -> Act:
        fault = engine_faults.assign(uow, fault_id, kept)
        return Act.on_fault("change_variables", fault, *kept)

    Deed(uow, actor, why).once("change_variables", fault_id, work)


def each(
    transactions: Transactions,
    actor: Actor,
    fault_ids: Sequence[UUID],
    tend: Callable[[UnitOfWork, UUID], None],
) -> list[Outcome]:
    """Tend many faults, each in a transaction of its own: what is refused for one stops no other."""
    access.require(actor, Action.TEND_FAULTS)
    if len(fault_ids) > MOST_AT_ONCE:
        raise TooManyAtOnce(MOST_AT_ONCE)
    return [_one(transactions, fault_id, tend) for fault_id in dict.fromkeys(fault_ids)]


def choose(
    uow: UnitOfWork, actor: Actor, wanted: Alike, why: Why, after: UUID | None = None
) -> Sequence[UUID]:
    """Choose the oldest open faults that are meant, as many as may be tended at once.

    The same command chooses the same ones again, whatever has been raised or closed since.
    """
    access.require(actor, Action.TEND_FAULTS)

    def work() -> str:
        ids = fault_queries.open_fault_ids(uow.connection, wanted.filter, after, MOST_AT_ONCE)
        return " ".join(map(str, ids))

    chosen = Deed(uow, actor, why).answer("choose_faults", after, work, wanted)
    return [UUID(one) for one in chosen.split()]


def _one(
    transactions: Transactions, fault_id: UUID, tend: Callable[[UnitOfWork, UUID], None]
) -> Outcome:
    def once() -> None:
        with transactions.begin() as uow:
            tend(uow, fault_id)

    try:
        collisions.again(transactions, once)
    except Refusal as refusal:
        return Outcome(fault_id, refusal.sentence)
    return Outcome(fault_id, None)

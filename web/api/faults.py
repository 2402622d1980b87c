"""What stopped and waits for an operator."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from engine.fault_queries import FaultFilter
from engine.unit_of_work import UnitOfWork
from web import current
from web.api.given import values, why
from web.api.reading import ApiBlueprint
from web.api.tending_schemas import (
    FaultFilterSchema,
    FaultPageSchema,
    FaultSchema,
    ManySchema,
    OutcomesSchema,
    ReasonSchema,
    SkipSchema,
    ValuesSchema,
)
from web.permissions import signed_in
from workflows.tending import faults
from workflows.tending.acts import Why
from workflows.tending.errors import FaultsUnclear
from workflows.tending.faults import Alike
from workflows.tending.views import FaultPage, FaultView, Outcome

blueprint = ApiBlueprint("faults", __name__, description="What stopped and waits for somebody")


@blueprint.route("", methods=["GET"])
@blueprint.arguments(FaultFilterSchema, location="query")
@blueprint.response(200, FaultPageSchema)
@signed_in
def listing(wanted: dict[str, Any]) -> FaultPage:
    """List open faults, newest first, and count those that are alike."""
    after = wanted.pop("after", None)
    with current.reading() as reading:
        return faults.list_faults(reading, current.actor(), FaultFilter(**wanted), after)


@blueprint.route("/<uuid:fault_id>", methods=["GET"])
@blueprint.response(200, FaultSchema)
@signed_in
def show(fault_id: UUID) -> FaultView:
    """Read one fault."""
    with current.reading() as reading:
        return faults.open_fault(reading, current.actor(), fault_id)


@blueprint.act("/<uuid:fault_id>/retry", ReasonSchema, 204)
def retry(body: dict[str, Any], fault_id: UUID) -> None:
    """Try the failed work again."""
    with current.begin() as uow:
        faults.retry(uow, current.actor(), fault_id, why(body))


@blueprint.act("/<uuid:fault_id>/skip", SkipSchema, 204)
def skip(body: dict[str, Any], fault_id: UUID) -> None:
    """Go on without the failed work; a service task may be given results."""
    results = values(body["results"])
    with current.begin() as uow:
        faults.skip(uow, current.actor(), fault_id, why(body), results)


@blueprint.act("/<uuid:fault_id>/cancel", ReasonSchema, 204)
def cancel(body: dict[str, Any], fault_id: UUID) -> None:
    """End the process that cannot go on."""
    with current.begin() as uow:
        faults.cancel(uow, current.actor(), fault_id, why(body))


@blueprint.act("/<uuid:fault_id>/variables", ValuesSchema, 204)
def change_variables(body: dict[str, Any], fault_id: UUID) -> None:
    """Set variables where the failed work sees them; try it again afterwards."""
    given = values(body["variables"])
    with current.begin() as uow:
        faults.change_variables(uow, current.actor(), fault_id, why(body), given)


@blueprint.act("/bulk", ManySchema, 200, OutcomesSchema)
def tend_many(body: dict[str, Any]) -> dict[str, list[Outcome]]:
    """Do the same about many faults, each by itself: what is refused for one stops no other.

    At most 500 at once; send it under another key for the rest. A repetition under the same key
    means the faults that it meant at first, and does what was left undone about them.
    """
    transactions, actor = current.application().transactions, current.actor()
    tend = partial(_tend(body), actor, why(body))
    return {"outcomes": faults.each(transactions, actor, _meant(body), tend)}


def _meant(body: Mapping[str, Any]) -> Sequence[UUID]:
    if ("ids" in body) == ("alike" in body):
        raise FaultsUnclear
    if "ids" in body:
        ids: Sequence[UUID] = body["ids"]
        return ids
    wanted = Alike(body["action"], FaultFilter(**body["alike"]))
    with current.begin() as uow:
        return faults.choose(uow, current.actor(), wanted, why(body))


def _tend(body: Mapping[str, Any]) -> Callable[[Any, Why, UnitOfWork, UUID], None]:
    results = values(body["results"])
    acts: Mapping[str, Callable[[Any, Why, UnitOfWork, UUID], None]] = {
        "retry": lambda actor, why, uow, fault: faults.retry(uow, actor, fault, why),
        "skip": lambda actor, why, uow, fault: faults.skip(uow, actor, fault, why, results),
        "cancel": lambda actor, why, uow, fault: faults.cancel(uow, actor, fault, why),
    }
    return acts[body["action"]]

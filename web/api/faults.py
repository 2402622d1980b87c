"""What stopped and waits for an operator."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from engine.fault_queries import FaultFilter
from engine.unit_of_work import UnitOfWork
from web import current
from web.api.reading import ApiBlueprint, IdempotencySchema, command
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
from workflows.tending.values import read_values
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


@blueprint.route("/<uuid:fault_id>/retry", methods=["POST"])
@blueprint.arguments(ReasonSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(204)
@signed_in
def retry(body: dict[str, Any], _headers: dict[str, Any], fault_id: UUID) -> None:
    """Try the failed work again."""
    with current.begin() as uow:
        faults.retry(uow, current.actor(), fault_id, _why(body))


@blueprint.route("/<uuid:fault_id>/skip", methods=["POST"])
@blueprint.arguments(SkipSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(204)
@signed_in
def skip(body: dict[str, Any], _headers: dict[str, Any], fault_id: UUID) -> None:
    """Go on without the failed work; a service task may be given results."""
    results = _values(body["results"])
    with current.begin() as uow:
        faults.skip(uow, current.actor(), fault_id, _why(body), results)


@blueprint.route("/<uuid:fault_id>/cancel", methods=["POST"])
@blueprint.arguments(ReasonSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(204)
@signed_in
def cancel(body: dict[str, Any], _headers: dict[str, Any], fault_id: UUID) -> None:
    """End the process that cannot go on."""
    with current.begin() as uow:
        faults.cancel(uow, current.actor(), fault_id, _why(body))


@blueprint.route("/<uuid:fault_id>/variables", methods=["POST"])
@blueprint.arguments(ValuesSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(204)
@signed_in
def change_variables(body: dict[str, Any], _headers: dict[str, Any], fault_id: UUID) -> None:
    """Set variables where the failed work sees them; try it again afterwards."""
    values = _values(body["variables"])
    with current.begin() as uow:
        faults.change_variables(uow, current.actor(), fault_id, _why(body), values)


@blueprint.route("/bulk", methods=["POST"])
@blueprint.arguments(ManySchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(200, OutcomesSchema)
@signed_in
def tend_many(body: dict[str, Any], _headers: dict[str, Any]) -> dict[str, list[Outcome]]:
    """Do the same about many faults, each by itself: what is refused for one stops no other.

    At most 500 at once; send it again for the rest. A repetition repeats nothing.
    """
    tend = partial(_tend(body), current.actor(), _why(body))
    transactions = current.application().transactions
    return {"outcomes": faults.each(transactions, _meant(body), tend)}


def _meant(body: Mapping[str, Any]) -> Sequence[UUID]:
    with current.reading() as reading:
        alike = faults.alike(reading, current.actor(), FaultFilter(**body.get("alike", {})))
    ids: Sequence[UUID] = body.get("ids", alike if "alike" in body else ())
    return ids


def _tend(body: Mapping[str, Any]) -> Callable[[Any, Why, UnitOfWork, UUID], None]:
    results = _values(body["results"])
    acts: Mapping[str, Callable[[Any, Why, UnitOfWork, UUID], None]] = {
        "retry": lambda actor, why, uow, fault: faults.retry(uow, actor, fault, why),
        "skip": lambda actor, why, uow, fault: faults.skip(uow, actor, fault, why, results),
        "cancel": lambda actor, why, uow, fault: faults.cancel(uow, actor, fault, why),
    }
    return acts[body["action"]]


def _why(body: Mapping[str, Any]) -> Why:
    return Why(body["reason"], command())


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    return read_values(current.application().host, given)

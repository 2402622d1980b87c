"""Processes under way, for operators."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bpmn.moves import Entry, Move
from engine.instance_queries import InstanceFilter
from engine.modifying import Modification
from web import current
from web.api.given import values, why
from web.api.reading import ApiBlueprint, PageSchema
from web.api.statistics_schemas import HistoryPageSchema
from web.api.tending_schemas import (
    ActPageSchema,
    ForecastSchema,
    InstanceFilterSchema,
    InstancePageSchema,
    InstanceSchema,
    ModificationSchema,
    MoveSchema,
    ReasonSchema,
    ValuesSchema,
)
from web.permissions import signed_in
from workflows.tending import history as histories
from workflows.tending import instances
from workflows.tending.history import HistoryPage
from workflows.tending.views import ActPage, ForecastView, InstancePage, InstanceView

blueprint = ApiBlueprint("instances", __name__, description="Processes under way")


@blueprint.route("", methods=["GET"])
@blueprint.arguments(InstanceFilterSchema, location="query")
@blueprint.response(200, InstancePageSchema)
@signed_in
def listing(wanted: dict[str, Any]) -> InstancePage:
    """List processes, newest first."""
    after, case_id = wanted.pop("after", None), wanted.pop("case_id", None)
    meant = InstanceFilter(business_key=case_id, **wanted)
    with current.reading() as reading:
        return instances.list_instances(reading, current.actor(), meant, after)


@blueprint.route("/<uuid:instance_id>", methods=["GET"])
@blueprint.response(200, InstanceSchema)
@signed_in
def show(instance_id: UUID) -> InstanceView:
    """Read where a process stands, by element and token."""
    with current.reading() as reading:
        return instances.open_instance(reading, current.actor(), instance_id)


@blueprint.route("/<uuid:instance_id>/history", methods=["GET"])
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, HistoryPageSchema)
@signed_in
def history(page: dict[str, Any], instance_id: UUID) -> HistoryPage:
    """List where a process has been: from when to when, how that ended, by whom."""
    with current.reading() as reading:
        return histories.open_history(reading, current.actor(), instance_id, page.get("after"))


@blueprint.route("/<uuid:instance_id>/acts", methods=["GET"])
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, ActPageSchema)
@signed_in
def acts(page: dict[str, Any], instance_id: UUID) -> ActPage:
    """List what operators did to a process and its faults, and why; newest first."""
    with current.reading() as reading:
        return instances.list_acts(reading, current.actor(), instance_id, page.get("after"))


@blueprint.act("/<uuid:instance_id>/suspend", ReasonSchema, 204)
def suspend(body: dict[str, Any], instance_id: UUID) -> None:
    """Have nothing of a process move until it is resumed."""
    with current.begin() as uow:
        instances.suspend(uow, current.actor(), instance_id, why(body))


@blueprint.act("/<uuid:instance_id>/resume", ReasonSchema, 204)
def resume(body: dict[str, Any], instance_id: UUID) -> None:
    """Let a process go on; what it owes is done once, in order."""
    with current.begin() as uow:
        instances.resume(uow, current.actor(), instance_id, why(body))


@blueprint.act("/<uuid:instance_id>/cancel", ReasonSchema, 204)
def cancel(body: dict[str, Any], instance_id: UUID) -> None:
    """End a process with its open tasks, timers and faults."""
    with current.begin() as uow:
        instances.cancel(uow, current.actor(), instance_id, why(body))


@blueprint.act("/<uuid:instance_id>/variables", ValuesSchema, 204)
def change_variables(body: dict[str, Any], instance_id: UUID) -> None:
    """Set variables of a process; nothing moves by that."""
    given = values(body["variables"])
    with current.begin() as uow:
        instances.change_variables(uow, current.actor(), instance_id, why(body), given)


@blueprint.route("/<uuid:instance_id>/modification/preview", methods=["POST"])
@blueprint.arguments(MoveSchema)
@blueprint.response(200, ForecastSchema)
@signed_in
def preview(body: dict[str, Any], instance_id: UUID) -> ForecastView:
    """Tell exactly what moving a process would cancel and create; nothing is done."""
    with current.begin() as uow:
        return instances.preview(uow, current.actor(), instance_id, _modification(body))


@blueprint.act("/<uuid:instance_id>/modification", ModificationSchema, 204)
def modify(body: dict[str, Any], instance_id: UUID) -> None:
    """Move a process as the preview of this version told; refused when it has moved on."""
    wanted = _modification(body)
    with current.begin() as uow:
        instances.modify(uow, current.actor(), instance_id, wanted, why(body))


def _modification(body: Mapping[str, Any]) -> Modification:
    move = Move(tuple(body["cancel"]), tuple(Entry(**entry) for entry in body["create"]))
    unheard = frozenset((one["token"], one["signal"]) for one in body.get("unheard", ()))
    return Modification(move, values(body["variables"]), body.get("version"), unheard)

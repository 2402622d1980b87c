"""How processes go: where they stay and how long."""

from typing import Any

from web import current
from web.api.reading import ApiBlueprint
from web.api.statistics_schemas import (
    AgeingAskedSchema,
    AgeingSchema,
    CycleAskedSchema,
    CyclesSchema,
    HeatMapSchema,
    PeriodSchema,
)
from web.permissions import signed_in
from workflows import statistics
from workflows.statistics import AgeingView, Asked

blueprint = ApiBlueprint("statistics", __name__, description="How processes go")


@blueprint.route("/heat-map", methods=["GET"])
@blueprint.arguments(PeriodSchema, location="query")
@blueprint.response(200, HeatMapSchema)
@signed_in
def heat_map(asked: dict[str, Any]) -> dict[str, Any]:
    """Count for each element how often it was entered and left, and how long that took."""
    with current.reading() as reading:
        return {"items": statistics.heat_map(reading, current.actor(), Asked(**asked))}


@blueprint.route("/cycle-times", methods=["GET"])
@blueprint.arguments(CycleAskedSchema, location="query")
@blueprint.response(200, CyclesSchema)
@signed_in
def cycle_times(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell by month how long finished processes took, or their way between two elements."""
    ends = asked.pop("source"), asked.pop("target")
    with current.reading() as reading:
        found = statistics.cycle_times(reading, current.actor(), Asked(**asked), *ends)
        return {"items": found}


@blueprint.route("/ageing", methods=["GET"])
@blueprint.arguments(AgeingAskedSchema, location="query")
@blueprint.response(200, AgeingSchema)
@signed_in
def ageing(asked: dict[str, Any]) -> AgeingView:
    """Tell how long what is under way has stayed where it is, and what has stayed longest."""
    element = asked.pop("element", None)
    with current.reading() as reading:
        return statistics.ageing(reading, current.actor(), Asked(**asked), element)

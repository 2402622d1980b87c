"""Report an incident."""

from typing import Any

from web import current
from web.api.reading import ApiBlueprint, IdempotencySchema, command
from web.api.schemas import ReportedSchema
from web.permissions import signed_in
from web.reports import IncidentReportSchema
from workflows.cases.reporting import IncidentReport, ReportedCase, report_incident

blueprint = ApiBlueprint("incidents", __name__, description="Reports of conflicts")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(IncidentReportSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(201, ReportedSchema)
@signed_in
def report(report: IncidentReport, _headers: dict[str, Any]) -> ReportedCase:
    """Open a case for a report."""
    with current.begin() as uow:
        return report_incident(uow, current.actor(), report, command())

"""Report an incident."""

from web import current
from web.api.reading import ApiBlueprint, command
from web.api.schemas import ReportedSchema
from web.reports import IncidentReportSchema
from workflows.cases.reporting import IncidentReport, ReportedCase, report_incident

blueprint = ApiBlueprint("incidents", __name__, description="Reports of conflicts")


@blueprint.act("", IncidentReportSchema, 201, ReportedSchema)
def report(report: IncidentReport) -> ReportedCase:
    """Open a case for a report."""
    with current.begin() as uow:
        return report_incident(uow, current.actor(), report, command())

"""A report of an incident as it comes in: from the page or as JSON, one set of rules."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from werkzeug.datastructures import MultiDict

from web import rules
from workflows.cases.errors import ReportIncomplete
from workflows.cases.reporting import IncidentReport, PartySketch
from workflows.cases.values import Anonymity, Channel, ConflictType, Context

PARTIES_ON_THE_PAGE = 2


class PartySketchSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    name = rules.text(rules.LONGEST_LINE, load_default="")
    contacts = rules.text(rules.LONGEST_LINE, load_default="")
    language = rules.text(35, load_default="")
    oral_only = fields.Boolean(load_default=False)

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> PartySketch:
        return PartySketch(**loaded)


class IncidentReportSchema(Schema):
    """What is told when a conflict is reported."""

    conflict_type = rules.choice(ConflictType, required=True)
    quarter_id = fields.UUID(
        required=True, error_messages={**rules.ANSWERED, "invalid_uuid": rules.MISSING}
    )
    text = rules.text(rules.LONGEST_TEXT, required=True)
    channel = rules.choice(Channel, load_default=Channel.IN_PERSON)
    context = rules.choice(Context, load_default=Context.NEIGHBOURHOOD)
    anonymity = rules.choice(Anonymity, load_default=Anonymity.MEDIATION_ONLY)
    received_at = rules.LocalMoment(load_default=None, allow_none=True)
    place = rules.text(rules.LONGEST_LINE, load_default="")
    reporter = rules.text(rules.LONGEST_LINE, load_default="")
    reporter_contact = rules.text(rules.LONGEST_LINE, load_default="")
    language = rules.text(35, load_default="")
    parties = fields.List(
        fields.Nested(PartySketchSchema), load_default=list, validate=validate.Length(max=20)
    )

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> IncidentReport:
        return IncidentReport(**{**loaded, "parties": tuple(loaded["parties"])})


def from_page(sent: MultiDict[str, str]) -> IncidentReport:
    """Return the report that a page's form holds; what was left empty counts as not said."""
    said = {key: told for key, told in sent.items() if told.strip()}
    told: dict[str, Any] = {key: said[key] for key in IncidentReportSchema().fields if key in said}
    parties = (_party(said, number) for number in range(PARTIES_ON_THE_PAGE))
    told["parties"] = [party for party in parties if party]
    try:
        report: IncidentReport = IncidentReportSchema().load(told)
    except ValidationError as error:
        raise ReportIncomplete(rules.sentences(error.messages_dict)) from None
    return report


def _party(said: Mapping[str, str], number: int) -> dict[str, Any]:
    start = f"party{number}."
    return {key.removeprefix(start): told for key, told in said.items() if key.startswith(start)}

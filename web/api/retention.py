"""How long the history of ended processes is kept, for the data protection officer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.retention import Subject
from engine.retention_table import ANY_DEPLOYMENT, ANY_PROCESS
from web import current
from web.api.given import why
from web.api.reading import ApiBlueprint
from web.api.retention_schemas import (
    AmountSchema,
    RulesSchema,
    SetRuleSchema,
    SubjectSchema,
)
from web.api.schemas import CreatedSchema
from web.api.tending_schemas import ReasonSchema
from web.permissions import signed_in
from workflows.tending import retention
from workflows.tending.retention import Outcome, RuleView

BATCHES = 100
"""So many batches a preview looks at while somebody waits for the answer."""

blueprint = ApiBlueprint("retention", __name__, description="How long history is kept")


@blueprint.route("/rules", methods=["GET"])
@blueprint.response(200, RulesSchema)
@signed_in
def rules() -> dict[str, tuple[RuleView, ...]]:
    """List how long history is kept: what holds without a rule, then the rules."""
    with current.reading() as reading:
        return {"items": retention.list_rules(reading, current.actor(), _default())}


@blueprint.act("/rules", SetRuleSchema, 204)
def set_rule(body: dict[str, Any]) -> None:
    """Say how long the history of a process, of a version of the diagrams or of both is kept."""
    with current.begin() as uow:
        retention.set_rule(uow, current.actor(), _subject(body), body["days"], why(body))


@blueprint.act("/rules/unset", SubjectSchema, 204)
def unset_rule(body: dict[str, Any]) -> None:
    """Take a rule back."""
    with current.begin() as uow:
        retention.drop_rule(uow, current.actor(), _subject(body), why(body))


@blueprint.route("/preview", methods=["POST"])
@blueprint.response(200, AmountSchema)
@signed_in
def preview() -> Outcome:
    """Tell how much a run would delete now; nothing is done."""
    transactions = current.application().transactions
    return retention.foretell(transactions, current.actor(), _default(), BATCHES)


@blueprint.act("/runs", ReasonSchema, 202, CreatedSchema)
def run(body: dict[str, Any]) -> dict[str, UUID]:
    """Have the workers delete now what is over, in small transactions."""
    with current.begin() as uow:
        return {"id": retention.order(uow, current.actor(), why(body))}


def _default() -> int:
    return current.application().settings.history_days


def _subject(body: Mapping[str, Any]) -> Subject:
    return body["process"] or ANY_PROCESS, body["deployment"] or ANY_DEPLOYMENT

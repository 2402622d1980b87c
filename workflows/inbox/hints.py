"""The reasons and proposals that stand above a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from bpmn.forms import Form
from bpmn.wording import Sentence, say
from workflows.cases.labels import label
from workflows.cases.values import Route


def hints(form: Form, variables: Mapping[str, Any]) -> tuple[Sentence, ...]:
    return (*_matching(form, variables), *_proposal(form, variables))


def _matching(form: Form, variables: Mapping[str, Any]) -> Iterator[Sentence]:
    if form.field("mediator") is None or variables.get("with_language") is None:
        return
    yield say(
        "%(count)s with the language, %(free)s of them free.",
        count=variables["with_language"],
        free=variables.get("available", 0),
    )


def _proposal(form: Form, variables: Mapping[str, Any]) -> Iterator[Sentence]:
    proposal = variables.get("route_proposal")
    if form.field("route") is None or proposal not in frozenset(Route):
        return
    stage = variables.get("glasl_stage")
    reason = (
        say("stage %(stage)s and power imbalance", stage=stage)
        if variables.get("power_gap") is True
        else say("stage %(stage)s", stage=stage)
    )
    yield say(
        "Proposal: %(route)s, because of %(reason)s.", route=label(Route(proposal)), reason=reason
    )

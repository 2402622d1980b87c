"""What the service tasks of the diagrams do, by type; README.md beside this says what each promises."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from engine.handlers import ServiceCall, ServiceHandler
from engine.unit_of_work import UnitOfWork
from workflows.notices import Notices
from workflows.processes import case_work, mediation_work, triage_work

Telling = Callable[[Notices, UnitOfWork, ServiceCall], Mapping[str, Any] | None]

_SILENT: Mapping[str, ServiceHandler] = {
    "case.find_duplicates": case_work.find_duplicates,
    "case.link": case_work.link,
    "case.list_parties": mediation_work.list_parties,
    "triage.count_repeats": triage_work.count_repeats,
    "triage.record": triage_work.record,
    "mediator.suggest": mediation_work.suggest_mediators,
    "assignment.offer": mediation_work.offer,
    "appointment.invite": mediation_work.invite,
    "agreement.schedule_follow_ups": mediation_work.schedule_follow_ups,
}
_TELLING: Mapping[str, Telling] = {
    "case.lock_mediation": case_work.lock,
    "case.reroute": case_work.reroute,
    "case.notify_coordination": case_work.notify_coordination,
    "case.close": case_work.close,
    "assignment.record_answer": mediation_work.record_answer,
}


def services(notices: Notices) -> dict[str, ServiceHandler]:
    """Return every handler, those that tell people bound to the way of telling them."""
    return {**_SILENT, **{name: partial(tell, notices) for name, tell in _TELLING.items()}}

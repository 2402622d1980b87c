"""What is refused although the form would take it, and what is then not even offered."""

import pytest

from tests.workflows.agency import ASSESSED, SAFE
from workflows import inbox, people
from workflows.access import CONSOLE, Actor, Role
from workflows.cases.models import Party, PartyRelation
from workflows.cases.queries import find_case
from workflows.inbox.errors import PartiesMissing, SecondPersonNeeded
from workflows.people import NewPerson

STAGE_SIX = ASSESSED | {"glasl_stage": 6, "glasl_observations": [5, 6]}
TALKS = {"clarification", "clarification_with_institution", "shuttle", "mediation"}


@pytest.fixture
def case_id(agency):
    return agency.report().case_id


@pytest.fixture
def olga(agency):
    """Quarter management and coordination in one person."""
    roles = frozenset({Role.QUARTER_MANAGEMENT, Role.COORDINATION})
    new = NewPerson("olga@example.org", "Olga", agency.city, roles, frozenset({agency.north}))
    with agency.transactions.begin() as uow:
        person = people.add_person(uow, CONSOLE, new, "correct horse battery")
    return Actor(person, "Olga", roles, frozenset({agency.north}))


def to_route(agency, case_id, assessed=ASSESSED):
    agency.do(agency.vera, case_id, "report_review", agency.review())
    agency.do(agency.vera, case_id, "triage_safety", SAFE)
    agency.do(agency.vera, case_id, "triage_assessment", assessed)


def choose_mediation(agency, case_id, by):
    to_route(agency, case_id, STAGE_SIX)
    reason = {"route": "mediation", "note.route_reason": "Beide bitten darum."}
    agency.do(by, case_id, "triage_route", reason)


def test_nobody_approves_the_route_they_chose(agency, case_id, olga):
    choose_mediation(agency, case_id, olga)

    with pytest.raises(SecondPersonNeeded):
        agency.do(olga, case_id, "mediation_approval", {"approval": "approved"})
    approval = agency.task(case_id, "mediation_approval")
    with agency.transactions.begin() as uow, pytest.raises(SecondPersonNeeded):
        inbox.claim(uow, olga, approval.id)

    agency.do(agency.katrin, case_id, "mediation_approval", {"approval": "approved"})
    assert agency.task(case_id, "assign_mediator")


def test_who_did_not_choose_the_route_may_approve_it(agency, case_id, olga):
    choose_mediation(agency, case_id, agency.vera)

    agency.do(olga, case_id, "mediation_approval", {"approval": "approved"})

    assert agency.task(case_id, "assign_mediator")


def offered(agency, actor, case_id, form, field):
    task = agency.task(case_id, form)
    with agency.transactions.begin() as uow:
        opened = inbox.open_task(uow, actor, task.id)
    return {option.value for option in opened.form.field(field).options}


def test_talks_are_offered_as_long_as_mediation_is_open(agency, case_id):
    to_route(agency, case_id)

    assert offered(agency, agency.vera, case_id, "triage_route", "route") >= TALKS


def test_talks_are_not_offered_while_mediation_is_locked(agency, case_id):
    to_route(agency, case_id)
    with agency.transactions.begin() as uow:
        find_case(uow.session, case_id).mediation_locked = True

    routes = offered(agency, agency.vera, case_id, "triage_route", "route")

    assert "observe" in routes
    assert not routes & TALKS


def test_without_parties_nobody_is_contacted_and_the_sentence_says_what_to_do(agency, case_id):
    agency.triage(case_id)
    agency.assign(case_id)
    with agency.transactions.begin() as uow:
        uow.session.query(PartyRelation).delete()
        uow.session.query(Party).delete()

    with pytest.raises(PartiesMissing, match="add them in the case file"):
        agency.do(agency.elena, case_id, "first_contact_a", {"reached": "no"})

    assert agency.task(case_id, "first_contact_a")

"""What the service tasks leave in the case file, with the shipped diagrams."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import instances, queries
from tests.workflows.agency import ASSESSED, SAFE, Agency
from workflows.cases.operations import relate_parties
from workflows.cases.records import Gap, Note
from workflows.cases.values import CaseState, GapArea, Outcome, RelationKind
from workflows.cases.views import Relation
from workflows.inbox import Shelf, open_task
from workflows.people import directory
from workflows.processes import catalog


def opened(agency: Agency, actor, task):
    with agency.transactions.begin() as uow:
        return open_task(uow, actor, task.id)


def test_a_second_report_on_the_same_matter_is_offered_for_linking(agency):
    first = agency.report()
    second = agency.report()

    desk = opened(agency, agency.vera, agency.task(second.case_id, "report_review"))

    assert list(desk.choices["cases"]) == [str(first.case_id)]


def test_linking_moves_the_report_and_closes_the_duplicate(agency):
    first = agency.report()
    second = agency.report(text="Schon wieder laut.")

    answers = agency.review(link_to=str(first.case_id))
    for key in ("context", "quarter", "jurisdiction"):
        del answers[key]
    agency.do(agency.vera, second.case_id, "report_review", answers)

    closed = agency.case(second.case_id)
    assert (closed.state, closed.outcome) == (CaseState.CLOSED, Outcome.DUPLICATE)
    texts = {each.text for each in agency.file(agency.vera, first.case_id).incidents}
    assert texts == {"Es ist nachts zu laut.", "Schon wieder laut."}
    assert agency.file(agency.vera, second.case_id).shell.linked_to == (
        first.case_id,
        first.number,
    )


@pytest.mark.parametrize("way", ["reroute", "link"])
def test_a_service_works_on_the_case_of_its_process_whatever_its_variables_say(agency, way):
    mine, other, third = (agency.report().case_id for _ in range(3))
    with agency.transactions.begin() as uow:
        (instance,) = queries.instances_of(uow.connection, mine)
        instances.assign(uow, instance.id, {"case_id": str(other)})

    answers = agency.review(jurisdiction="other_quarter", quarter=str(agency.south))
    if way == "link":
        answers = {"incident.summary": "Dasselbe.", "link_to": str(third)}
    agency.do(agency.vera, mine, "report_review", answers)

    touched = {"reroute": agency.case(mine).quarter_id, "link": agency.case(mine).linked_to}
    assert touched[way] == {"reroute": agency.south, "link": third}[way]
    assert (agency.case(other).quarter_id, agency.case(other).linked_to) == (agency.north, None)


def test_a_rerouted_case_belongs_to_the_other_quarter_management(agency):
    case_id = agency.report().case_id

    agency.do(
        agency.vera,
        case_id,
        "report_review",
        agency.review(jurisdiction="other_quarter", quarter=str(agency.south)),
    )

    assert [row.name for row in agency.tasks(agency.jonas, Shelf.GROUP).rows] == ["Meldung prüfen"]
    assert agency.tasks(agency.vera, Shelf.GROUP).rows == ()
    assert agency.post.to("jonas")


@pytest.mark.parametrize(("place", "repeats"), [("musterweg  3", 3), ("Anderer Weg 1", 0), ("", 0)])
def test_repeats_are_earlier_cases_at_the_same_place(agency, afternoon, place, repeats):
    for _ in range(3):
        agency.report(place="Musterweg 3")
        afternoon.shift(timedelta(hours=1))
    case_id = agency.report(place=place).case_id

    agency.do(agency.vera, case_id, "report_review", agency.review())
    agency.do(agency.vera, case_id, "triage_safety", SAFE)
    agency.do(agency.vera, case_id, "triage_assessment", ASSESSED)

    desk = opened(agency, agency.vera, agency.task(case_id, "triage_route"))
    proposal = "escalation" if repeats >= 3 else "clarification"
    assert desk.values["route_proposal"] == proposal


def test_a_mediator_related_to_a_party_is_not_proposed(agency):
    case_id = agency.report().case_id
    mira = agency.party_ids(case_id)[0]
    relation = Relation(mira, RelationKind.RELATED, person_id=agency.elena.person_id)
    with agency.transactions.begin() as uow:
        relate_parties(uow, agency.vera, case_id, relation)

    agency.triage(case_id)

    assert agency.task(case_id, "language_solution")


def test_a_gap_seen_while_looking_for_a_language_is_reported(agency):
    case_id = agency.report(
        parties=(),
    ).case_id
    agency.triage(case_id, assessed={"party.a_languages": ["so"]})

    agency.do(
        agency.vera,
        case_id,
        "language_solution",
        {"language_solution": "phone_interpreter", "gap.title": "Niemand mit Somali"},
    )

    with agency.transactions.begin() as uow:
        gap = uow.session.query(Gap).one()
        assert (gap.area, gap.case_id) == (GapArea.LANGUAGE, case_id)
        assert b"Somali" not in gap.details


def test_triage_gives_a_case_two_sides_with_their_languages(agency):
    case_id = agency.report(parties=()).case_id

    agency.triage(case_id, assessed={"party.b_languages": []})

    parties = agency.file(agency.vera, case_id).parties
    assert [[skill.tag for skill in party.languages] for party in parties] == [["bg"], []]
    assert [party.oral_only for party in parties] == [True, False]


def test_a_way_other_than_the_proposed_one_leaves_its_reason_as_a_note(agency):
    case_id = agency.report().case_id

    agency.triage(case_id, route="shuttle", **{"note.route_reason": "Beide wollen es so."})

    with agency.transactions.begin() as uow:
        assert uow.session.query(Note).count() == 1


def test_every_shipped_service_task_has_a_handler(agency):
    definitions = agency.transactions.library.read(catalog.shipped_bundle())

    assert set(agency.handlers.services) <= definitions.host.handlers


def test_a_referred_case_is_closed_and_forgotten_early(agency):
    case_id = agency.report().case_id
    with agency.transactions.begin() as uow:
        organisation = str(directory.organisations(uow.session)[0].id)
    agency.do(agency.vera, case_id, "report_review", agency.review(jurisdiction="outside"))
    agency.do(
        agency.vera,
        case_id,
        "referral",
        {"referral.organisation": organisation, "referral.informed_by": "phone"},
    )
    agency.do(agency.vera, case_id, "closing", {"outcome": "referred", "gap_seen": "false"})

    case = agency.case(case_id)
    assert case.outcome is Outcome.REFERRED
    assert case.delete_after - datetime.now(UTC).date() == timedelta(days=92)

"""From the report to the closed case, by the shipped diagrams."""

from datetime import UTC, datetime

import pytest

from tests.workflows.agency import day
from workflows.cases.records import Assignment
from workflows.cases.values import AssignmentState, CaseState, DeadlineState, Outcome, Route
from workflows.cases.views import EntryKind


@pytest.fixture
def case_id(agency):
    return agency.report().case_id


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def contact(agency, case_id, party, **more):
    return {
        "reached": "yes",
        "contact.party": str(agency.party_ids(case_id)[party]),
        "contact.at": "2027-05-04T14:00",
        "contact.channel": "phone",
        "contact.language": "de",
        "contact.safe_channel": "phone",
    } | more


def test_triage_writes_its_result_into_the_shell(agency, case_id):
    agency.triage(case_id)

    case = agency.case(case_id)
    assert (case.state, case.route, case.glasl_start) == (CaseState.TRIAGED, Route.CLARIFICATION, 3)
    first_contact = next(d for d in agency.file(agency.vera, case_id).deadlines if not d.task_id)
    assert first_contact.due_at == at("2027-05-07T23:59+02:00")


def test_whoever_accepts_enters_the_confidential_room(agency, case_id):
    agency.triage(case_id)
    before = agency.file(agency.vera, case_id)
    agency.assign(case_id)

    file = agency.file(agency.elena, case_id)

    assert file.room_open
    assert [party.name for party in file.parties] == ["Mira Musterova", "Otto Beispiel"]
    assert not before.room_open
    assert agency.case(case_id).state is CaseState.ASSIGNED


def test_nobody_learns_why_somebody_declined(agency, case_id):
    agency.triage(case_id)
    agency.do(agency.vera, case_id, "assign_mediator", {"mediator": str(agency.elena.person_id)})
    agency.do(agency.elena, case_id, "assignment_offer", {"assignment_answer": "recused"})

    file = agency.file(agency.vera, case_id)

    assert [(each.person, each.state) for each in file.assignments] == [("Elena", None)]
    with agency.transactions.begin() as uow:
        stored = uow.session.query(Assignment).one()
        assert (stored.state, stored.details) == (AssignmentState.RECUSED, None)
    assert agency.task(case_id, "language_solution").name == "Sprachlösung"


def talk(agency, case_id, afternoon):
    """Bring a case to the end of the first talk between its parties."""
    agency.triage(case_id)
    agency.assign(case_id)
    agency.do(
        agency.elena, case_id, "first_contact_a", contact(agency, case_id, 0, contact_b="true")
    )
    agency.do(
        agency.elena,
        case_id,
        "first_contact_b",
        contact(agency, case_id, 1) | {"contact.info_art14": "oral"},
    )
    for _ in range(2):
        agency.do(
            agency.elena,
            case_id,
            "pre_talk",
            {"informed": "true", "participation": "yes", "shuttle_ok": "true"},
        )
    agency.do(
        agency.elena,
        case_id,
        "appointment",
        {
            "appointment_at": "2027-06-01T16:00",
            "meeting_format": "joint",
            "appointment.place": str(agency.place),
            "appointment.exposes": "false",
            "appointment.takes_sides": "false",
            "appointment.rewards": "false",
            "appointment.read_by_others": "false",
        },
    )
    agency.do(
        agency.elena,
        case_id,
        "call_party",
        {"contact.at": "2027-05-04T14:30", "contact.reached": "yes"},
    )
    afternoon.move_to(at("2027-06-01T17:30+02:00"))
    agency.work()
    agency.do(agency.elena, case_id, "session", {"held": "yes", "result": "agreement"})


def test_a_case_goes_from_report_to_closed(agency, case_id, afternoon):
    talk(agency, case_id, afternoon)
    mira, otto = map(str, agency.party_ids(case_id))
    agency.do(
        agency.elena,
        case_id,
        "agreement",
        {
            "agreed_on": "2027-06-01",
            "agreement.commitments": [{"who": otto, "what": "Ruhe ab 22 Uhr", "due": "2027-07-01"}],
            "agreement.confirmations": [
                {"party": mira, "form": "oral"},
                {"party": otto, "form": "signed"},
            ],
            "agreement.languages": ["bg", "de"],
        },
    )

    first = next(each for each in agency.file(agency.elena, case_id).deadlines if not each.task_id)
    assert first.state is DeadlineState.MET
    planned = [each.due_on for each in agency.file(agency.elena, case_id).follow_ups]
    assert planned == [day("2027-07-13"), day("2027-09-01")]

    for due in ("2027-07-13T08:30+02:00", "2027-09-01T08:30+02:00"):
        afternoon.move_to(at(due))
        agency.work()
        agency.do(
            agency.elena,
            case_id,
            "follow_up",
            {
                "holds": "yes",
                "new_incident": "false",
                "agreement.follow_ups": [{"party": mira, "holds": "yes", "satisfaction": 5}],
            },
        )
    agency.do(
        agency.vera,
        case_id,
        "closing",
        {"outcome": "resolved", "glasl_end": "1", "gap_seen": "false"},
    )

    file = agency.file(agency.elena, case_id)
    assert file.shell.state is CaseState.CLOSED
    assert (file.shell.outcome, file.shell.glasl_end) == (Outcome.RESOLVED, 1)
    assert file.tasks == ()
    kinds = {entry.kind for entry in file.timeline}
    assert {EntryKind.INCIDENT, EntryKind.CONTACT, EntryKind.AGREEMENT, EntryKind.TASK} <= kinds
    assert [answer[2] for each in file.follow_ups for answer in each.answers] == [5, 5]

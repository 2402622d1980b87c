from datetime import timedelta

import pytest

from engine import clock
from tests.workflows.agency import SAFE
from workflows import inbox
from workflows.access import NoSuchThing, NotAllowed
from workflows.cases.casefile import list_cases
from workflows.cases.errors import CaseUnknown, ContactUnfit, MediationLocked
from workflows.cases.operations import (
    add_note,
    arrange_appointment,
    log_contact,
    withdraw,
)
from workflows.cases.values import AppointmentState, CaseState, ContactChannel, Reached, RiskKind
from workflows.cases.views import ContactMade
from workflows.safety import leave_for_safety


@pytest.fixture
def case_id(agency):
    case_id = agency.report().case_id
    agency.triage(case_id)
    agency.assign(case_id)
    return case_id


@pytest.fixture
def do(agency):
    def do(deed, *arguments, **named):
        with agency.transactions.begin() as uow:
            done = deed(uow, *arguments, **named)
        agency.work()
        return done

    return do


def soon():
    return clock.now() + timedelta(days=7)


def test_the_safety_button_locks_hides_cancels_and_calls_the_coordination(agency, case_id, do):
    do(arrange_appointment, agency.elena, case_id, soon(), "Treff")
    agency.post.clear()

    do(leave_for_safety, agency.elena, case_id, "abc", agency.notices)

    case = agency.case(case_id)
    assert (case.state, case.mediation_locked) == (CaseState.PROTECTION, True)
    assert [task.form for task in agency.open_tasks(case_id)] == ["takeover"]
    file = agency.file(agency.elena, case_id)
    assert [each.state for each in file.appointments] == [AppointmentState.CANCELLED]
    assert agency.post.to("katrin").count("Handschlag: Bitte sofort ansehen (KKM-2027-00001)") == 1
    assert not agency.post.to("vera")


def test_of_a_case_under_protection_others_learn_number_and_state_alone(agency, case_id, do):
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)

    file = agency.file(agency.vera, case_id)
    row = do(list_cases, agency.vera).rows[0]

    assert (file.shell.state, file.shell.conflict_type) == (CaseState.PROTECTION, None)
    assert (file.parties, file.timeline, file.may) == ((), (), frozenset())
    assert (row.state, row.conflict_type, row.quarter) == (CaseState.PROTECTION, None, "")
    with pytest.raises(CaseUnknown):
        agency.file(agency.jonas, case_id)


def test_no_mediation_is_planned_while_the_lock_holds(agency, case_id, do):
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)

    with pytest.raises(MediationLocked):
        do(arrange_appointment, agency.elena, case_id, soon(), "Treff")


def test_pressing_safety_twice_is_pressing_it_once(agency, case_id, do):
    for _ in range(2):
        do(leave_for_safety, agency.elena, case_id, None, agency.notices)

    assert len(agency.open_tasks(case_id)) == 1


def test_the_coordination_is_called_wherever_the_process_stands(agency, do):
    case_id = agency.report().case_id
    agency.post.clear()

    do(leave_for_safety, agency.vera, case_id, None, agency.notices)

    assert len(agency.post.to("katrin")) == 1
    agency.do(agency.vera, case_id, "report_review", agency.review())
    assert [task.form for task in agency.open_tasks(case_id)] == ["takeover"]


def test_a_threat_found_in_triage_goes_to_the_coordination(agency, do):
    case_id = agency.report().case_id
    agency.do(agency.vera, case_id, "report_review", agency.review())
    agency.do(agency.vera, case_id, "triage_safety", SAFE | {"specific_threat": True})

    file = agency.file(agency.vera, case_id)

    assert [task.form for task in agency.open_tasks(case_id)] == ["takeover"]
    assert file.shell.mediation_locked
    assert file.shell.risks == (RiskKind.SPECIFIC_THREAT,)


def test_whoever_takes_a_case_over_may_read_it_whole(agency, case_id, do):
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)
    assert not agency.file(agency.katrin, case_id).room_open

    do(inbox.claim, agency.katrin, agency.task(case_id, "takeover").id)

    assert agency.file(agency.katrin, case_id).room_open


def test_whoever_gives_a_takeover_back_reads_it_no_longer(agency, case_id, do):
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)
    takeover = agency.task(case_id, "takeover").id
    do(inbox.claim, agency.katrin, takeover)

    do(inbox.release, agency.katrin, takeover)

    assert not agency.file(agency.katrin, case_id).room_open


def test_the_type_of_a_protected_case_is_not_found_by_asking_for_it(agency, case_id, do):
    kind = agency.case(case_id).conflict_type
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)

    assert do(list_cases, agency.vera, conflict_type=kind).rows == ()
    assert do(list_cases, agency.katrin, conflict_type=kind).rows


def test_under_protection_the_coordination_closes_the_case(agency, case_id, do):
    do(leave_for_safety, agency.elena, case_id, None, agency.notices)
    ended = {"next_step": "close", "outcome": "safety_exit", "note.coordination": "Polizei war da."}
    agency.do(agency.katrin, case_id, "takeover", ended)
    closing = {"outcome": "safety_exit", "gap_seen": False}
    agency.do(agency.katrin, case_id, "closing", closing)

    assert agency.case(case_id).state is CaseState.CLOSED


def test_a_withdrawal_asks_the_quarter_management_what_remains(agency, case_id, do):
    do(withdraw, agency.vera, case_id, "abc")

    assert [task.form for task in agency.open_tasks(case_id)] == ["withdrawal"]


def test_a_private_note_is_for_its_author_alone(agency, case_id, do):
    do(add_note, agency.elena, case_id, "Nur für mich", private=True)
    do(add_note, agency.vera, case_id, "Für alle im Raum", private=False)

    def notes(reader):
        told = agency.file(reader, case_id).timeline
        return {str(text) for entry in told if entry.kind == "note" for _, text in entry.detail}

    assert notes(agency.elena) == {"Nur für mich", "Für alle im Raum"}
    assert notes(agency.vera) == {"Für alle im Raum"}


def test_a_contact_of_tomorrow_is_refused_at_its_field(agency, case_id, do):
    tomorrow = ContactMade(clock.now() + timedelta(days=1), ContactChannel.PHONE, Reached.YES)

    with pytest.raises(ContactUnfit) as refused:
        do(log_contact, agency.elena, case_id, tomorrow)

    assert set(refused.value.fields) == {"at"}


def test_the_page_speaks_up_when_one_side_is_heard_much_less(agency, case_id, do):
    mira = agency.party_ids(case_id)[0]
    for _ in range(4):
        made = ContactMade(clock.now(), ContactChannel.PHONE, Reached.YES, mira)
        do(log_contact, agency.elena, case_id, made)

    balance = agency.file(agency.elena, case_id).balance

    assert [count for _, count in balance.counts] == [4, 0]
    assert balance.nudge is not None


def test_where_a_case_stands_is_said_in_words_and_marked_in_the_picture(agency, case_id):
    file = agency.file(agency.elena, case_id)

    assert [place.name for place in file.here] == ["Erstkontakt A"]
    assert str(file.here[0].waits_for) == "waits for Elena"
    assert file.diagrams[0].file == "neighbourhood_conflict.bpmn"
    assert file.here[0].element in file.diagrams[0].current


def test_people_without_a_right_are_refused(agency, case_id, do):
    with pytest.raises(NoSuchThing):
        do(add_note, agency.jonas, case_id, "x", private=False)
    with pytest.raises(NotAllowed):
        do(arrange_appointment, agency.vera, case_id, soon(), "Treff")

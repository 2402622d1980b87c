"""Scenario 3: nobody wants to talk."""

import pytest

from tests.acceptance import steps
from tests.office import ELENA, VERA
from workflows.cases.values import CaseState, Outcome

PARTIES = (("Anna Ahorn", "de", False), ("Bora Birke", "tr", False))


@pytest.fixture
def refused(office_at):
    with office_at("2027-05-04 10:00") as office:
        vera, elena = office.person(VERA), office.person(ELENA)
        case = office.report(by=VERA, parties=PARTIES)
        steps.triage(office, case, vera, languages=("de", "tr"))
        vera.does(case, "Weg bestätigen", route="clarification")
        steps.assign(case, vera, elena)
        steps.first_contacts(office, case, elena, languages=("de", "tr"))
        steps.pre_talks(case, elena, "no", "no")
        yield office, case


def test_when_both_refuse_the_case_closes_without_pressure(refused):
    office, case = refused

    office.person(VERA).does(
        case, "Abschluss", outcome="no_willingness", glasl_end=3, gap_seen=False
    )

    shell = office.shell(case)
    assert (shell.state, shell.outcome) == (CaseState.CLOSED, Outcome.NO_WILLINGNESS)
    assert office.open_tasks(case) == {}


def test_no_reminder_is_left_behind(refused):
    office, case = refused
    office.person(VERA).does(
        case, "Abschluss", outcome="no_willingness", glasl_end=3, gap_seen=False
    )
    before = len(office.letters())

    office.wait(days=120)

    assert len(office.letters()) == before
    assert office.faults() == []

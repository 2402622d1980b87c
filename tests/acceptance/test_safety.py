"""Somebody presses Safety: the case is the coordination's from then on."""

import pytest

from tests.acceptance import steps
from tests.office import ELENA, KATRIN, VERA
from workflows.cases.values import CaseState, Outcome
from workflows.safety import leave_for_safety

PARTIES = (("Anna Ahorn", "de", False), ("Bora Birke", "tr", False))


@pytest.fixture
def office(office_at):
    with office_at("2027-05-04 10:00") as office:
        yield office


@pytest.fixture
def case(office):
    """Elena works on it, and presses the button."""
    vera, elena = office.person(VERA), office.person(ELENA)
    case = office.report(by=VERA, parties=PARTIES)
    steps.triage(office, case, vera, languages=("de", "tr"))
    vera.does(case, "Weg bestätigen", route="clarification")
    steps.assign(case, vera, elena)
    with office.looking() as uow:
        presser = office.actor(uow.session, ELENA)
        leave_for_safety(uow, presser, case.id, None, office.app.notices)
    office.worker.run_due()
    return case


def test_mediation_stops_and_the_coordination_takes_over(office, case):
    assert list(office.open_tasks(case)) == ["Übernahme durch die KIM-Koordination"]
    assert office.shell(case).mediation_locked


def test_a_case_closed_for_safety_stays_hidden(office, case):
    katrin = office.person(KATRIN)
    katrin.does(
        case,
        "Übernahme durch die KIM-Koordination",
        next_step="close",
        outcome="safety_exit",
        note__coordination="An die Fachstelle übergeben.",
    )
    katrin.does(case, "Abschluss", outcome="safety_exit", gap_seen=False)

    shell = office.shell(case)
    assert (shell.state, shell.outcome) == (CaseState.CLOSED, Outcome.SAFETY_EXIT)
    assert office.person(VERA).file(case).shell.conflict_type is None
    assert office.person(VERA).file(case).parties == ()

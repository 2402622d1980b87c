"""Scenario 1: a quarrel about noise, from the counter to the closed case."""

from datetime import date, datetime

import pytest

from tests.acceptance import steps
from tests.office import ELENA, KATRIN, VERA
from workflows.calendar import ZONE
from workflows.cases.values import CaseState, Outcome, Route
from workflows.inbox.views import Shelf

MIRA = ("Mira Musterova", "bg", True)
OTTO = ("Otto Beispiel", "de", False)


def wall(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def office(office_at):
    with office_at("2027-05-04 15:30") as office:
        yield office


def triaged(office, vera):
    case = office.report(by=VERA, parties=(MIRA, OTTO))
    steps.triage(office, case, vera)
    vera.does(case, "Weg bestätigen", route="clarification")
    return case


def talk(office, case, elena):
    """Bring a case from the first contacts to a session with an agreement."""
    steps.first_contacts(office, case, elena)
    steps.pre_talks(case, elena, "yes", "yes")
    elena.does(
        case,
        "Termin",
        appointment_at="2027-06-01T16:00",
        meeting_format="joint",
        appointment__place=office.places()["Nachbarschaftstreff Nordwinkel"],
        **steps.HARMLESS,
    )
    assert list(office.open_tasks(case)) == ["Anrufen"], "Mira gets a call, never a letter"
    elena.does(case, "Anrufen", contact__at="2027-05-04T15:20", contact__reached="yes")
    office.until("2027-06-01 16:59")
    assert "Sitzung" not in office.open_tasks(case)
    office.until("2027-06-01 17:00")
    elena.does(case, "Sitzung", held="yes", result="agreement")


def agree(case, elena):
    mira, otto = (str(party.id) for party in elena.file(case).parties)
    elena.does(
        case,
        "Vereinbarung",
        agreed_on="2027-06-01",
        **{
            "agreement.commitments": [
                {"who": otto, "what": "Ruhe ab 22 Uhr", "due": "2027-07-01"},
                {"who": mira, "what": "Erst klingeln, dann klopfen", "due": "2027-07-01"},
            ],
            "agreement.confirmations": [
                {"party": mira, "form": "oral"},
                {"party": otto, "form": "signed"},
            ],
            "agreement.languages": ["bg", "de"],
        },
    )
    return mira


def follow_up(case, elena, party):
    answer = {"party": party, "holds": "yes", "satisfaction": 5}
    told = {"agreement.follow_ups": [answer]}
    elena.does(case, "Nachsorge", holds="yes", new_incident=False, **told)


def test_a_quarrel_about_noise_is_settled(office):
    vera, elena = office.person(VERA), office.person(ELENA)
    case = triaged(office, vera)
    shell = office.shell(case)
    assert (shell.route, shell.state) == (Route.CLARIFICATION, CaseState.TRIAGED)
    deadlines = {d.name: d.due_at for d in vera.file(case).deadlines}
    assert wall("2027-05-07 23:59") in deadlines.values(), "06.05. is Ascension Day"

    steps.assign(case, vera, elena)
    assert elena.tasks(Shelf.MINE) == ["Erstkontakt A"]
    talk(office, case, elena)
    mira = agree(case, elena)
    planned = [each.due_on for each in elena.file(case).follow_ups]
    assert planned == [date(2027, 7, 13), date(2027, 9, 1)]
    for day in ("2027-07-13 10:00", "2027-09-01 10:00"):
        office.until(day)
        follow_up(case, elena, mira)
    vera.does(case, "Abschluss", outcome="resolved", glasl_end=1, gap_seen=False)

    shell = office.shell(case)
    assert (shell.state, shell.outcome) == (CaseState.CLOSED, Outcome.RESOLVED)
    assert (shell.glasl_start, shell.glasl_end) == (3, 1)
    assert office.open_tasks(case) == {}
    assert office.faults() == []


def test_no_mail_ever_tells_what_a_case_is_about(office):
    vera, elena = office.person(VERA), office.person(ELENA)
    case = office.report(by=VERA, parties=(MIRA, OTTO), text="Wummern aus der Wohnung.")
    steps.triage(office, case, vera)
    vera.does(case, "Weg bestätigen", route="clarification")
    steps.assign(case, vera, elena)

    office.until("2027-05-20 12:00")

    letters = office.letters()
    assert letters, "reminders were sent"
    told = " ".join(f"{letter.subject} {letter.text}" for letter in letters)
    assert case.number in told
    for secret in ("Mira", "Musterova", "Otto", "Beispiel", "Lärm", "Musik", "Wummern"):
        assert secret not in told
    assert all("musterova" not in letter.to for letter in letters)


def test_the_coordination_reads_the_shell_but_not_the_room(office):
    vera, elena = office.person(VERA), office.person(ELENA)
    case = triaged(office, vera)
    steps.assign(case, vera, elena)

    file = office.person(KATRIN).file(case)

    assert not file.room_open
    assert {party.name for party in file.parties} == {None}


def test_whoever_sums_up_a_report_reads_it_beside_the_form(office):
    case = office.report(by=VERA, parties=(MIRA, OTTO), text="Wummern aus der Wohnung.")

    opened = office.person(VERA).opens(case, "Meldung prüfen")

    assert opened.reported == ("Wummern aus der Wohnung.",)

import pytest
from sqlalchemy import text

from engine.commands import Command
from engine.models import Instance
from tests.workflows.agency import day
from workflows.cases.errors import ReportIncomplete
from workflows.cases.values import CaseState
from workflows.inbox import Shelf


def test_a_report_opens_a_case_with_a_number_of_its_year_and_starts_its_process(agency):
    first = agency.report()
    second = agency.report()

    assert (first.number, second.number) == ("KKM-2027-00001", "KKM-2027-00002")
    assert agency.case(first.case_id).state is CaseState.REPORTED
    assert [task.form for task in agency.open_tasks(first.case_id)] == ["report_review"]


def test_a_report_sent_twice_is_one_case(agency):
    first = agency.report(command="abc")
    again = agency.report(command="abc")

    assert first == again
    with agency.transactions.begin() as uow:
        assert uow.session.query(Instance).count() == 1
        assert uow.session.query(Command).count() == 1


def test_what_was_reported_is_sealed_in_the_database(agency):
    reported = agency.report(text="Der Hund heißt Rex.", reporter="Rita Muster")

    with agency.transactions.begin() as uow:
        rows = uow.session.execute(text("SELECT details FROM incident")).scalars().all()
        rows += uow.session.execute(text("SELECT details FROM party")).scalars().all()
    assert not any(word in bytes(row) for row in rows for word in (b"Rex", b"Rita", b"Mira"))
    assert agency.file(agency.vera, reported.case_id).incidents[0].text == "Der Hund heißt Rex."


def test_an_incomplete_report_names_every_problem_and_leaves_nothing(agency):
    with pytest.raises(ReportIncomplete) as refusal:
        agency.report(text=" ", place="x" * 501, quarter_id=agency.place)

    assert set(refusal.value.fields) == {"text", "place", "quarter_id"}
    with agency.transactions.begin() as uow:
        assert uow.session.query(Instance).count() == 0


def test_the_first_task_is_due_on_the_next_working_day(agency):
    agency.report()

    rows = agency.tasks(agency.vera, Shelf.GROUP).rows

    assert [(row.name, row.due_at.date()) for row in rows] == [
        ("Meldung prüfen", day("2027-05-05"))
    ]
    assert agency.tasks(agency.jonas, Shelf.GROUP).rows == ()

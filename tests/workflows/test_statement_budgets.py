"""What the daily work asks of the database is counted, so that it cannot grow unnoticed.

On PostgreSQL one statement more wakes the workers; BEGIN and COMMIT are no statements.
"""

import pytest
from sqlalchemy import select

from bench.stage.counts import counting
from engine import clock
from engine.models import Job
from tests.workflows.agency import ASSESSED, SAFE
from workflows import deadlines, inbox
from workflows.cases.casefile import open_case
from workflows.cases.reporting import IncidentReport, PartySketch, report_incident
from workflows.cases.values import ConflictType
from workflows.inbox import Shelf

COMPLETION = 12
ROUND_TRIPS = 4
REPORT = {0: 11, 2: 12}
"""By the number of parties; a case, its key, its report and its parties are tables of their own."""
NOBODY, TWO = (), (PartySketch(name="Mira Musterova"), PartySketch(name="Otto Beispiel"))


def counts_of(agency, work):
    with counting(agency.transactions.engine) as counts, agency.transactions.begin() as uow:
        work(uow)
    return counts


def page_counts_of(agency, work):
    with counting(agency.transactions.engine) as counts, agency.transactions.reading() as reading:
        work(reading)
    return counts


def completion(agency, case_id, form, answers):
    task = agency.task(case_id, form)
    return counts_of(
        agency, lambda uow: inbox.complete(uow, agency.vera, task.id, answers, "click")
    )


def report(agency, parties):
    told = IncidentReport(
        conflict_type=ConflictType.NOISE,
        quarter_id=agency.north,
        text="Es ist nachts zu laut.",
        parties=parties,
    )
    return counts_of(agency, lambda uow: report_incident(uow, agency.vera, told, str(len(parties))))


@pytest.fixture
def case_id(agency):
    agency.report()  # whatever is read once for all is read now
    return agency.report().case_id


def test_completing_a_task_takes_at_most_twelve_statements_in_four_round_trips(agency, case_id):
    steps = {
        "report_review": agency.review(),
        "triage_safety": SAFE,
        "triage_assessment": ASSESSED,
        "triage_route": {"route": "clarification"},
    }
    for form, answers in steps.items():
        counts = completion(agency, case_id, form, answers)
        agency.work()

        assert len(counts.statements) <= COMPLETION, counts.statements
        assert counts.round_trips <= ROUND_TRIPS
        assert counts.commits == 1


def test_repeating_a_completion_changes_nothing(agency, case_id):
    task = agency.task(case_id, "report_review")

    def complete(uow):
        return inbox.complete(uow, agency.vera, task.id, agency.review(), "click")

    counts_of(agency, complete)
    again = counts_of(agency, complete)

    assert not [sql for sql in again.statements if not sql.startswith("SELECT")]


def test_completing_owes_one_job_per_purpose(agency, case_id):
    completion(agency, case_id, "report_review", agency.review())

    with agency.transactions.reading() as session:
        due = select(Job.kind).where(Job.business_key == case_id, Job.due_at <= clock.now())
        kinds = session.scalars(due).all()
    assert sorted(kinds) == [deadlines.CLOSED, deadlines.WATCH]


@pytest.mark.parametrize("parties", [NOBODY, TWO])
def test_a_report_takes_one_commit_and_each_table_one_statement(agency, case_id, parties):
    counts = report(agency, parties)

    assert len(counts.statements) <= REPORT[len(parties)], counts.statements
    assert counts.round_trips <= ROUND_TRIPS
    assert counts.commits == 1


def test_ten_parties_take_as_many_statements_as_two(agency, case_id):
    few = report(agency, TWO)
    many = report(agency, TWO * 5)

    assert len(many.statements) == len(few.statements)


@pytest.mark.parametrize("shelf", Shelf)
def test_a_task_list_takes_three_statements_however_long_it_is(agency, case_id, shelf):
    def show(reading):
        return inbox.list_tasks(reading, agency.vera, shelf)

    few = page_counts_of(agency, show)
    for _ in range(5):
        agency.report()
    many = page_counts_of(agency, show)

    assert len(few.statements) == len(many.statements) <= 3
    assert many.commits == 0


def test_opening_a_task_takes_four_statements_and_one_for_each_list_it_offers(agency, case_id):
    task = agency.task(case_id, "report_review")

    counts = page_counts_of(agency, lambda it: inbox.open_task(it, agency.vera, task.id))

    assert len(counts.statements) <= 4 + len(["quarters", "cases", "the reports"]), (
        counts.statements
    )


def test_opening_a_case_takes_eight_statements_however_much_is_in_it(agency, case_id):
    fresh = page_counts_of(agency, lambda it: open_case(it, agency.vera, case_id))
    agency.triage(case_id)
    agency.assign(case_id)

    grown = page_counts_of(agency, lambda it: open_case(it, agency.vera, case_id))

    assert len(fresh.statements) <= 8, fresh.statements
    assert len(grown.statements) <= 8, grown.statements

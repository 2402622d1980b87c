"""Several people at once, on one database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bpmn.errors import Refusal
from workflows import extending, inbox
from workflows.access import Role
from workflows.inbox.errors import TaskDone


def at_once(*deeds):
    """Do all deeds in threads of their own; return what each gave or refused."""

    def attempt(deed):
        try:
            return deed()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(attempt, deeds))


def test_of_two_who_complete_a_task_at_once_one_is_told_who_was_first(agency):
    case_id = agency.report().case_id
    task = agency.task(case_id, "report_review")
    valentin = agency.hire("Valentin", Role.QUARTER_MANAGEMENT, agency.north)

    def complete(actor):
        with agency.transactions.begin() as uow:
            return inbox.complete(uow, actor, task.id, agency.review(), actor.name)

    results = at_once(lambda: complete(agency.vera), lambda: complete(valentin))
    agency.work()

    assert [type(each) for each in results].count(TaskDone) == 1
    assert [each.form for each in agency.open_tasks(case_id)] == ["triage_safety"]


def test_reports_that_arrive_at_once_get_numbers_of_their_own(agency):
    def report():
        return agency.report(parties=()).number

    numbers = at_once(*[report] * 6)

    assert sorted(numbers) == [f"KKM-2027-{number:05}" for number in range(1, 7)]


def test_extending_and_completing_at_once_do_not_block_each_other(agency):
    case_id = agency.report().case_id
    task = agency.task(case_id, "report_review")
    later = task.due_at + timedelta(days=1)

    def extend():
        with agency.transactions.begin() as uow:
            extending.extend_deadline(uow, agency.katrin, task.id, later, "Grund")

    def complete():
        with agency.transactions.begin() as uow:
            inbox.complete(uow, agency.vera, task.id, agency.review(), "x")

    assert at_once(extend, complete)[1] is None


def test_two_drafts_that_arrive_at_once_leave_one(agency):
    task = agency.task(agency.report().case_id, "report_review")

    def save():
        with agency.transactions.begin() as uow:
            inbox.save_draft(uow, agency.vera, task.id, {"incident.summary": "Halb"})

    assert at_once(*[save] * 4) == [None] * 4

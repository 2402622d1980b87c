import pytest

from bpmn.forms import WrongAnswers
from tests.workflows.agency import SAFE
from workflows import inbox
from workflows.access import NoSuchThing, Role
from workflows.inbox import Shelf
from workflows.inbox.errors import TaskDone, TaskWithSomebodyElse
from workflows.inbox.models import TaskDraft


@pytest.fixture
def case_id(agency):
    return agency.report().case_id


@pytest.fixture
def task(agency, case_id):
    return agency.task(case_id, "report_review")


@pytest.fixture
def valentin(agency):
    return agency.hire("Valentin", Role.QUARTER_MANAGEMENT, agency.north)


def opened(agency, actor, task):
    with agency.transactions.begin() as uow:
        return inbox.open_task(uow, actor, task.id)


def test_a_claimed_task_moves_from_the_group_to_its_holder(agency, task, valentin):
    with agency.transactions.begin() as uow:
        inbox.claim(uow, agency.vera, task.id)

    assert [row.id for row in agency.tasks(agency.vera, Shelf.MINE).rows] == [task.id]
    assert agency.tasks(valentin, Shelf.GROUP).rows == ()
    with agency.transactions.begin() as uow, pytest.raises(TaskWithSomebodyElse) as refusal:
        inbox.claim(uow, valentin, task.id)
    assert "Vera" in str(refusal.value.sentence)


def test_a_released_task_is_the_groups_again(agency, task, valentin):
    with agency.transactions.begin() as uow:
        inbox.claim(uow, agency.vera, task.id)
    with agency.transactions.begin() as uow:
        inbox.release(uow, agency.vera, task.id)

    assert [row.id for row in agency.tasks(valentin, Shelf.GROUP).rows] == [task.id]


def test_a_task_is_unknown_to_people_who_have_nothing_to_do_with_it(agency, task):
    for stranger in (agency.jonas, agency.elena):
        with agency.transactions.begin() as uow, pytest.raises(NoSuchThing):
            inbox.open_task(uow, stranger, task.id)


def test_the_same_command_sent_twice_completes_once(agency, case_id, task):
    for _ in range(2):
        with agency.transactions.begin() as uow:
            done = inbox.complete(uow, agency.vera, task.id, agency.review(), "abc")
        assert done.case_id == case_id
    agency.work()

    assert [each.form for each in agency.open_tasks(case_id)] == ["triage_safety"]


def test_the_second_to_complete_hears_who_was_first(agency, case_id, task, valentin):
    agency.do(agency.vera, case_id, "report_review", agency.review())

    with agency.transactions.begin() as uow, pytest.raises(TaskDone) as refusal:
        inbox.complete(uow, valentin, task.id, agency.review(), "other")

    assert "Vera" in str(refusal.value.sentence)
    assert opened(agency, valentin, task).closed_by == "Vera"


def test_wrong_answers_leave_the_task_as_it_was(agency, case_id, task):
    with pytest.raises(WrongAnswers) as refusal:
        agency.do(agency.vera, case_id, "report_review", {"incident.summary": "x" * 501}, "abc")

    assert "incident.summary" in refusal.value.fields
    assert agency.task(case_id, "report_review").id == task.id
    agency.do(agency.vera, case_id, "report_review", agency.review(), "abc")


def test_a_reference_outside_the_offer_is_refused(agency, case_id):
    with pytest.raises(WrongAnswers) as refusal:
        agency.do(agency.vera, case_id, "report_review", agency.review(quarter=str(case_id)))

    assert set(refusal.value.fields) == {"quarter"}


def test_a_draft_is_sealed_and_shown_again_to_its_author_alone(agency, task, valentin):
    with agency.transactions.begin() as uow:
        inbox.save_draft(uow, agency.vera, task.id, {"incident.summary": "Halb fertig"})

    assert opened(agency, agency.vera, task).values["incident.summary"] == "Halb fertig"
    assert opened(agency, valentin, task).values["incident.summary"] is None
    with agency.transactions.begin() as uow:
        assert b"Halb" not in uow.session.query(TaskDraft).one().details


def test_an_opened_task_knows_what_the_process_knows(agency, task):
    desk = opened(agency, agency.vera, task)

    assert desk.values["quarter"] == str(agency.north)
    assert desk.choices["quarters"][str(agency.north)] == "Nordwinkel"
    assert desk.may_claim


def test_the_next_tasks_are_offered_at_once(agency, case_id):
    done = agency.do(agency.vera, case_id, "report_review", agency.review())

    assert [row.name for row in done.next_tasks] == ["Sicherheitsfragen"]


def test_a_locked_case_is_not_mediated_whatever_is_sent(agency, case_id):
    agency.do(agency.vera, case_id, "report_review", agency.review())
    agency.do(agency.vera, case_id, "triage_safety", SAFE | {"weapon": True})
    takeover = {"next_step": "mediation", "note.coordination": "Erledigt"}

    with pytest.raises(Exception) as refusal:
        agency.do(agency.katrin, case_id, "takeover", takeover)

    assert "next_step" in refusal.value.fields


def test_pages_follow_each_other_without_gaps(agency, monkeypatch):
    monkeypatch.setattr("workflows.inbox.lists.PAGE", 2)
    numbers = {agency.report().number for _ in range(5)}

    seen, after = [], None
    while True:
        with agency.transactions.begin() as uow:
            page = inbox.list_tasks(uow, agency.vera, Shelf.GROUP, after=after)
        seen += [row.case_number for row in page.rows]
        after = page.next_cursor
        if after is None:
            break

    assert len(seen) == 5
    assert set(seen) == numbers
    assert page.counts.group == 5

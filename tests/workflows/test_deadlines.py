"""Reminders and escalations, with the dates of the working-day calendar."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from bpmn.bundle import Bundle
from engine import deployments, fault_queries, faults, instances, reconciling, suspending
from engine.models import Job
from engine.projections import TIMER
from tests.bpmn.spiff.drawing import (
    boundary,
    call,
    document,
    end,
    flows,
    person,
    process,
    start,
    timer,
    zeebe,
)
from workflows import extending
from workflows.cases import operations
from workflows.cases.errors import ExtensionRefused
from workflows.cases.values import DeadlineState
from workflows.deadlines import WATCH
from workflows.notices import Notices
from workflows.processes import catalog


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def at_date(formula):
    return timer("timeDate", formula)


@pytest.fixture
def live(agency, afternoon):
    """Let the time pass, working at each instant at which a job is due; returns the letters."""

    def live(until):
        letters = []
        while (due := _next(agency)) is not None and due <= at(until):
            afternoon.move_to(max(due, datetime.now(UTC)))
            agency.post.clear()
            agency.work()
            letters += [
                (parcel.to.split("@")[0], datetime.now(UTC), parcel.subject)
                for parcel in agency.post.sent
            ]
        afternoon.move_to(at(until))
        agency.work()
        return letters

    return live


def _next(agency):
    with agency.transactions.begin() as uow:
        dues = [job.due_at for job in uow.session.query(Job).filter(Job.kind == WATCH)]
    return min(filter(None, dues), default=None)


def test_a_report_before_a_holiday_is_reminded_of_and_escalated_on_open_days(
    agency, afternoon, live
):
    afternoon.move_to(at("2027-05-05T10:00+02:00"))
    case_id = agency.report(agency.elena).case_id
    task = agency.task(case_id, "report_review")
    assert task.due_at == at("2027-05-07T23:59+02:00")

    letters = live("2027-05-11T12:00+02:00")

    to_vera = [when for who, when, _ in letters if who == "vera"]
    assert to_vera[:2] == [at("2027-05-07T08:00+02:00"), at("2027-05-10T08:00+02:00")]
    assert "overdue_review" in [each.form for each in agency.open_tasks(case_id)]
    days = {when.date().isoformat() for _, when, _ in letters}
    assert not days & {"2027-05-06", "2027-05-08", "2027-05-09"}


def test_a_task_done_in_time_is_neither_reminded_of_nor_escalated(agency, live):
    case_id = agency.report().case_id
    agency.do(agency.vera, case_id, "report_review", agency.review())

    with agency.transactions.begin() as uow:
        keys = [job.key for job in uow.session.query(Job).filter(Job.kind == WATCH)]
    deadline = next(
        each
        for each in agency.file(agency.vera, case_id).deadlines
        if each.name == "Meldung prüfen"
    )
    assert deadline.state is DeadlineState.MET
    assert not any("report_review" in key for key in keys)
    assert len(keys) == 1


def test_nobody_is_written_to_at_night(agency, afternoon, live):
    afternoon.move_to(at("2027-05-04T22:00+02:00"))
    agency.report(agency.elena)
    assert agency.post.sent == []

    letters = live("2027-05-05T08:00+02:00")

    assert {when for _, when, _ in letters} == {at("2027-05-05T08:00+02:00")}


def test_whoever_did_the_step_before_is_not_told_of_the_next(agency):
    case_id = agency.report(agency.elena).case_id
    assert agency.post.to("vera")
    agency.post.clear()

    agency.do(agency.vera, case_id, "report_review", agency.review())

    assert agency.post.sent == []


def test_letters_say_where_and_never_what(agency):
    agency.report(agency.elena, text="Der Hund heißt Rex.")

    letter = agency.post.sent[0]

    assert "KKM-2027-00001" in letter.body + letter.subject
    assert "http://handschlag.example/tasks/" in letter.body
    assert "Rex" not in letter.body
    assert "Mira" not in letter.body


def test_an_overdue_task_is_marked_and_reviewed_once(agency, live):
    case_id = agency.report(agency.elena).case_id

    live("2027-05-20T12:00+02:00")

    reviews = [task for task in agency.open_tasks(case_id) if task.form == "overdue_review"]
    assert len(reviews) == 1
    states = [each.state for each in agency.file(agency.vera, case_id).deadlines]
    assert DeadlineState.OVERDUE in states


def test_who_skips_a_reminder_that_fails_does_not_skip_the_escalation(agency, afternoon, live):
    case_id = agency.report(agency.elena).case_id
    with patch.object(Notices, "task_due", side_effect=ConnectionRefusedError):
        live("2027-05-11T07:00+02:00")
    with agency.transactions.begin() as uow:
        (stuck,) = fault_queries.open_faults(uow.connection)
        faults.skip(uow, stuck.id, "olga")
    assert stuck.job_kind == WATCH

    live("2027-05-14T12:00+02:00")

    assert [each.form for each in agency.open_tasks(case_id)] == ["report_review", "overdue_review"]


def test_an_extended_deadline_is_reminded_of_anew(agency, live):
    case_id = agency.report(agency.elena).case_id
    task = agency.task(case_id, "report_review")
    new = at("2027-05-11T23:59+02:00")

    with agency.transactions.begin() as uow:
        extending.extend_deadline(uow, agency.vera, task.id, new, "Urlaub")

    assert agency.task(case_id, "report_review").due_at == new
    letters = live("2027-05-11T12:00+02:00")
    assert [when for who, when, _ in letters if who == "vera"] == [
        at("2027-05-10T08:00+02:00"),
        at("2027-05-11T08:00+02:00"),
    ]


ON_TIME = person("answer", zeebe("taskSchedule", dueDate="=promised"))
WATCHES = [
    boundary("day_before", "answer", at_date('=promised - duration("P1D")'), interrupting=False),
    boundary("late", "answer", at_date("=promised"), interrupting=False),
    boundary("some_day", "answer", at_date("=opened"), interrupting=False),
]
WAYS = flows("s>answer>e;day_before>e2;late>e3;some_day>e4")
PROMISE = process(start(), ON_TIME, *WATCHES, end(), end("e2"), end("e3"), end("e4"), WAYS)
CALLED = process(
    start(), ON_TIME, *WATCHES, end(), end("e2"), end("e3"), end("e4"), WAYS, name="called"
)
CALLING = process(start(), call("c", "called"), end(), flows("s>c>e"))
PROMISED = at("2027-05-12T23:59+02:00")


@pytest.fixture(params=[(PROMISE,), (CALLING, CALLED)], ids=["itself", "called"])
def promise(request, agency):
    """A process with three timers, of which two follow the deadline of its task."""
    case_id = agency.report(agency.elena).case_id
    shipped = catalog.shipped_bundle()
    drawn = {f"{number}.bpmn": document(one) for number, one in enumerate(request.param)}
    files = {**shipped.files, **drawn}
    variables = {"case_id": str(case_id), "promised": PROMISED, "opened": PROMISED}
    with agency.transactions.begin() as uow:
        deployments.publish(uow, Bundle(files), "test")
        instance_id = instances.start(uow, "p", variables, case_id).id
    agency.work()
    task = next(one for one in agency.open_tasks(case_id) if one.element == "answer")
    return instance_id, task.id


def _timers(agency, instance_id):
    with agency.transactions.begin() as uow:
        assert reconciling.differences(uow, instance_id) == []
        rows = uow.session.query(Job).filter_by(instance_id=instance_id, kind=TIMER)
        return sorted(job.due_at or job.held_due_at for job in rows)


def test_an_extended_deadline_takes_the_timers_of_its_process_along(agency, promise, live):
    instance_id, task_id = promise
    new = at("2027-05-18T23:59+02:00")
    day = timedelta(days=1)
    assert _timers(agency, instance_id) == [PROMISED - day, PROMISED, PROMISED]

    with agency.transactions.begin() as uow:
        extending.extend_deadline(uow, agency.katrin, task_id, new, "Urlaub")

    assert _timers(agency, instance_id) == [PROMISED, new - day, new]
    live("2027-05-17T08:00+02:00")
    assert _timers(agency, instance_id) == [new - day, new]
    live("2027-05-19T08:00+02:00")
    assert _timers(agency, instance_id) == []


def test_the_timers_of_a_suspended_process_follow_too_and_stay_held(agency, promise):
    instance_id, task_id = promise
    new = at("2027-05-18T23:59+02:00")
    with agency.transactions.begin() as uow:
        suspending.suspend(uow, instance_id)

    with agency.transactions.begin() as uow:
        extending.extend_deadline(uow, agency.katrin, task_id, new, "Urlaub")

    assert _timers(agency, instance_id) == [PROMISED, new - timedelta(days=1), new]
    with agency.transactions.begin() as uow:
        held = uow.session.query(Job).filter_by(instance_id=instance_id, kind=TIMER).all()
        assert [job.due_at for job in held] == [None] * 3
        suspending.resume(uow, instance_id)
    assert _timers(agency, instance_id) == [PROMISED, new - timedelta(days=1), new]


def test_the_quarter_management_extends_once_and_a_little(agency):
    task = agency.task(agency.report().case_id, "report_review")

    def extend(to):
        with agency.transactions.begin() as uow:
            extending.extend_deadline(uow, agency.vera, task.id, at(to), "Grund")

    with pytest.raises(ExtensionRefused):
        extend("2027-05-20T23:59+02:00")
    extend("2027-05-10T23:59+02:00")
    with pytest.raises(ExtensionRefused):
        extend("2027-05-11T23:59+02:00")


def test_what_is_done_or_lies_far_ahead_is_not_extended(agency):
    case_id = agency.report().case_id
    task = agency.task(case_id, "report_review")

    def extend(to):
        with agency.transactions.begin() as uow:
            extending.extend_deadline(uow, agency.katrin, task.id, at(to), "Grund")

    with pytest.raises(ExtensionRefused):
        extend("9999-12-31T22:59+00:00")
    agency.do(agency.vera, case_id, "report_review", agency.review())
    with pytest.raises(ExtensionRefused):
        extend("2027-05-20T23:59+02:00")


def test_a_closed_case_has_no_deadline_left(agency):
    case_id = agency.report().case_id
    agency.triage(case_id)
    with agency.transactions.begin() as uow:
        operations.withdraw(uow, agency.vera, case_id, None)
    agency.work()
    agency.do(agency.vera, case_id, "withdrawal", {"withdrawal": "close"})
    agency.do(agency.vera, case_id, "closing", {"outcome": "withdrawn", "gap_seen": False})

    states = {each.state for each in agency.file(agency.vera, case_id).deadlines}
    assert not states & {DeadlineState.RUNNING, DeadlineState.OVERDUE}

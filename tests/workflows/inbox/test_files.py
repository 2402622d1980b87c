"""Files that come with a form: kept while it is filled in, filed with it, read by whom it concerns."""

from uuid import uuid4

import orjson
import pytest
from sqlalchemy import select

from bpmn.errors import Unknown
from bpmn.forms import WrongAnswers
from engine import deployments
from tests.workflows.agency import ASSESSED, SAFE
from tests.workflows.cases.paper import PDF, SCRIPT, jpeg, segment
from workflows import audit, inbox, sealing
from workflows.access import NoSuchThing, Role
from workflows.cases import attachments
from workflows.cases.records import Attachment, AttachmentContent
from workflows.cases.uploads import FileRefused, taken
from workflows.inbox.errors import TaskDone, TaskWithSomebodyElse
from workflows.processes import catalog

PHOTOS = "incident.photos"


@pytest.fixture
def agency(agency):
    """The office with a report form that also asks for photos."""
    bundle = catalog.shipped_bundle()
    form = orjson.loads(bundle.files["report_review.form"])
    form["components"].append(
        {"id": "photos", "type": "filepicker", "key": PHOTOS, "label": "Fotos", "multiple": True}
    )
    with agency.transactions.begin() as uow:
        changed = bundle.having("report_review.form", orjson.dumps(form))
        deployments.publish(uow, changed, by="test")
    return agency


@pytest.fixture
def case_id(agency):
    return agency.report().case_id


@pytest.fixture
def task(agency, case_id):
    return agency.task(case_id, "report_review")


def keep(agency, task, name="treppe.pdf", content=PDF, by=None, key=PHOTOS):
    with agency.transactions.begin() as uow:
        upload = taken(key, name, content)
        return inbox.keep_file(uow, by or agency.vera, task.id, key, upload)


def rows(agency, model=Attachment):
    with agency.transactions.begin() as uow:
        found = uow.session.scalars(select(model)).all()
        uow.session.expunge_all()
    return found


def read(agency, actor, case_id, attachment_id):
    with agency.transactions.begin() as uow:
        return attachments.read(uow, actor, case_id, attachment_id)


def offered(agency, task, actor=None):
    with agency.transactions.begin() as uow:
        return inbox.open_task(uow, actor or agency.vera, task.id).choices["uploads"]


def review(agency, *files):
    return agency.review() | {PHOTOS: [str(each) for each in files]}


def test_a_file_waits_until_its_form_is_sent(agency, case_id, task):
    kept = keep(agency, task)

    assert offered(agency, task) == {str(kept): "treppe.pdf"}
    assert agency.file(agency.vera, case_id).attachments == ()
    agency.do(agency.vera, case_id, "report_review", review(agency, kept))

    (shown,) = agency.file(agency.vera, case_id).attachments
    assert (shown.name, shown.kind.value, shown.size, shown.by) == (
        "treppe.pdf",
        "pdf",
        len(PDF),
        "Vera",
    )
    assert read(agency, agency.vera, case_id, kept).content == PDF


def test_neither_the_file_nor_its_name_can_be_read_in_the_database(agency, task):
    keep(agency, task, content=PDF + b"% Geheimnis\n%%EOF")

    (row,), (stored,) = rows(agency), rows(agency, AttachmentContent)
    assert b"treppe" not in row.details
    assert b"Geheimnis" not in stored.sealed


def test_a_file_is_gone_with_the_key_of_its_case(agency, case_id, task):
    kept = keep(agency, task)
    with agency.transactions.begin() as uow:
        sealing.destroy_key(uow.session, case_id)

    with pytest.raises(sealing.CaseErased):
        read(agency, agency.vera, case_id, kept)


def test_a_sealed_file_does_not_open_in_the_place_of_another(agency, case_id, task):
    first, second = keep(agency, task), keep(agency, task, "b.pdf", PDF + b"%b\n%%EOF")
    with agency.transactions.begin() as uow:
        stored = {row.attachment_id: row for row in uow.session.scalars(select(AttachmentContent))}
        stored[first].sealed = stored[second].sealed

    with pytest.raises(sealing.SealBroken):
        read(agency, agency.vera, case_id, first)


def test_a_file_that_was_not_chosen_goes_when_the_form_is_sent(agency, case_id, task):
    wanted, other = keep(agency, task), keep(agency, task, "anderes.pdf")

    agency.do(agency.vera, case_id, "report_review", review(agency, wanted))

    assert [row.id for row in rows(agency)] == [wanted]
    assert len(rows(agency, AttachmentContent)) == 1
    with pytest.raises(NoSuchThing):
        read(agency, agency.vera, case_id, other)


def test_what_waits_ends_with_its_task(agency, case_id, task):
    keep(agency, task)
    agency.do(agency.vera, case_id, "report_review", agency.review())

    assert rows(agency) == []


def test_what_nobody_sends_is_gone_after_two_weeks(agency, case_id, task, afternoon):
    old = keep(agency, task)
    afternoon.shift(attachments.KEPT_FOR.total_seconds() + 1)

    new = keep(agency, task)

    assert old != new
    assert [row.id for row in rows(agency)] == [new]


def test_only_who_works_on_the_task_may_bring_a_file(agency, case_id, task):
    with agency.transactions.begin() as uow:
        inbox.claim(uow, agency.vera, task.id)

    with pytest.raises(NoSuchThing):
        keep(agency, task, by=agency.elena)
    with pytest.raises((NoSuchThing, TaskWithSomebodyElse)):
        keep(agency, task, by=agency.katrin)
    agency.do(agency.vera, case_id, "report_review", agency.review())
    with pytest.raises(TaskDone):
        keep(agency, task)


@pytest.mark.parametrize("key", ["incident.summary", "incident.other", "jurisdiction"])
def test_a_question_that_asks_for_no_file_takes_none(agency, task, key):
    with pytest.raises(NoSuchThing):
        keep(agency, task, key=key)


def test_the_file_of_another_task_is_no_answer(agency, case_id, task):
    elsewhere = agency.report().case_id
    foreign = keep(agency, agency.task(elsewhere, "report_review"))

    for made_up in (foreign, uuid4(), "x"):
        with pytest.raises(WrongAnswers):
            agency.do(agency.vera, case_id, "report_review", review(agency, made_up))


def test_more_than_five_files_are_too_many(agency, case_id, task):
    many = [keep(agency, task, f"{number}.pdf") for number in range(6)]

    with pytest.raises(WrongAnswers) as refusal:
        agency.do(agency.vera, case_id, "report_review", review(agency, *many))

    assert [str(each) for each in refusal.value.fields[PHOTOS]] == [
        "At most 5 entries are possible."
    ]


def test_uploads_without_end_are_stopped(agency, task):
    for number in range(attachments.MOST_WAITING):
        keep(agency, task, f"{number}.pdf")

    with pytest.raises(FileRefused, match="send the form first"):
        keep(agency, task)


def test_what_waits_is_seen_by_its_owner_alone(agency, case_id, task):
    kept = keep(agency, task)

    valentin = agency.hire("Valentin", Role.QUARTER_MANAGEMENT, agency.north)
    assert offered(agency, task, valentin) == {}
    for other in (valentin, agency.katrin, agency.jonas, agency.elena):
        with pytest.raises(Unknown):
            read(agency, other, case_id, kept)


def test_a_filed_file_belongs_to_the_confidential_room(agency, case_id, task):
    kept = keep(agency, task)
    agency.do(agency.vera, case_id, "report_review", review(agency, kept))
    for outsider in (agency.katrin, agency.jonas, agency.elena):
        with pytest.raises(Unknown):
            read(agency, outsider, case_id, kept)
    assert agency.file(agency.katrin, case_id).attachments == ()

    agency.do(agency.vera, case_id, "triage_safety", SAFE)
    agency.do(agency.vera, case_id, "triage_assessment", ASSESSED)
    agency.do(agency.vera, case_id, "triage_route", {"route": "clarification"})
    agency.assign(case_id)

    assert read(agency, agency.elena, case_id, kept).content == PDF
    assert [each.name for each in agency.file(agency.elena, case_id).attachments] == ["treppe.pdf"]


def test_a_case_opens_no_file_of_another_case(agency, case_id, task):
    kept = keep(agency, task)
    other = agency.report().case_id

    with pytest.raises(NoSuchThing):
        read(agency, agency.vera, other, kept)


def test_a_file_leaves_under_a_name_that_tells_nothing(agency, case_id, task):
    kept = keep(agency, task, "Otto Beispiel schlägt.jpg", jpeg(segment(0xFE, SCRIPT)))

    handed = read(agency, agency.vera, case_id, kept)

    assert handed.name == f"{agency.case(case_id).number}-{kept.hex[-6:]}.jpg"
    assert SCRIPT not in handed.content


def test_bringing_and_reading_a_file_is_written_down(agency, case_id, task):
    kept = keep(agency, task)
    read(agency, agency.vera, case_id, kept)

    with agency.transactions.begin() as uow:
        written = {line.action for line in audit.lines(uow.session, case_id)}
    assert {"upload_file", "read_file"} <= written

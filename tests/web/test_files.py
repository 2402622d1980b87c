"""Files that come with a form: kept, refused, filed and handed out."""

import re

import pytest

from tests.web.desk import field, upload
from tests.workflows.cases.paper import PDF, SCRIPT, jpeg, segment
from workflows.access import Role

UPLOAD = re.compile(r'name="note\.files" value="([0-9a-f-]{36})" checked')


def test_a_refused_file_is_named_and_nothing_else_is_lost(case):
    answer = case.send(
        note__files=[upload(b"<svg onload=alert(1)>", "bild.svg"), upload()], note__text="Bleibt"
    )

    assert answer.status_code == 422
    assert "„bild.svg“ ist weder PDF" in answer.text
    assert 'href="#q-note-files"' in answer.text
    assert 'value="Bleibt"' in field(answer.text, "note.text")
    assert len(UPLOAD.findall(answer.text)) == 1
    assert "brief.pdf" in answer.text


def test_a_question_takes_the_kinds_of_files_it_names(case):
    page = case.page()
    answer = case.send(note__paper=upload(jpeg(), "foto.jpg"))

    assert 'accept=".pdf"' in field(page, "note.paper")
    assert "„foto.jpg“: hier wird nur PDF angenommen" in answer.text
    assert case.send(note__paper=upload()).status_code == 302


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.pdf", "'><script>alert(1).pdf", "{{7*7}}.pdf"]
)
def test_the_name_of_a_file_is_only_text(case, name):
    page = case.send(note__files=upload(name=name), note__text="ab").text
    (kept,) = UPLOAD.findall(page)
    case.send(note__files=kept)

    for shown in (page, case.file()):
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
        assert "49.pdf" not in shown


def test_a_file_is_kept_while_other_answers_are_put_right(case):
    wrong = case.send(note__files=upload(), note__text="ab")
    (kept,) = UPLOAD.findall(wrong.text)

    done = case.send(note__files=kept, note__text="abc")

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert f"/attachments/{kept}" in case.file()


def test_a_file_stays_with_a_draft(case):
    case.send(note__files=upload(), _do="draft")

    assert len(UPLOAD.findall(case.page())) == 1


def test_an_unticked_file_is_not_filed(case):
    case.send(note__files=upload(), note__text="ab")

    assert case.send(note__text="abc").status_code == 302
    assert "/attachments/" not in case.file()


def test_a_file_is_handed_out_to_be_saved_and_never_shown(case):
    case.send(note__files=upload(jpeg(segment(0xFE, SCRIPT)), "Foto von Otto.jpg"))
    (address,) = set(re.findall(rf'href="({case.where}/attachments/[0-9a-f-]+)"', case.file()))

    answer = case.visitor.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Otto" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert SCRIPT not in answer.data
    for role in (Role.CULTURAL_MEDIATOR, Role.ADMINISTRATION, Role.COORDINATION):
        assert case.archive.visit(role).get(address).status_code == 404


def test_a_form_with_a_file_sent_twice_ends_the_task_once(case):
    for _ in range(2):
        done = case.send(note__files=upload(), _command="the same")

        assert done.status_code == 302


def test_a_body_larger_than_its_files_may_be_is_refused(case):
    body = b"x" * 53 * 1024 * 1024

    answer = case.visitor.client.post(
        case.task, data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 413


def test_a_program_uploads_a_file_and_names_it_as_the_answer(case):
    client, token = case.visitor.client, {"X-CSRFToken": case.visitor.token()}
    path = f"/api/v1{case.task}"

    kept = client.post(f"{path}/files?key=note.files&name=brief.pdf", data=PDF, headers=token)
    refused = client.post(f"{path}/files?key=note.files&name=a.txt", data=b"x", headers=token)
    answers = {
        "context": "neighbourhood",
        "quarter": str(case.archive.quarter_id),
        "jurisdiction": "yes",
        "incident.summary": "Lärm",
        "note.files": [kept.json["id"]],
    }
    done = client.post(f"{path}/completion", json={"answers": answers}, headers=token)

    assert (kept.status_code, refused.status_code, done.status_code) == (201, 422, 200)
    assert "note.files" in str(refused.json)
    (shown,) = client.get(f"/api/v1{case.where}").json["attachments"]
    assert (shown["id"], shown["name"], shown["kind"]) == (kept.json["id"], "brief.pdf", "pdf")

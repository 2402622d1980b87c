"""A form with every component: what is sent and refused, forged, uploaded and kept."""

import re
from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from tests.web import every_component
from tests.web.conftest import make_house
from tests.web.entrance import hidden_fields
from tests.web.test_pages import report
from tests.workflows.cases.paper import PDF, SCRIPT, jpeg, segment
from workflows.access import Role

QM = Role.QUARTER_MANAGEMENT
UPLOAD = re.compile(r'name="note\.files" value="([0-9a-f-]{36})" checked')


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    house = make_house(tmp_path_factory.mktemp("archive"))
    every_component.publish(house.application)
    yield house
    house.application.close()


@pytest.fixture
def case(archive):
    """A reported case whose first task asks everything, taken by the person who is signed in."""
    visitor = archive.visit(QM)
    where = report(visitor, archive).headers["Location"]
    archive.application.worker().run_due()
    task = re.search(r'href="(/tasks/[0-9a-f-]{36})', visitor.get(where).text)[1]
    visitor.post(f"{task}/claim")
    return Desk(archive, visitor, where, task)


class Desk:
    def __init__(self, archive, visitor, where, task):
        self.archive, self.visitor, self.where, self.task = archive, visitor, where, task

    def page(self):
        return self.visitor.get(self.task).text

    def send(self, **answers):
        given = {
            "context": "neighbourhood",
            "quarter": str(self.archive.quarter_id),
            "jurisdiction": "yes",
            "incident.summary": "Lärm",
        } | {key.replace("__", "."): value for key, value in answers.items()}
        return self.visitor.post(self.task, **given)

    def file(self):
        return self.visitor.get(self.where).text


def upload(content=PDF, name="brief.pdf"):
    return (BytesIO(content), name)


def field(page, name):
    """Return the tag of the input with this name."""
    return re.search(rf'<(?:input|textarea|select)[^>]*name="{re.escape(name)}"[^>]*>', page)[0]


def test_every_component_is_on_the_page_and_every_input_has_a_label(case):
    page = case.page()

    ids = set(re.findall(r'<(?:input|select|textarea)[^>]*id="(q-[^"]+)"', page))
    assert len(ids) > 30
    assert ids <= set(re.findall(r'<label[^>]*for="([^"]+)"', page))
    assert "hs-span-8 hs-questions__cell--first" in page
    assert 'class="kern-divider"' in page
    assert "<em>Sorgfalt</em>" in page


def test_a_default_is_shown_and_sent_back(case):
    assert 'value="30"' in field(case.page(), "every_number")


def test_a_forged_answer_to_a_read_only_question_changes_nothing(case):
    done = case.send(note__locked="forged", note__text="echt")

    assert done.status_code == 302
    assert "echt" in case.file()
    assert "forged" not in case.file()


def test_a_forged_answer_to_a_hidden_question_is_not_stored(case):
    assert case.send(note__more="forged").status_code == 302

    assert "forged" not in case.file()


def test_a_question_that_a_formula_locks_keeps_what_is_known(case):
    page = case.send(every_yes="true", note__fixed="forged", every_radio="wrong").text

    assert "readonly" in field(page, "note.fixed")
    assert 'value=""' in field(page, "note.fixed")
    assert case.send(every_yes="true", note__fixed="forged", note__more="Ja").status_code == 302
    assert "forged" not in case.file()


def test_a_formula_may_require_an_answer(case):
    page = case.send(every_yes="true").text

    assert 'href="#q-note-more"' in page
    assert 'aria-required="true"' in field(page, "note.more")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"note__text": "ab"}, "mindestens 3 Zeichen"),
        ({"note__mail": "nobody"}, "E-Mail-Adresse"),
        ({"every_number": "7"}, "Vielfache von 5"),
        ({"every_date": "2020-01-01"}, "schon vorbei"),
        ({"every_radio": "forged"}, "steht nicht (mehr) zur Wahl"),
        ({"every_checks": ["quiet", "talk", "nothing"]}, "Höchstens 2"),
        ({"note__files": "01a54adf-9bc0-714b-96da-81c2a8c86242"}, "steht nicht (mehr) zur Wahl"),
    ],
)
def test_what_breaks_a_rule_is_named_at_its_field_and_the_rest_is_kept(case, answers, sentence):
    answer = case.send(note__long="Das bleibt stehen.", **answers)

    assert answer.status_code == 422
    assert sentence in answer.text
    (key,) = answers
    assert f'href="#q-{key.replace("__", "-")}"' in answer.text
    assert "Das bleibt stehen." in answer.text


def test_what_was_typed_into_a_question_that_goes_comes_back_with_it(case):
    asked = case.visitor.post(
        f"{case.task}/questions", **{"every_yes": "true", "note.more": "Nicht verlieren"}
    ).text
    gone = case.visitor.post(
        f"{case.task}/questions", **{"_state": "", "note.more": "Nicht verlieren"}
    ).text
    carried = {k: v for k, v in hidden_fields(gone).items() if k.startswith("_was.")}
    back = case.visitor.post(f"{case.task}/questions", **{"every_yes": "true", **carried}).text

    assert 'value="Nicht verlieren"' in field(asked, "note.more")
    assert carried["_was.note.more"] == "Nicht verlieren"
    assert 'id="q-note-more"' not in gone
    assert 'value="Nicht verlieren"' in field(back, "note.more")


def test_a_column_shows_for_the_rows_it_is_meant_for(case):
    page = case.visitor.post(
        f"{case.task}/questions",
        **{"note.rows.0.kind": "talk", "note.rows.1.kind": "quiet", "note.rows.1.what": "x"},
    ).text

    assert 'name="note.rows.0.due"' in page
    assert 'name="note.rows.1.due"' not in page


def test_a_row_comes_and_goes_without_scripts_and_keeps_the_others(case):
    more = case.send(**{"note__rows.0.what": "Ruhe", "_add": "note.rows"})
    less = case.send(
        **{"note__rows.0.what": "Ruhe", "note__rows.1.what": "Gruß", "_remove": "note.rows.0"}
    )

    assert more.status_code == 200
    assert 'name="note.rows.1.what"' in more.text
    assert 'value="Ruhe"' in field(more.text, "note.rows.0.what")
    assert 'value="Gruß"' in field(less.text, "note.rows.0.what")
    assert 'name="note.rows.1.what"' not in less.text


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


def test_the_languages_of_a_party_are_chosen_by_name_in_the_readers_language(case):
    add = MultiDict([("name", "Mira"), ("languages", "bg"), ("languages", "tr")])
    case.visitor.post(f"{case.where}/parties", **{k: add.getlist(k) for k in add})
    german = case.file()
    case.visitor.post("/language", language="en")
    english = case.file()

    assert "Bulgarisch, Türkisch" in german
    assert 'value="kmr"' in german
    assert "Bulgarian, Turkish" in english


def test_a_language_that_is_not_in_the_list_is_refused(case):
    answer = case.visitor.post(f"{case.where}/parties", name="Mira", languages="klingon")

    assert answer.status_code == 422
    assert 'href="#party-languages"' in answer.text
    assert 'value="Mira"' in answer.text


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

"""Whatever is sent: a clear German sentence, and nothing is lost or changed."""

import io
import re
from html import unescape

import pytest

from tests.web.entrance import PASSWORD, hidden_fields
from web.commands.installation import OPERATOR
from workflows.access import Role
from workflows.people import NewPerson, add_person, person_id_of
from workflows.people.directory import organisations

QM, PM = Role.QUARTER_MANAGEMENT, Role.PROCESS_MANAGEMENT
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>"""
LETTER_TO_A_FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
ANSWERS = {
    "context": "neighbourhood",
    "jurisdiction": "yes",
    "incident.summary": "Zwei Haushalte streiten.",
}


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def visitor(house):
    return house.visit(QM)


@pytest.fixture
def task(house, visitor):
    """The first task of a case that has just been reported, taken by the quarter management."""
    page = visitor.get("/incidents/new").text
    filed = visitor.post(
        "/incidents/new",
        conflict_type="noise",
        quarter_id=str(house.quarter_id),
        text="Laute Musik",
        _command=hidden_fields(page)["_command"],
    )
    house.application.worker().run_due()
    found = re.search(r'href="(/tasks/[0-9a-f-]{36})', visitor.get(filed.headers["Location"]).text)
    visitor.post(f"{found[1]}/claim")
    return found[1]


def send(house, visitor, task, command="once", **changed):
    answers = {"quarter": str(house.quarter_id), **ANSWERS, **changed}
    return visitor.post(task, _command=command, **answers)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cut.bpmn", b"<definitions", "Die Datei ist kein lesbares XML"),
        ("bomb.bpmn", BOMB, "enthält eine Dokumenttyp-Angabe"),
        ("letter.dmn", LETTER_TO_A_FILE, "enthält eine Dokumenttyp-Angabe"),
        ("picture.bpmn", b"\x89PNG\r\n\x1a\n\0\0", "Die Datei ist kein lesbares XML"),
        ("script.py", b"import os", "„script.py“ kann nicht angenommen werden"),
        ("../../etc/passwd.py", b"x", "„passwd.py“ kann nicht angenommen werden"),
    ],
)
def test_a_hostile_or_unreadable_file_is_refused_and_the_draft_stays(
    house, name, content, sentence
):
    visitor = house.visit(PM)

    answer = visitor.post("/processes/upload", files=(io.BytesIO(content), name))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert name not in visitor.get("/processes").text


def test_python_in_an_uploaded_diagram_is_found_and_cannot_be_handed_in(house):
    visitor = house.visit(PM)
    name = "overdue_review.bpmn"
    diagram = visitor.get(f"/processes/files/{name}/content").text
    due = re.search(r"dueDate='(=[^']+)'", diagram)[1]
    hostile = diagram.replace(due, "=__import__(&quot;os&quot;).system(&quot;id&quot;)")

    visitor.post("/processes/upload", files=(io.BytesIO(hostile.encode()), name))
    page = words(visitor.get("/processes"))
    handed_in = visitor.post("/processes/draft/submission", comment="")
    visitor.post("/processes/draft/discard")

    assert "__import__" in page
    assert "ist nicht lesbar" in page
    assert handed_in.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("incident.summary", "x" * 501, "Das sind 501 Zeichen; höchstens 500 sind möglich."),
        ("incident.summary", "", "Bitte beantworten Sie das."),
        ("jurisdiction", "perhaps", "Das steht nicht (mehr) zur Wahl."),
        ("quarter", "not-an-id", "Das steht nicht (mehr) zur Wahl."),
    ],
)
def test_a_wrong_answer_is_named_at_its_field_and_everything_typed_is_kept(
    house, visitor, task, field, value, sentence
):
    typed = {"incident.summary": "Das bleibt stehen."} if field != "incident.summary" else {}

    answer = send(house, visitor, task, **typed, **{field: value})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert typed.get("incident.summary", value) in unescape(answer.text)
    assert visitor.get(task).status_code == 200


def test_a_task_is_completed_once_and_the_second_hears_who_was_first(house, visitor, task):
    second = another(house)
    first = send(house, visitor, task)

    answer = send(house, second, task, command="later")

    assert first.status_code == 302
    assert answer.status_code == 409
    assert "„Meldung prüfen“ hat schon QUARTER_MANAGEMENT erledigt." in words(answer)


def test_somebody_elses_task_stays_theirs(house, visitor, task):
    answer = send(house, another(house), task)

    assert answer.status_code == 403
    assert "liegt bei QUARTER_MANAGEMENT" in words(answer)
    assert send(house, visitor, task).status_code == 302


def test_a_task_of_another_role_is_unknown(house, task):
    answer = send(house, house.visit(Role.CULTURAL_MEDIATOR), task)

    assert answer.status_code == 404


def another(house):
    """Sign a second person of the same role in."""
    login = "second@example.org"
    with house.application.transactions.begin() as uow:
        if person_id_of(uow.session, login) is None:
            organisation = organisations(uow.session)[0].id
            new = NewPerson(login, "Zweite", organisation, frozenset({QM}), {house.quarter_id})
            add_person(uow, OPERATOR, new, PASSWORD)
    visitor = house.visitor()
    visitor.sign_in(login)
    return visitor

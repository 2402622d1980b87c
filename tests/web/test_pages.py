"""A report, its first task and its case file, as people see them."""

import re

import pytest

from engine.errors import DatabaseBusy
from tests.web.entrance import hidden_fields
from workflows.access import Role

QM = Role.QUARTER_MANAGEMENT
PUBLIC_WORDS = "Laute Musik bis Mitternacht"


@pytest.fixture(scope="module")
def case(house):
    """A case that the quarter management has just reported, its first task already there."""
    visitor = house.visit(QM)
    answer = report(visitor, house)
    house.application.worker().run_due()
    return answer.headers["Location"]


def report(visitor, house, **changed):
    page = visitor.get("/incidents/new").text
    fields = {
        "conflict_type": "noise",
        "quarter_id": str(house.quarter_id),
        "text": PUBLIC_WORDS,
        "_command": hidden_fields(page)["_command"],
    }
    return visitor.post("/incidents/new", **{**fields, **changed})


def task_of(visitor, shelf="group"):
    return re.search(r'href="(/tasks/[0-9a-f-]{36})', visitor.get(f"/tasks?shelf={shelf}").text)[1]


def test_a_report_needs_three_answers(house):
    answer = house.visit(QM).post("/incidents/new", _command="x")

    assert answer.status_code == 422
    assert 'href="#conflict_type"' in answer.text
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true" aria-describedby="text-error"' in answer.text


def test_a_report_sent_twice_is_one_case(house):
    visitor = house.visit(QM)

    first = report(visitor, house, _command="twice")
    second = report(visitor, house, _command="twice")

    assert first.headers["Location"] == second.headers["Location"]


def test_the_case_file_shows_what_was_reported(house, case):
    page = house.visit(QM).get(case).text

    assert PUBLIC_WORDS in page
    assert "data-bpmn-viewer" in page
    assert "/safety" in page


def test_somebody_without_a_part_in_it_does_not_learn_that_the_case_exists(house, case):
    answer = house.visit(Role.CULTURAL_MEDIATOR).get(case)

    assert answer.status_code == 404
    assert PUBLIC_WORDS not in answer.text


def test_a_task_is_taken_filled_in_and_left_for_the_same_place_in_the_list(house, case):
    visitor = house.visit(QM)
    task = task_of(visitor)
    back = "/tasks?shelf=group#here"

    taken = visitor.post(f"{task}/claim", _back=back)
    page = visitor.get(taken.headers["Location"]).text
    command = hidden_fields(page)["_command"]
    wrong = visitor.post(task, _command=command, _back=back)
    answers = {
        "context": "neighbourhood",
        "quarter": str(house.quarter_id),
        "jurisdiction": "yes",
        "incident.summary": "Zwei Haushalte streiten.",
    }
    done = visitor.post(task, _command=command, _back=back, **answers)
    again = visitor.post(task, _command=command, _back=back, **answers)

    assert wrong.status_code == 422
    assert 'id="error-summary"' in wrong.text
    assert (done.status_code, done.headers["Location"]) == (302, back)
    assert (again.status_code, again.headers["Location"]) == (302, back)


def test_a_draft_is_there_again_when_the_task_is_opened(house):
    visitor = house.visit(QM)
    report(visitor, house)
    house.application.worker().run_due()
    task = task_of(visitor)
    visitor.post(f"{task}/claim")

    kept = visitor.client.post(
        f"{task}/draft",
        data={"incident.summary": "Halb fertig"},
        headers={"X-CSRFToken": visitor.token(), "X-Requested-With": "fetch"},
    )

    assert kept.status_code == 204
    assert "Halb fertig</textarea>" in visitor.get(task).text


def test_a_note_is_saved_and_shown(house, case):
    visitor = house.visit(QM)

    empty = visitor.post(f"{case}/notes", text="")
    saved = visitor.post(f"{case}/notes", text="Nachbarn sind <ruhig>", private="true")

    assert empty.status_code == 422
    assert saved.status_code == 302
    assert "Nachbarn sind &lt;ruhig&gt;" in visitor.get(case).text


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "path", ["/", "/tasks", "/tasks?shelf=overdue", "/cases", "/cases?shelf=closed", "/processes"]
)
def test_every_role_can_open_every_main_page(house, role, path):
    assert house.visit(role).get(path).status_code == 200


def test_a_moved_clock_is_shown_on_every_page(house, monkeypatch):
    monkeypatch.setattr("web.pages.frame.clock.offset", lambda: True)

    assert "hs-banner" in house.visitor().get("/safety").text


def test_a_deadline_is_extended_with_a_reason_and_within_bounds(house, case):
    visitor = house.visit(QM)
    action = re.search(r'action="(/cases/[^"]+/deadlines/[^"]+)"', visitor.get(case).text)[1]

    unreasoned = visitor.post(action, due_on="2099-01-01", reason="")
    too_far = visitor.post(action, due_on="2099-01-01", reason="Urlaub")

    assert unreasoned.status_code == 422
    assert too_far.status_code in {403, 422}
    assert "2099" not in visitor.get(case).text


def test_a_note_sent_twice_is_one_note(house, case):
    visitor = house.visit(QM)

    for _ in range(2):
        visitor.post(f"{case}/notes", text="Einmal gesagt", _command="twice")

    assert visitor.get(case).text.count("Einmal gesagt") == 1


@pytest.mark.parametrize(
    "wrong", [{"minutes": "9" * 30}, {"minutes": "-5"}, {"at": "0001-01-01T00:00"}]
)
def test_a_contact_at_an_impossible_time_is_refused_with_a_sentence(house, case, wrong):
    contact = {"at": "2026-05-04T10:00", "channel": "phone", "reached": "yes"} | wrong

    answer = house.visit(QM).post(f"{case}/contacts", **contact)

    assert answer.status_code == 422


def test_the_safety_button_works_with_one_click(house):
    visitor = house.visit(QM)
    case = report(visitor, house).headers["Location"]
    house.application.worker().run_due()

    pressed = visitor.post(f"{case}/safety", _command="now")

    assert pressed.headers["Location"] == "/safety"
    assert "110" in visitor.get("/safety").text
    assert house.visit(Role.COORDINATION).get(case).status_code == 200


def test_a_withdrawal_is_taken_note_of(house):
    visitor = house.visit(QM)
    case = report(visitor, house).headers["Location"]
    house.application.worker().run_due()

    answer = visitor.post(f"{case}/withdrawal", _command="w")

    assert answer.headers["Location"] == case


def test_questions_are_sent_again_only_when_others_are_to_be_asked(house):
    visitor = house.visit(QM)
    report(visitor, house)
    house.application.worker().run_due()
    task = task_of(visitor)
    visitor.post(f"{task}/claim")
    state = hidden_fields(visitor.get(task).text)["_state"]

    same = visitor.post(f"{task}/questions", _state=state, context="neighbourhood")
    other = visitor.post(f"{task}/questions", _state="", context="neighbourhood")

    assert same.status_code == 204
    assert 'id="questions"' in other.text


def test_what_was_typed_survives_a_database_that_is_away(house, monkeypatch):
    visitor = house.visit(QM)

    def away(*_args, **_more):
        raise DatabaseBusy

    monkeypatch.setattr("web.pages.incidents.report_incident", away)
    answer = report(visitor, house, text="Wummern aus der Wohnung nebenan.")

    assert answer.status_code == 503
    assert "Ihre Eingaben sind nicht verloren" in answer.text
    assert "Wummern aus der Wohnung nebenan." in answer.text

    monkeypatch.undo()
    again = visitor.post("/incidents/new", _resume="1", text="Wummern aus der Wohnung nebenan.")

    assert "Wummern aus der Wohnung nebenan." in again.text


def test_a_report_for_another_quarter_ends_with_its_number_and_no_dead_end(house):
    visitor = house.visit(Role.CULTURAL_MEDIATOR)

    answer = report(visitor, house)

    assert answer.headers["Location"] == "/"
    today = visitor.get("/").text
    assert "Gemeldet als KKM-" in today
    assert "macht von hier an weiter" in today

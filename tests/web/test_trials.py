"""Managers read and try a form or a decision before anybody works with it."""

import io
import re

import orjson
import pytest

from tests.web import every_component
from tests.web.desk import field
from tests.web.test_bad_input import words
from workflows.access import Role

PM = Role.PROCESS_MANAGEMENT
ROUTE = "/processes/files/route.dmn"
TRIED = "/processes/files/tried.form"
FORM = {
    "type": "default",
    "id": "tried",
    "title": "Probe",
    "components": every_component.COMPONENTS,
}

BROKEN = {**FORM, "id": "broken", "components": [{"id": "a", "type": "image"}]}


@pytest.fixture(scope="module")
def manager(house):
    """The process manager, with a form of every component in the draft."""
    visitor = house.visit(PM)
    _upload(visitor, "tried.form", orjson.dumps(FORM))
    yield visitor
    visitor.post("/processes/draft/discard")


def _upload(visitor, name, content):
    visitor.post("/processes/upload", files=(io.BytesIO(content), name))


def test_a_form_is_shown_as_people_will_see_it(manager):
    page = manager.get(TRIED).text

    assert 'name="note.text"' in page
    assert 'value="30"' in field(page, "every_number")
    assert 'name="note.more"' not in page


def test_answers_on_trial_are_checked_as_later_and_stored_nowhere(manager):
    wrong = manager.post(f"{TRIED}/trial", _do="try", **{"note.text": "ab", "note.long": "Bleibt."})
    right = manager.post(
        f"{TRIED}/trial",
        _do="try",
        **{"note.text": "Hallo", "every_number": "45", "note.rows.0.what": "Ruhe"},
    )

    assert wrong.status_code == 422
    assert "mindestens 3 Zeichen" in words(wrong)
    assert "Bleibt." in wrong.text
    assert "Diese Antworten würden angenommen." in words(right)
    assert "Dauer every_number 45" in words(right)
    assert "what: Ruhe" in words(right)
    assert 'value="Hallo"' not in manager.get(TRIED).text


def test_a_form_on_trial_changes_with_its_answers(manager):
    answered = manager.post(f"{TRIED}/trial/questions", every_yes="true").text
    sent = manager.post(f"{TRIED}/trial", _do="try", _shown="every_yes", every_yes="true")

    assert 'name="note.more"' in answered
    assert "weiteren Fragen" in words(sent)


def test_a_list_on_trial_tells_nothing_of_the_installation(house, manager):
    form = {
        **FORM,
        "id": "listed",
        "components": [
            {
                "id": "q",
                "type": "select",
                "key": "q",
                "label": "Q",
                "properties": {"source": "quarters"},
            }
        ],
    }
    _upload(manager, "listed.form", orjson.dumps(form))

    page = manager.get("/processes/files/listed.form").text

    assert str(house.quarter_id) not in page
    assert "quarters 1" in page


def test_a_broken_form_shows_what_is_wrong_instead(manager):
    _upload(manager, "broken.form", orjson.dumps(BROKEN))

    page = manager.get("/processes/files/broken.form")
    tried = manager.post("/processes/files/broken.form/trial", _do="try")
    manager.post("/processes/files/broken.form/restore")

    assert "Formulare laden nichts von anderswo." in words(page)
    assert "Antworten ausprobieren" not in words(page)
    assert tried.status_code == 200


def test_a_decision_is_drawn_and_says_which_row_answered_and_why(manager):
    shown = words(manager.get(ROUTE))
    decided = manager.post(
        f"{ROUTE}/trial",
        **{"_decision": "route", "input.context": "school", "input.glasl_stage": "4"},
    )

    assert "Trefferregel: FIRST" in shown
    assert "Antwort:" in words(decided)
    assert re.search(r"„Weg vorschlagen“, Zeile \d+: .*Eskalationsstufe = 4", words(decided))
    assert "trifft zu" in words(decided)
    assert 'value="school"' in field(decided.text, "input.context")


@pytest.mark.parametrize(
    ("text", "status"),
    [("((", 422), ("vier", 200), ('__import__("os")', 422), ("1e400", 200), ("x" * 5000, 422)],
)
def test_an_input_that_cannot_be_read_gets_a_sentence_and_stays(manager, text, status):
    answer = manager.post(f"{ROUTE}/trial", **{"_decision": "route", "input.glasl_stage": text})

    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_decision_waits_for_a_draft_without_errors(manager):
    _upload(manager, "broken.form", orjson.dumps(BROKEN))

    shown = manager.get(ROUTE)
    tried = manager.post(f"{ROUTE}/trial", _decision="route")
    manager.post("/processes/files/broken.form/restore")

    assert "sobald die Prüfung keine Fehler mehr findet" in words(shown)
    assert tried.status_code == 422


@pytest.mark.parametrize("role", [Role.QUARTER_MANAGEMENT, Role.CULTURAL_MEDIATOR])
def test_whoever_may_read_processes_may_try_them(house, role):
    visitor = house.visit(role)
    may_read = visitor.get("/processes").status_code == 200

    answer = visitor.post(f"{ROUTE}/trial", _decision="route")

    assert (answer.status_code == 200) is may_read


def test_a_file_that_is_not_there_is_unknown(manager):
    assert manager.post("/processes/files/nowhere.form/trial").status_code == 404
    assert manager.post("/processes/files/x.py/trial/questions").status_code in {404, 422}

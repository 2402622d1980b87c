"""A form with every component: what is sent and refused, forged and kept."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from tests.web.desk import field
from tests.web.entrance import hidden_fields


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


def test_answers_that_bring_up_a_question_which_was_not_shown_do_not_end_the_task_yet(case):
    shown = field(case.page(), "_shown").split('value="')[1].split('"')[0]

    asked = case.send(every_yes="true", note__text="behalten", _shown=shown)

    assert asked.status_code == 200
    assert "Ihre Antworten führen zu weiteren Fragen." in asked.text
    assert "behalten" in asked.text
    shown_now = field(asked.text, "_shown").split('value="')[1].split('"')[0]
    assert "note.more" not in shown.split()
    assert "note.more" in shown_now.split()
    done = case.send(every_yes="true", note__text="behalten", note__more="Ja", _shown=shown_now)
    assert done.status_code == 302
    assert "behalten" in case.file()


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

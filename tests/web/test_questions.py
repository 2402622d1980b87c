"""A form of a bundle on the page: its answers, its errors, its rows, without any script."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from bpmn.errors import Invalid
from bpmn.forms import conditions_of, read_form
from bpmn.forms.values import Asking, as_far_as_typed
from bpmn.host import Host
from bpmn.wording import say
from web import language
from web.pages import filling
from web.pages.questions import Filling, as_text, mistakes, questions
from workflows.inbox import OpenTask

SHOW = '{% import "_fields.html" as fields with context %}{{ fields.layout(parts) }}'


def form_of(*components):
    return read_form(
        orjson.dumps({"type": "default", "id": "f", "title": "F", "components": components})
    )


ROWS = form_of(
    {
        "id": "promises",
        "type": "dynamiclist",
        "path": "agreement.commitments",
        "label": "Zusagen",
        "components": [
            {"id": "what", "type": "textfield", "key": "what", "label": "Was"},
            {"id": "due", "type": "datetime", "subtype": "date", "key": "due", "label": "Bis"},
        ],
    }
)
SECRET = form_of(
    {"id": "asked", "type": "checkbox", "key": "asked", "label": "Gefragt"},
    {
        "id": "more",
        "type": "textfield",
        "key": "note.more",
        "label": "Was noch?",
        "conditional": {"hide": "=asked != true"},
    },
)


@pytest.fixture
def page():
    """Render questions as the task page does."""
    app = Flask("web")
    app.secret_key = "of a test"
    language.install(app)

    def show(parts):
        with app.test_request_context():
            return render_template_string(SHOW, parts=parts)

    with app.test_request_context():
        yield show


def opened(form, variables=None):
    def conditions(answers):
        asking = Asking(lambda _: {}, Host(), variables or {})
        typed = as_far_as_typed(form.fields(), answers, asking)
        return conditions_of(form, typed, variables or {}, asking.host)

    return OpenTask(
        None, "p", "e", form, {}, {}, (), (), None, False, False, True, None, conditions
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("1.50"), "1,50"),
        (Decimal("1E+3"), "1000"),
        (date(2027, 5, 4), "2027-05-04"),
        (datetime(2027, 5, 4, 13, 30, tzinfo=UTC), "2027-05-04T15:30"),
    ],
)
def test_a_value_is_written_as_its_input_takes_it(value, text):
    assert as_text(value) == text


def test_what_a_person_typed_is_shown_as_text(page):
    form = form_of({"id": "a", "type": "textfield", "key": "note.a", "label": "<b>Frage</b>"})

    shown = page(questions(form, Filling({"note.a": '"><script>alert(1)</script>'})))

    assert "<script>" not in shown
    assert "&lt;b&gt;Frage" in shown


def test_an_error_stands_at_its_field_and_in_the_summary(page):
    form = form_of({"id": "a", "type": "textarea", "key": "note.a", "label": "Frage"})

    parts = questions(form, Filling(errors={"note.a": [say("This is too long.")]}))
    listed = list(mistakes(parts))

    assert [(mistake.anchor, mistake.label) for mistake in listed] == [("q-note-a", "Frage")]
    assert 'id="q-note-a"' in page(parts)
    assert 'aria-describedby="q-note-a-error"' in page(parts)


def test_a_row_is_added_and_removed_without_scripts():
    sent = MultiDict(
        {"agreement.commitments.0.what": "Ruhe", "agreement.commitments.1.what": "Grüßen"}
    )

    more = filling.of_sent(opened(ROWS), MultiDict({**sent, "_add": "agreement.commitments"}))
    less = filling.of_sent(opened(ROWS), MultiDict({**sent, "_remove": "agreement.commitments.0"}))

    texts = [row[0].text for row in questions(ROWS, more)[0].rows]
    assert texts == ["Ruhe", "Grüßen", ""]
    assert [row[0].text for row in questions(ROWS, less)[0].rows] == ["Grüßen"]


@pytest.mark.parametrize("number", ["1", "-1", "²", "9" * 5_000])
def test_a_row_that_is_not_there_takes_no_other_along(number):
    key = "agreement.commitments"

    same = filling.of_sent(
        opened(ROWS), MultiDict({f"{key}.0.what": "Ruhe", "_remove": f"{key}.{number}"})
    )

    assert [row[0].text for row in questions(ROWS, same)[0].rows] == ["Ruhe"]


def test_an_empty_row_stays_where_it_is():
    key = "agreement.commitments"
    empty_first = MultiDict({f"{key}.0.what": "", f"{key}.1.what": "Ruhe", f"{key}.2.what": "Gruß"})

    less = filling.of_sent(opened(ROWS), MultiDict({**empty_first, "_remove": f"{key}.1"}))
    more = filling.of_sent(opened(ROWS), MultiDict({f"{key}.0.what": "", "_add": key}))

    assert [row[0].text for row in questions(ROWS, less)[0].rows] == ["", "Gruß"]
    assert [row[0].text for row in questions(ROWS, more)[0].rows] == ["", ""]


def rows_of_ticks(**settings):
    column = {"id": "done", "type": "checkbox", "key": "done", "label": "Erledigt"}
    return form_of(
        {
            "id": "promises",
            "type": "dynamiclist",
            "path": "note.done",
            "label": "Zusagen",
            "components": [column],
            **settings,
        }
    )


def test_a_row_without_any_tick_keeps_its_place(page):
    form = rows_of_ticks()
    shown = page(questions(form, Filling({"note.done": [{}, {"done": "true"}]})))
    places = re.findall(r'name="(note\.done\.\d\._)"', shown)
    sent = MultiDict(dict.fromkeys(places, ""))

    again = filling.of_sent(opened(form), MultiDict({**sent, "note.done.1.done": "true"}))

    assert [row[0].text for row in questions(form, again)[0].rows] == ["false", "true"]


def test_rows_that_nobody_may_add_are_all_there_again():
    form = rows_of_ticks(allowAddRemove=False, defaultRepetitions=3)

    again = filling.of_sent(opened(form), MultiDict({"note.done.0.done": "true"}))

    assert len(questions(form, again)[0].rows) == 3


def test_a_list_of_fifty_rows_does_not_offer_another():
    form = rows_of_ticks()

    assert questions(form, Filling({"note.done": [{}] * 49}))[0].grows
    assert not questions(form, Filling({"note.done": [{}] * 50}))[0].grows


def test_a_new_row_begins_with_the_defaults_of_its_columns():
    kind = {"id": "k", "type": "textfield", "key": "k", "label": "Art", "defaultValue": "offen"}
    form = rows_of_ticks(components=[kind])

    first = filling.of_stored(opened(form))
    second = filling.of_sent(opened(form), MultiDict({"note.done.0.k": "", "_add": "note.done"}))

    assert [row[0].text for row in questions(form, first)[0].rows] == ["offen"]
    assert [row[0].text for row in questions(form, second)[0].rows] == ["", "offen"]


def test_an_empty_list_offers_its_first_row(page):
    parts = questions(ROWS, filling.of_stored(opened(ROWS)))

    assert len(parts[0].rows) == 1
    assert 'name="agreement.commitments.0.what"' in page(parts)


def test_a_wrong_cell_is_named_in_its_row():
    errors = {"agreement.commitments.1.due": [say("This must be a date, such as 04.05.2027.")]}
    answers = {"agreement.commitments": [{"what": "A"}, {"what": "B", "due": "bald"}]}

    parts = questions(ROWS, Filling(answers, errors))

    assert [mistake.anchor for mistake in mistakes(parts)] == ["q-agreement-commitments-1-due"]


def test_answers_that_bring_up_a_question_are_known_by_what_was_shown():
    task = opened(SECRET)

    first = filling.brings_up_more(task, MultiDict({"asked": "true", "_shown": "asked"}))
    second = filling.brings_up_more(task, MultiDict({"asked": "true", "_shown": "asked note.more"}))

    assert (first, second) == (True, False)


def test_answers_in_a_row_that_bring_up_a_question_are_known_by_what_was_shown():
    columns = [
        {"id": "asked", "type": "checkbox", "key": "asked", "label": "Gefragt"},
        {
            "id": "more",
            "type": "textfield",
            "key": "more",
            "label": "Was noch?",
            "conditional": {"hide": "=asked != true"},
        },
    ]
    task = opened(rows_of_ticks(components=columns))
    ticked = {"note.done.0.asked": "true"}

    first = filling.brings_up_more(
        task, MultiDict({**ticked, "_shown": "note.done note.done.0.asked"})
    )
    second = filling.brings_up_more(
        task, MultiDict({**ticked, "_shown": "note.done note.done.0.asked note.done.0.more"})
    )

    assert (first, second) == (True, False)


def test_a_draft_holds_what_was_typed_and_nothing_of_the_page():
    kept = filling.answers_sent(
        MultiDict(
            {"_csrf_token": "x", "_command": "y", "_back": "/", "back": "12", "note.a": "Text"}
        )
    )

    assert dict(kept) == {"back": "12", "note.a": "Text"}


def test_what_is_refused_keeps_what_was_sent():
    refusal = Invalid(say("No."), {"asked": [say("This must be yes or no.")]})

    filled = filling.of_sent(opened(SECRET), MultiDict({"asked": "vielleicht"}), refusal)

    assert filled.answers["asked"] == "vielleicht"

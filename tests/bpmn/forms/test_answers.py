from datetime import date, datetime, time
from decimal import Decimal

import pytest

from bpmn.forms import initial_answers, raw_answers
from bpmn.host import BERLIN
from tests.bpmn.forms.making import answer, complaints, form, page

REACHED = {
    "type": "radio",
    "key": "reached",
    "validate": {"required": True},
    "values": [{"label": "Ja", "value": "yes"}, {"label": "Nein", "value": "no"}],
}


YES_NO = [{"label": "Ja", "value": True}, {"label": "Nein", "value": False}]


@pytest.mark.parametrize(
    ("component", "sent", "value"),
    [
        ({"type": "textfield"}, "  Hof ", "Hof"),
        ({"type": "textarea"}, "a\r\nb", "a\nb"),
        ({"type": "number"}, "3,5", Decimal("3.5")),
        ({"type": "datetime", "subtype": "date"}, "2027-05-04", date(2027, 5, 4)),
        ({"type": "datetime", "subtype": "date"}, "04.05.2027", date(2027, 5, 4)),
        ({"type": "datetime", "subtype": "time"}, "15:30", time(15, 30)),
        (
            {"type": "datetime", "subtype": "datetime"},
            "2027-05-04T15:30",
            datetime(2027, 5, 4, 15, 30, tzinfo=BERLIN),
        ),
        ({"type": "datetime", "subtype": "time"}, "9.30 Uhr", time(9, 30)),
        ({"type": "datetime", "subtype": "time"}, "15:30:15.5", time(15, 30, 15)),
        (
            {"type": "datetime", "subtype": "datetime"},
            "4.5.2027, 15.30 Uhr",
            datetime(2027, 5, 4, 15, 30, tzinfo=BERLIN),
        ),
        ({"type": "number", "decimalDigits": 3}, "1.500", Decimal("1.5")),
        ({"type": "number"}, "0.125", Decimal("0.125")),
        ({"type": "checkbox"}, "on", True),
        ({"type": "radio", "values": YES_NO}, "false", False),
        ({"type": "select", "properties": {"source": "parties"}}, "p2", "p2"),
        ({"type": "taglist", "properties": {"source": "parties"}}, ["p2", "p1"], ["p2", "p1"]),
        (
            {
                "type": "checklist",
                "values": [{"label": "4", "value": 4}, {"label": "5", "value": 5}],
            },
            ["5"],
            [Decimal(5)],
        ),
    ],
)
def test_what_a_browser_sends_becomes_a_typed_value(component, sent, value):
    loaded = answer({**component, "key": "answer"}, page(answer=sent))

    assert loaded == {"answer": value}
    assert type(loaded["answer"]) is type(value)


@pytest.mark.parametrize(
    ("component", "sent", "sentence"),
    [
        ({"type": "number"}, "viel", "This must be a number."),
        ({"type": "number"}, "1e999", "This must be a number."),
        ({"type": "number", "decimalDigits": 0}, "1.5", "This must be a whole number."),
        ({"type": "number", "validate": {"min": 1}}, "0", "This must be at least 1."),
        ({"type": "number", "validate": {"max": 9}}, "10", "This must be at most 9."),
        ({"type": "datetime"}, "31.02.2027", "This must be a date, such as 04.05.2027."),
        (
            {"type": "datetime", "properties": {"max": "=today()"}},
            "2027-05-05",
            "This must not be after 04.05.2027.",
        ),
        (
            {"type": "datetime", "subtype": "datetime"},
            "2027-03-28T02:30",
            "This time does not exist: the clocks are put forward that night.",
        ),
        (
            {"type": "datetime", "subtype": "datetime"},
            "0001-01-01T00:00",
            "This must be a date and a time, such as 04.05.2027 15:30.",
        ),
        (
            {"type": "datetime", "subtype": "datetime"},
            "2027-05-04",
            "This must be a date and a time, such as 04.05.2027 15:30.",
        ),
        ({"type": "datetime", "subtype": "time"}, "25.00", "This must be a time, such as 15:30."),
        ({"type": "number"}, "1_000", "This must be a number."),
        (
            {"type": "number"},
            "1.500",
            "Please write the number without dots between thousands, such as 1500 or 2,5.",
        ),
        (
            {"type": "number", "decimalDigits": 2},
            "1.500.000,50",
            "Please write the number without dots between thousands, such as 1500 or 2,5.",
        ),
        (
            {"type": "datetime", "subtype": "datetime", "properties": {"max": "=now()"}},
            "2027-05-04T12:01",
            "This must not be after 04.05.2027 12:00.",
        ),
        (
            {"type": "textfield", "validate": {"maxLength": 3}},
            "Hofe",
            "This is 4 characters long; at most 3 are possible.",
        ),
        (
            {"type": "textfield", "validate": {"minLength": 3}},
            "ab",
            "Please write at least 3 characters.",
        ),
        ({"type": "textfield"}, "a\nb", "This must fit on one line."),
        ({"type": "textarea"}, "a\x00b", "This text holds invisible control characters."),
        (
            {"type": "textfield", "validate": {"pattern": "^[0-9]{5}$"}},
            "5809",
            "This does not have the expected form.",
        ),
        (
            {"type": "select", "properties": {"source": "parties"}},
            "p3",
            "This is not among the options (any more). Please choose again.",
        ),
        ({"type": "checkbox", "validate": {"required": True}}, [], "This must be ticked to go on."),
        (
            {"type": "radio", "values": YES_NO, "validate": {"required": True}},
            "",
            "Please answer this.",
        ),
        (
            {"type": "number", "properties": {"check": "=answer != 7", "message": "Nicht sieben."}},
            "7",
            "Nicht sieben.",
        ),
    ],
)
def test_a_wrong_answer_gets_a_sentence_at_its_field(component, sent, sentence):
    assert complaints({**component, "key": "answer"}, page(answer=sent)) == {"answer": [sentence]}


def test_a_no_is_an_answer_to_a_required_question():
    asked = {"type": "radio", "key": "weapon", "values": YES_NO, "validate": {"required": True}}

    assert answer(asked, {"weapon": False}) == {"weapon": False}


def test_an_answer_for_each_field_comes_back_even_when_nothing_was_sent():
    asked = form(
        {"type": "number", "key": "a"},
        {"type": "checkbox", "key": "b"},
        {**REACHED, "validate": {}},
    )

    assert answer(asked, page()) == {"a": None, "b": False, "reached": None}


def test_in_json_the_point_of_a_number_parts_no_thousands():
    loaded = answer({"type": "number", "key": "answer"}, {"answer": 12.125})

    assert loaded == {"answer": Decimal("12.125")}


def test_json_may_nest_or_use_full_keys():
    asked = form({"type": "textfield", "key": "note.text"}, {"type": "number", "key": "a"})

    assert answer(asked, {"note": {"text": "x"}, "a": 2}) == answer(
        asked, {"note.text": "x", "a": "2"}
    )


@pytest.mark.parametrize("sent", [["p1", ["p2"]], [{"id": "p1"}], {"id": "p1"}])
def test_json_that_nests_its_choices_is_a_wrong_answer(sent):
    component = {"type": "taglist", "key": "answer", "properties": {"source": "parties"}}

    assert list(complaints(component, {"answer": sent})) == ["answer"]


def test_json_with_an_unknown_field_is_refused_by_name():
    assert complaints(form(REACHED), {"reached": "yes", "mediator": "m1"}) == {
        "mediator": ["The form has no field “mediator”."]
    }


def test_a_page_may_send_other_inputs_beside_the_form():
    assert answer(form(REACHED), page(reached="yes", csrf_token="t")) == {"reached": "yes"}


def test_all_wrong_fields_are_named_at_once():
    asked = form(REACHED, {"type": "number", "key": "a"}, {"type": "number", "key": "b"})

    assert set(complaints(asked, page(reached="maybe", a="x"))) == {"reached", "a"}


def test_a_readonly_field_is_shown_and_never_taken():
    asked = form({"type": "number", "key": "stage", "readonly": True}, REACHED)

    assert answer(asked, page(stage="9", reached="no")) == {"reached": "no"}


def test_a_hidden_field_is_not_required_and_never_taken():
    asked = form(
        REACHED,
        {
            "type": "textfield",
            "key": "note.language",
            "validate": {"required": True},
            "conditional": {"hide": '=reached != "yes"'},
        },
    )

    assert answer(asked, page(reached="no", note__language="bg"))["note.language"] is None
    assert set(complaints(asked, page(reached="yes"))) == {"note.language"}


def test_a_condition_may_ask_the_process_and_a_hidden_group_hides_its_fields():
    asked = form(
        {
            "type": "group",
            "conditional": {"hide": "=route = route_proposal"},
            "components": [
                {"id": "why", "type": "textarea", "key": "note.why", "validate": {"required": True}}
            ],
        },
        {"type": "select", "key": "route", "values": [{"label": "A", "value": "a"}]},
    )

    assert answer(asked, page(route="a"), route_proposal="a") == {"note.why": None, "route": "a"}
    assert set(complaints(asked, page(route="a"), route_proposal="b")) == {"note.why"}


def test_what_one_condition_hides_counts_as_unanswered_for_the_next():
    hide_b = {"conditional": {"hide": '=reached = "no"'}}
    asked = form(
        REACHED,
        {"type": "checkbox", "key": "b", **hide_b},
        {
            "type": "number",
            "key": "c",
            "validate": {"required": True},
            "conditional": {"hide": "=b != true"},
        },
    )

    assert answer(asked, page(reached="no", b="on")) == {"reached": "no", "b": None, "c": None}


def test_a_draft_keeps_what_was_sent_unchecked():
    asked = form(REACHED, {"type": "number", "key": "a"})

    assert raw_answers(asked.fields(), page(reached="maybe", a="x")) == {
        "reached": "maybe",
        "a": "x",
    }


def test_a_form_starts_with_what_is_known_or_else_with_its_defaults():
    asked = form(
        {"type": "number", "key": "a", "defaultValue": 3}, {**REACHED, "defaultValue": "no"}
    )

    assert initial_answers(asked, {"reached": "yes"}) == {"a": 3, "reached": "yes"}

"""What an answer must obey beyond its type: formulas, counts, steps and days."""

from datetime import date

import pytest

from tests.bpmn.forms.making import answer, complaints, form

CHOICES = [{"label": each, "value": each} for each in ("a", "b", "c")]


def number(**settings):
    return {"type": "number", "key": "n", **settings}


def day(subtype="date", **settings):
    return {"type": "datetime", "subtype": subtype, "key": "d", **settings}


def text(kind):
    return {"type": "textfield", "key": "t", "validate": {"validationType": kind}}


def several(kind="checklist", **properties):
    return {"type": kind, "key": "s", "values": CHOICES, "properties": properties}


@pytest.mark.parametrize(
    ("component", "sent", "sentence"),
    [
        (number(increment=5), {"n": "7"}, "Only multiples of 5 are possible."),
        (number(increment="0.1"), {"n": "0.25"}, "Only multiples of 0,1 are possible."),
        (day(disallowPassedDates=True), {"d": "2027-05-03"}, "This day has passed already."),
        (
            day("datetime", disallowPassedDates=True),
            {"d": "2027-05-03T23:59"},
            "This day has passed already.",
        ),
        (
            day("datetime", properties={"max": "=today()"}),
            {"d": "2027-05-05T00:30"},
            "This must not be after 04.05.2027.",
        ),
        (
            day(properties={"min": "=now()"}),
            {"d": "2027-05-03"},
            "This must not be before 04.05.2027.",
        ),
        (
            day("time", properties={"min": '=time("08:00:00")'}),
            {"d": "07:30"},
            "This must not be before 08:00.",
        ),
        (
            day("time", properties={"min": '=time("12:30:00+05:00")'}),
            {"d": "09:29"},
            "This must not be before 09:30.",
        ),
        (
            number(properties={"min": "=1000000 * 1000000"}),
            {"n": "1"},
            "This must be at least 1000000000000.",
        ),
        (several(min=2), {"s": ["a"]}, "At least 2 entries are needed."),
        (several(max="=1 + 1"), {"s": ["a", "b", "c"]}, "At most 2 entries are possible."),
        (text("email"), {"t": "mira"}, "This must be an e-mail address, such as name@example.org."),
        (
            text("email"),
            {"t": "mira@example"},
            "This must be an e-mail address, such as name@example.org.",
        ),
        (text("phone"), {"t": "soon"}, "This must be a telephone number, such as 0221 1234567."),
        (text("phone"), {"t": "110"}, "This must be a telephone number, such as 0221 1234567."),
    ],
)
def test_an_answer_beyond_its_limits_gets_a_sentence(component, sent, sentence):
    assert list(complaints(component, sent).values()) == [[sentence]]


@pytest.mark.parametrize(
    ("component", "sent"),
    [
        (number(increment=5), {"n": "-10"}),
        (number(increment="0.1"), {"n": "0.3"}),
        (number(increment="0.0000000001"), {"n": "9999999999999999999999999999999999"}),
        (day(disallowPassedDates=True), {"d": "2027-05-04"}),
        (day("datetime", disallowPassedDates=True), {"d": "2027-05-04T00:01"}),
        (day("datetime", properties={"max": "=today()"}), {"d": "2027-05-04T23:59"}),
        (several(min=2), {"s": []}),
        (text("email"), {"t": "mira.musterova+x@mail.example.org"}),
        (text("phone"), {"t": "+49 (221) 123-45 67"}),
        (text("phone"), {"t": "0221/1234567"}),
    ],
)
def test_an_answer_within_its_limits_is_taken(component, sent):
    assert answer(component, sent)


def test_a_formula_may_require_an_answer():
    asked = form(
        {"type": "checkbox", "key": "hurt"},
        {"type": "textfield", "key": "note.how", "properties": {"required": "=hurt"}},
    )

    assert answer(asked, {"hurt": False}) == {"hurt": False, "note.how": None}
    assert complaints(asked, {"hurt": True}) == {"note.how": ["Please answer this."]}


def test_what_a_formula_locks_is_not_taken_and_counts_as_what_the_process_knows():
    asked = form(
        {"type": "checkbox", "key": "settled"},
        number(readonly="=settled"),
        {"type": "number", "key": "more", "validate": {"min": "=n"}},
    )

    assert answer(asked, {"settled": True, "n": 9, "more": 4}, n=3) == {"settled": True, "more": 4}
    assert answer(asked, {"settled": False, "n": 9, "more": 9}, n=3)["n"] == 9
    assert complaints(asked, {"settled": True, "n": 0, "more": 2}, n=3) == {
        "more": ["This must be at least 3."]
    }


def test_a_locked_answer_that_is_wrong_disturbs_nobody():
    asked = form({"type": "checkbox", "key": "settled"}, number(readonly="=settled"))

    assert answer(asked, {"settled": True, "n": "nonsense"}) == {"settled": True}


def test_a_list_may_want_a_number_of_rows():
    rows = {
        "type": "dynamiclist",
        "path": "note.rows",
        "components": [{"id": "c", "type": "textfield", "key": "c"}],
    }
    some = {**rows, "properties": {"min": 1, "max": 2}}
    fixed = {**rows, "allowAddRemove": False, "defaultRepetitions": 1}

    assert answer(some, {"note.rows": [{"c": "x"}]})
    assert complaints(some, {"note.rows": [{"c": "x"}] * 3}) == {
        "note.rows": ["At most 2 entries are possible."]
    }
    assert complaints(fixed, {"note.rows": [{"c": "x"}] * 2}) == {
        "note.rows": ["Only one entry is possible here."]
    }


def test_the_formulas_of_a_row_decide_for_that_row():
    asked = form(
        {
            "type": "dynamiclist",
            "path": "note.rows",
            "components": [
                {"id": "open", "type": "checkbox", "key": "open"},
                {"id": "due", "type": "datetime", "subtype": "date", "key": "due"}
                | {"conditional": {"hide": "=open != true"}, "properties": {"required": "=open"}},
            ],
        }
    )
    day_one = {"open": True, "due": "2027-05-06"}

    taken = answer(asked, {"note.rows": [day_one, {"open": False, "due": "2027-05-06"}]})
    wrong = complaints(asked, {"note.rows": [day_one, {"open": True}]})

    assert [row["due"] for row in taken["note.rows"]] == [date(2027, 5, 6), None]
    assert wrong == {"note.rows.1.due": ["Please answer this."]}


def test_answers_of_a_wrong_kind_and_broken_rules_are_named_at_once():
    asked = form(number(increment=5), text("email"), day(validate={"required": True}))

    assert set(complaints(asked, {"n": "7", "t": "mira", "d": ""})) == {"n", "t", "d"}


def test_files_are_answers_from_the_list_of_what_was_uploaded():
    asked = form({"type": "filepicker", "key": "note.file", "validate": {"required": True}})

    assert answer(asked, {"note.file": ["u1"]}) == {"note.file": ["u1"]}
    assert complaints(asked, {"note.file": ["u1", "u2"]}) == {
        "note.file": ["Only one entry is possible here."]
    }
    assert complaints(asked, {"note.file": ["elsewhere"]}) == {
        "note.file": ["This is not among the options (any more). Please choose again."]
    }
    assert complaints(asked, {"note.file": []}) == {"note.file": ["Please answer this."]}

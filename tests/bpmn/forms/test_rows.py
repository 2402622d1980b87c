from datetime import date
from decimal import Decimal

from tests.bpmn.forms.making import answer, complaints, form, page

ROWS = {
    "type": "dynamiclist",
    "path": "agreement.commitments",
    "components": [
        {
            "id": "who",
            "type": "select",
            "key": "who",
            "properties": {"source": "parties"},
            "validate": {"required": True},
        },
        {
            "id": "due",
            "type": "datetime",
            "key": "due",
            "properties": {"min": "=today()"},
        },
    ],
}


def test_a_list_of_rows_is_read_from_a_page_and_empty_rows_are_dropped():
    sent = page(
        **{
            "agreement.commitments.0.who": "p1",
            "agreement.commitments.0.due": "2027-06-01",
            "agreement.commitments.7.who": "",
            "agreement.commitments.12.who": "p2",
        }
    )

    assert answer(ROWS, sent) == {
        "agreement.commitments": [
            {"who": "p1", "due": date(2027, 6, 1)},
            {"who": "p2", "due": None},
        ]
    }


def test_rows_that_say_nothing_count_for_nothing():
    columns = [
        {"id": "what", "type": "textfield", "key": "what"},
        {"id": "kind", "type": "textfield", "key": "kind", "defaultValue": "open"},
    ]
    rows = {"type": "dynamiclist", "path": "note.rows", "components": columns}
    asked = form(
        rows,
        {"type": "number", "key": "n", "conditional": {"hide": "=count(note.rows) > 0"}},
    )
    untouched = page(note__rows__0__what="", note__rows__0__kind="open", n="1")

    assert answer(asked, untouched) == {"note.rows": [], "n": Decimal(1)}
    assert answer(asked, {"note.rows": [{"kind": "open"}, {"kind": "done"}], "n": 1}) == {
        "note.rows": [{"what": None, "kind": "done"}],
        "n": None,
    }


def test_a_cell_that_cannot_be_read_is_not_taken_for_an_empty_row():
    sent = page(agreement__commitments__0__who="", agreement__commitments__1__due="bald")

    assert complaints(ROWS, sent)["agreement.commitments.1.due"] == [
        "This must be a date, such as 04.05.2027."
    ]


def test_a_list_of_rows_is_read_from_json():
    sent = {"agreement": {"commitments": [{"who": "p1"}]}}

    assert answer(ROWS, sent) == {"agreement.commitments": [{"who": "p1", "due": None}]}


def test_a_wrong_cell_is_named_with_its_row():
    sent = {"agreement.commitments": [{"who": "p1"}, {"due": "2027-05-03"}]}

    assert complaints(ROWS, sent) == {
        "agreement.commitments.1.who": ["Please answer this."],
        "agreement.commitments.1.due": ["This must not be before 04.05.2027."],
    }


def test_a_list_of_rows_ends_somewhere():
    sent = {"agreement.commitments": [{"who": "p1"}] * 51}

    assert complaints(ROWS, sent) == {"agreement.commitments": ["At most 50 rows are possible."]}

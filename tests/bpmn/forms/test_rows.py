from datetime import date

from tests.bpmn.forms.making import answer, complaints, page

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

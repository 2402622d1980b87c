from bpmn.forms import case_file_fields, free_process_fields, process_fields
from tests.bpmn.forms.making import HOST, form


def test_a_prefix_decides_what_goes_into_the_case_file():
    asked = form({"type": "textarea", "key": "note.text"}, {"type": "number", "key": "glasl_stage"})

    assert [field.key for field in case_file_fields(asked, HOST)] == ["note.text"]
    assert [field.key for field in process_fields(asked, HOST)] == ["glasl_stage"]


def test_a_prefix_needs_its_dot_and_must_be_a_known_one():
    asked = form({"type": "number", "key": "note"}, {"type": "number", "key": "other.text"})

    assert case_file_fields(asked, HOST) == ()


def test_process_fields_that_could_hold_a_sentence_are_found():
    asked = form(
        {"type": "textfield", "key": "name"},
        {"type": "textarea", "key": "note.text"},
        {"type": "dynamiclist", "path": "rows", "components": []},
        {"type": "select", "key": "route", "values": [{"label": "A", "value": "a"}]},
    )

    assert [field.key for field in free_process_fields(asked, HOST)] == ["name", "rows"]

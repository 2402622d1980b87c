"""Every setting that the form editor writes is carried out, or refused by its name."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bpmn.forms import FieldKind, UnreadableForm, read_form
from bpmn.forms.vocabulary import PROPERTIES, SETTINGS
from tests.bpmn.forms.making import form, written

CHOICE = {"values": [{"label": "Ja", "value": "yes"}, {"label": "Nein", "value": "no"}]}
QUESTIONS = {
    "textfield": {},
    "textarea": {},
    "number": {},
    "datetime": {"subtype": "date"},
    "checkbox": {},
    "radio": CHOICE,
    "select": CHOICE,
    "checklist": CHOICE,
    "taglist": CHOICE,
    "filepicker": {},
    "dynamiclist": {"path": "rows", "components": [{"id": "c", "type": "number", "key": "c"}]},
}
"""The least that each question needs."""

CARRIED_OUT = {
    "label": "Frage?",
    "description": "Kurz.",
    "readonly": True,
    "disabled": True,
    "conditional": {"hide": "=b"},
    "layout": {"row": "Row_1", "columns": 8},
    "validate": {"required": True},
    "properties": {"required": "=b", "check": "=b", "message": "Nein."},
}
"""What every question knows."""

SPECIAL = {
    "textfield": [
        {"defaultValue": "Text"},
        {"appearance": {"prefixAdorner": "€", "suffixAdorner": "je Tag"}},
        {"validate": {"minLength": 1, "maxLength": 9, "pattern": "[a-z]+"}},
        {"validate": {"validationType": "email"}},
        {"validate": {"validationType": "phone"}},
        {"validate": {"validationType": "custom", "pattern": "[0-9]+"}},
    ],
    "textarea": [{"defaultValue": "Text"}, {"validate": {"minLength": 1, "maxLength": 9}}],
    "number": [
        {"defaultValue": 3},
        {"decimalDigits": 2},
        {"increment": 0.5},
        {"increment": "0.5"},
        {"serializeToString": False},
        {"appearance": {"suffixAdorner": "Minuten"}},
        {"validate": {"min": 0, "max": "=b"}},
    ],
    "datetime": [
        {"defaultValue": "2027-05-04"},
        {"dateLabel": "Tag"},
        {"disallowPassedDates": True},
        {"subtype": "time", "timeInterval": 15, "timeLabel": "Zeit", "use24h": True},
        {"subtype": "time", "timeSerializingFormat": "no_timezone"},
        {"subtype": "datetime", "timeSerializingFormat": "utc_offset"},
        {"properties": {"min": "=today()", "max": "=b"}},
    ],
    "checkbox": [{"defaultValue": True}],
    "radio": [{"defaultValue": "yes"}],
    "select": [{"defaultValue": "no"}, {"searchable": True}],
    "checklist": [{"defaultValue": ["yes"]}, {"properties": {"min": 1, "max": 2}}],
    "taglist": [{"defaultValue": ["yes", "no"]}],
    "filepicker": [{"accept": ".pdf, image/*"}, {"multiple": True}, {"properties": {"min": 1}}],
    "dynamiclist": [
        {"isRepeating": True, "allowAddRemove": True, "defaultRepetitions": 2},
        {"allowAddRemove": False},
        {"showOutline": True, "verticalAlignment": "end"},
        {"disableCollapse": True},
        {"properties": {"min": 1, "max": 5}},
    ],
}

REFUSED = {
    "textfield": [
        ({"defaultValue": 3}, "default value"),
        ({"defaultValue": "lang", "validate": {"maxLength": 2}}, "default value"),
        ({"validate": {"minLength": "=b"}}, "validate.minLength"),
        ({"validate": {"validationType": "iban"}}, "validate.validationType"),
        ({"validate": {"pattern": "(a+)+("}}, ""),
        ({"validate": {"min": 1}}, "validate.min"),
        ({"properties": {"min": 1}}, "properties.min"),
        ({"properties": {"source": "parties"}}, "properties.source"),
        ({"appearance": {"prefixAdorner": "=b"}}, "appearance.prefixAdorner"),
        ({"values": []}, "values"),
        ({"label": ""}, "label"),
        ({"label": "{{name}}"}, "label"),
        ({"description": "=name"}, "description"),
        ({"disabled": "=b"}, "disabled"),
        ({"readonly": "b"}, "readonly"),
        ({"conditional": {"hide": "b"}}, "conditional.hide"),
        ({"conditional": {"show": "=b"}}, "conditional.show"),
        ({"layout": {"columns": 17}}, "layout.columns"),
        ({"layout": {"columns": "half"}}, "layout.columns"),
        ({"layout": {"height": 3}}, "layout.height"),
        ({"layout": "wide"}, "layout"),
        ({"properties": {"check": "=b"}}, "message"),
        ({"properties": {"colour": "red"}}, "properties.colour"),
    ],
    "textarea": [({"appearance": {}}, "appearance")],
    "number": [
        ({"defaultValue": "many"}, "default value"),
        ({"defaultValue": True}, "default value"),
        ({"defaultValue": 3, "validate": {"max": 2}}, "default value"),
        ({"defaultValue": 0.3, "increment": 0.5}, "default value"),
        ({"serializeToString": True}, "serializeToString"),
        ({"increment": 0}, "increment"),
        ({"increment": "1e-999999"}, "increment"),
        ({"increment": "=b"}, "increment"),
        ({"decimalDigits": -1}, "decimalDigits"),
        ({"validate": {"min": 1}, "properties": {"min": 2}}, "min"),
    ],
    "datetime": [
        ({"defaultValue": "soon"}, "default value"),
        ({"subtype": "week"}, "neither date nor time"),
        ({"subtype": "time", "timeSerializingFormat": "utc_offset"}, "timeSerializingFormat"),
        ({"subtype": "datetime", "timeSerializingFormat": "utc_normalized"}, "timeSerializing"),
        ({"subtype": "time", "timeInterval": 90}, "timeInterval"),
        ({"subtype": "time", "disallowPassedDates": True}, "disallowPassedDates"),
        ({"properties": {"min": "2027-05-04"}}, "2027-05-04"),
        ({"properties": {"min": 3}}, "3"),
    ],
    "checkbox": [({"defaultValue": "true"}, "default value")],
    "radio": [({"defaultValue": "maybe"}, "default value"), ({"valuesKey": "x"}, "valuesKey")],
    "select": [
        ({"valuesExpression": "=b"}, "valuesExpression"),
        ({"values": None}, "source"),
        ({"values": [{"label": "", "value": "x"}]}, "source"),
        ({"values": None, "properties": {"source": "parties"}, "defaultValue": "p"}, "parties"),
    ],
    "checklist": [
        ({"defaultValue": "yes"}, "default value"),
        ({"properties": {"min": 1.5}}, "properties.min"),
        ({"properties": {"min": "-1"}}, "-1"),
    ],
    "taglist": [({"defaultValue": ["maybe"]}, "default value")],
    "filepicker": [
        ({"accept": ".exe"}, ".exe"),
        ({"multiple": "=b"}, "multiple"),
        ({"defaultValue": []}, "defaultValue"),
    ],
    "dynamiclist": [
        ({"isRepeating": False}, "isRepeating"),
        ({"nonCollapsedItems": 3}, "nonCollapsedItems"),
        ({"disableCollapse": False}, "disableCollapse"),
        ({"defaultRepetitions": 21}, "defaultRepetitions"),
        ({"verticalAlignment": "top"}, "verticalAlignment"),
        ({"components": [{"id": "f", "type": "filepicker", "key": "f"}]}, "list of rows"),
        ({"defaultValue": []}, "defaultValue"),
        ({"defaultValue": "x"}, "defaultValue"),
        ({"id": ""}, "has no id"),
    ],
}


def asked(kind, **settings):
    needed = {"type": kind, "key": "answer", **QUESTIONS[kind]}
    if kind == "dynamiclist":
        del needed["key"]
    return {**needed, **settings}


def complaints(*components):
    with pytest.raises(UnreadableForm) as refused:
        read_form(written(*components))
    return " ".join(str(problem.sentence) for problem in refused.value.problems)


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("setting", CARRIED_OUT)
def test_every_question_knows_the_common_settings(kind, setting):
    assert form(asked(kind, **{setting: CARRIED_OUT[setting]}))


@pytest.mark.parametrize(
    ("kind", "settings"), [(kind, each) for kind, many in SPECIAL.items() for each in many]
)
def test_a_question_knows_the_settings_of_its_kind(kind, settings):
    assert form(asked(kind, **settings))


@pytest.mark.parametrize(
    ("kind", "settings", "named"),
    [(kind, settings, named) for kind, many in REFUSED.items() for settings, named in many],
)
def test_what_would_not_be_carried_out_is_refused_by_name(kind, settings, named):
    assert named in complaints(asked(kind, **settings))


@pytest.mark.parametrize(
    "kind",
    ["image", "button", "table", "iframe", "expression", "documentPreview", "multipage", "page"],
)
def test_a_component_that_forms_do_not_have_is_refused_with_what_to_do(kind):
    sentence = complaints({"type": kind})

    assert f"is a “{kind}”; forms do not support that." in sentence
    assert not sentence.endswith("that. ")


@pytest.mark.parametrize(
    "component",
    [
        {"type": "text", "text": "Hallo"},
        {"type": "html", "content": "<p>Hallo</p>"},
        {"type": "separator"},
        {"type": "spacer", "height": 60},
        {"type": "group", "label": "", "showOutline": True, "verticalAlignment": "center"}
        | {"components": []},
    ],
)
def test_what_is_only_read_knows_its_settings(component):
    assert form({**component, "conditional": {"hide": "=b"}, "layout": {"columns": 4}})


@pytest.mark.parametrize(
    ("component", "named"),
    [
        ({"type": "text", "text": "x", "content": "y"}, "content"),
        ({"type": "html", "content": "x", "text": "y"}, "text"),
        ({"type": "separator", "height": 3}, "height"),
        ({"type": "spacer", "height": "big"}, "height"),
        ({"type": "group", "components": [], "properties": {}}, "properties"),
        ({"type": "group", "components": [], "verticalAlignment": "left"}, "verticalAlignment"),
    ],
)
def test_what_is_only_read_is_held_to_its_settings_too(component, named):
    assert named in complaints(component)


def test_a_row_has_sixteen_columns():
    wide = {"type": "number", "layout": {"row": "r", "columns": 9}}

    assert "wider than 16" in complaints({**wide, "key": "a"}, {**wide, "key": "b"})


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (asked("number", defaultValue=3), Decimal(3)),
        (asked("datetime", defaultValue="2027-05-04"), date(2027, 5, 4)),
        (asked("checkbox", defaultValue=False), False),
        (asked("checklist", defaultValue=["no"]), ["no"]),
    ],
)
def test_a_default_is_kept_as_a_typed_value(component, value):
    (field,) = form(component).fields()

    assert field.default == value
    assert type(field.default) is type(value)


def test_a_form_names_for_each_formula_the_answers_in_reach():
    read = form(
        asked("number", key="note.age", conditional={"hide": "=seen"}, readonly="=x > 1"),
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [
                {"id": "due", "type": "number", "key": "due", "properties": {"required": "=who"}},
                {"id": "who", "type": "checkbox", "key": "who"},
            ],
        },
    )

    assert [
        (each.component, each.place, each.text, set(each.names)) for each in read.formulas()
    ] == [
        ("Field_0", "hide", "seen", {"note", "rows"}),
        ("Field_0", "readonly", "x > 1", {"note", "rows"}),
        ("due", "required", "who", {"due", "who"}),
    ]


def test_a_file_is_a_kind_of_its_own():
    (field,) = form(asked("filepicker", multiple=True)).fields()

    assert field.kind is FieldKind.FILES
    assert field.is_free
    assert field.looks.several_files


def test_every_component_and_every_property_of_ours_is_documented():
    described = (Path(__file__).parents[3] / "docs" / "how-to" / "forms.md").read_text("utf-8")
    own = set().union(*PROPERTIES.values())

    assert [name for name in (*SETTINGS, *sorted(own)) if f"`{name}`" not in described] == []

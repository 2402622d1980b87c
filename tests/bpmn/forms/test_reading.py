import json

import pytest

from bpmn.forms import FieldKind, Group, Prose, UnreadableForm, read_form
from tests.bpmn.forms.making import form, written


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(UnreadableForm) as refused:
        read_form(content)
    return [str(problem.sentence) for problem in refused.value.problems]


def test_a_field_keeps_what_a_page_needs_to_show_it():
    asked = form(
        {
            "type": "select",
            "key": "jurisdiction",
            "label": "Zuständig?",
            "description": "Nach Adresse",
            "values": [{"label": "Ja", "value": "yes"}, {"label": "Nein", "value": "no"}],
            "validate": {"required": True},
            "layout": {"row": "Row_1", "columns": 8},
        }
    )

    (field,) = asked.fields()
    assert (field.key, field.label, field.description) == (
        "jurisdiction",
        "Zuständig?",
        "Nach Adresse",
    )
    assert [(option.value, option.label) for option in field.options] == [
        ("yes", "Ja"),
        ("no", "Nein"),
    ]
    assert field.rules.required
    assert (field.layout.row, field.layout.columns) == ("Row_1", 8)


def test_the_paths_of_groups_and_lists_become_part_of_the_key():
    asked = form(
        {
            "type": "group",
            "path": "agreement",
            "components": [
                {
                    "id": "list",
                    "type": "dynamiclist",
                    "path": "commitments",
                    "components": [
                        {"id": "what", "type": "textfield", "key": "what"},
                    ],
                },
            ],
        },
    )

    (group,) = asked.components
    assert isinstance(group, Group)
    (rows,) = asked.fields()
    assert (rows.key, rows.kind) == ("agreement.commitments", FieldKind.ROWS)
    assert [column.key for column in rows.components] == ["what"]


@pytest.mark.parametrize(
    ("subtype", "kind"),
    [("date", FieldKind.DATE), ("time", FieldKind.TIME), ("datetime", FieldKind.DATE_TIME)],
)
def test_date_and_time_are_told_apart_by_their_subtype(subtype, kind):
    (field,) = form({"type": "datetime", "subtype": subtype, "key": "at"}).fields()

    assert field.kind is kind


def test_explanations_become_safe_html():
    asked = form({"type": "text", "text": "# Kurz\n\n**Wichtig** <script>\n\n- eins\n- zwei"})

    (prose,) = asked.components
    assert isinstance(prose, Prose)
    assert prose.html == (
        "<h2>Kurz</h2><p><strong>Wichtig</strong> &lt;script&gt;</p>"
        "<ul><li>eins</li><li>zwei</li></ul>"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="x()">a</p>',
        '<a href="javascript:x()">a</a>',
        "<img src=x>",
        "<p>{{name}}</p>",
        "a\x01b",
    ],
)
def test_html_that_could_do_something_is_refused(html):
    assert problems_of(written({"type": "html", "content": html}))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "[Hilfe](https://example.org/a_b_c*d*e)",
            '<p><a href="https://example.org/a_b_c*d*e">Hilfe</a></p>',
        ),
        (
            "**vor** [*mit* Ton](https://example.org/_x_) _nach_",
            '<p><strong>vor</strong> <a href="https://example.org/_x_"><em>mit</em> Ton</a> <em>nach</em></p>',
        ),
        (
            '[x](https://example.org/"onclick=y)',
            '<p><a href="https://example.org/&quot;onclick=y">x</a></p>',
        ),
        (
            "Zuerst:\n1. fragen\n2) hören\n\n## Dann\n- reden\n\n\nEnde",
            (
                "<p>Zuerst:</p><ol><li>fragen</li><li>hören</li></ol>"
                "<h3>Dann</h3><ul><li>reden</li></ul><p>Ende</p>"
            ),
        ),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://example.org/x.png)", '<p>!<a href="https://example.org/x.png">x</a></p>'),
        ("<img src=x onerror=y>", "<p>&lt;img src=x onerror=y&gt;</p>"),
    ],
)
def test_a_link_keeps_its_target_and_nothing_else_becomes_active(markdown, html):
    (prose,) = form({"type": "text", "text": markdown}).components

    assert prose.html == html


def test_a_component_that_is_not_supported_is_refused_by_name():
    assert problems_of(written({"type": "image", "source": "x", "label": "Foto"})) == [
        "“Foto” is a “image”; forms do not support that. Forms load nothing from elsewhere."
    ]


def test_a_setting_that_would_be_ignored_is_refused_by_name():
    found = problems_of(
        written({"type": "select", "key": "a", "valuesExpression": "=x", "validate": {"min": 3}})
    )

    assert found == [
        "“Field_0”: the setting “valuesExpression” is not supported. Remove it.",
        "“Field_0”: the setting “validate.min” is not supported. Remove it.",
        "“Question 0” needs either a list of options or a “source”, and no option twice.",
    ]


@pytest.mark.parametrize(
    "component",
    [
        {"type": ["number"]},
        {"type": {}},
        {"type": "datetime", "subtype": ["date"]},
        {"type": "number", "validate": {"min": "NaN"}},
        {"type": "number", "validate": {"min": 3, "max": 2}},
        {"type": "textfield", "validate": {"minLength": 3, "maxLength": 2}},
        {"type": "select", "properties": {"source": ["parties"]}, "values": [{}]},
    ],
)
def test_settings_of_the_wrong_kind_are_refused(component):
    assert problems_of(written({"key": "answer", **component}))


@pytest.mark.parametrize(
    "key", ["", "1a", "a b", "a.", "os.__class__", "ä", "_a", "if", "note.true"]
)
def test_a_key_is_made_of_letters_digits_and_underscores_and_no_word_of_formulas(key):
    (sentence,) = problems_of(written({"type": "textfield", "key": key}))

    assert "must be made of" in sentence


def test_a_key_belongs_to_one_field():
    assert problems_of(written({"type": "number", "key": "a"}, {"type": "number", "key": "a"})) == [
        "The key “a” is used by two fields."
    ]


def test_a_field_cannot_be_the_beginning_of_another_ones_key():
    content = written({"type": "checkbox", "key": "gap"}, {"type": "number", "key": "gap.count"})

    assert problems_of(content) == [
        "“gap” cannot be a field and the beginning of “gap.count” at once."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"{", "The form is not valid JSON (line 1)."),
        (b"[]", "The file is no form: it needs “type”: “default”."),
        (b'{"type": "default"}', "The form has no id."),
        (
            b'{"type": "default", "id": "x", "title": {}, "components": []}',
            "The title of the form must be text.",
        ),
        (b" " * 2_000_001, "The form is larger than 2 MB."),
        (b'{"type": "default", "id": "x"}', "The form has no list of components."),
        (
            b'{"type": "default", "id": "x", "components": [3]}',
            "A component has no id, or one used twice.",
        ),
    ],
)
def test_an_unreadable_file_is_refused_with_the_reason(content, sentence):
    assert problems_of(content) == [sentence]


def test_a_byte_order_mark_as_editors_write_it_disturbs_nobody():
    assert read_form(b"\xef\xbb\xbf" + written({"type": "text", "text": "a"})).id == "test"


@pytest.mark.parametrize("text", ["=a", "Hallo {{a}}", ["a"], 5])
@pytest.mark.parametrize(("kind", "setting"), [("text", "text"), ("html", "content")])
def test_what_is_only_read_is_text_that_does_not_compute(kind, setting, text):
    assert problems_of(written({"type": kind, setting: text}))


def test_nesting_without_end_is_refused():
    component = {"id": "last", "type": "separator"}
    for depth in range(50):
        component = {"id": f"g{depth}", "type": "group", "components": [component]}

    assert problems_of(written(component)) == ["The form nests its groups too deeply."]


def test_every_formula_of_a_form_is_found():
    asked = form(
        {"type": "number", "key": "a", "validate": {"min": "=b", "max": 3}},
        {
            "type": "group",
            "components": [
                {
                    "id": "d",
                    "type": "datetime",
                    "subtype": "date",
                    "key": "d",
                    "conditional": {"hide": "=a > 1"},
                    "properties": {"max": "=today()", "check": "=d != null", "message": "Nein."},
                },
            ],
        },
    )

    assert list(asked.expressions()) == [
        ("Field_0", "b"),
        ("d", "a > 1"),
        ("d", "today()"),
        ("d", "d != null"),
    ]


def test_editor_settings_that_change_nothing_are_accepted():
    content = json.loads(written({"type": "separator"}))
    content |= {"exporter": {"name": "form-js"}, "executionPlatform": "Camunda Cloud"}

    assert read_form(json.dumps(content).encode()).title == "test"

"""Forms: read form-js JSON, say what an answer must be, turn what a person sent into values."""

from bpmn.forms.answers import WrongAnswers, form_schema, read_answers
from bpmn.forms.conditions import Conditions, conditions_of, initial_answers, new_row
from bpmn.forms.form import (
    UPLOADS,
    Component,
    Field,
    FieldKind,
    Form,
    Formula,
    Group,
    Option,
    Prose,
    Rules,
)
from bpmn.forms.gathering import PageData, raw_answers
from bpmn.forms.problems import UnreadableForm
from bpmn.forms.reading import read_form
from bpmn.forms.scope import (
    belongs_to_case_file,
    case_file_fields,
    free_process_fields,
    process_fields,
)
from bpmn.forms.showing import asks_more, begin_lists, shown_names

__all__ = [
    "UPLOADS",
    "Component",
    "Conditions",
    "Field",
    "FieldKind",
    "Form",
    "Formula",
    "Group",
    "Option",
    "PageData",
    "Prose",
    "Rules",
    "UnreadableForm",
    "WrongAnswers",
    "asks_more",
    "begin_lists",
    "belongs_to_case_file",
    "case_file_fields",
    "conditions_of",
    "form_schema",
    "free_process_fields",
    "initial_answers",
    "new_row",
    "process_fields",
    "raw_answers",
    "read_answers",
    "read_form",
    "shown_names",
]

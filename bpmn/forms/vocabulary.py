"""What a form file may say: every setting is carried out here, or the form is refused by its name.

The tables name what the form editor of bpmn.io (form-js 1) writes. A setting that is missing here is
refused when the form is read; nothing is skipped silently.
"""

from collections.abc import Mapping

from bpmn.forms.form import FieldKind
from bpmn.wording import Sentence, say

FORM = frozenset({"type", "id", "title", "components", "schemaVersion", "exporter"}) | {
    "executionPlatform",
    "executionPlatformVersion",
}
"""The last four name the editor that wrote the file; they decide nothing."""

_EVERYWHERE = frozenset({"id", "type", "layout", "conditional"})
_QUESTION = _EVERYWHERE | {"label", "description", "properties", "validate", "readonly", "disabled"}
_ANSWER = _QUESTION | {"key", "defaultValue"}
_CHOICE = _ANSWER | {"values"}
_BOX = frozenset({"path", "components", "showOutline", "verticalAlignment"})

SETTINGS: Mapping[str, frozenset[str]] = {
    "text": _EVERYWHERE | {"text"},
    "html": _EVERYWHERE | {"content"},
    "separator": _EVERYWHERE,
    "spacer": _EVERYWHERE | {"height"},
    "group": _EVERYWHERE | _BOX | {"label"},
    "textfield": _ANSWER | {"appearance"},
    "textarea": _ANSWER,
    "number": _ANSWER | {"appearance", "decimalDigits", "increment", "serializeToString"},
    "datetime": _ANSWER
    | {"subtype", "dateLabel", "timeLabel", "timeInterval", "use24h"}
    | {"timeSerializingFormat", "disallowPassedDates"},
    "checkbox": _ANSWER,
    "radio": _CHOICE,
    "select": _CHOICE | {"searchable"},
    "checklist": _CHOICE,
    "taglist": _CHOICE,
    "dynamiclist": _QUESTION
    | _BOX
    | {"isRepeating", "allowAddRemove", "defaultRepetitions", "disableCollapse"},
    "filepicker": _QUESTION | {"key", "accept", "multiple"},
}
"""The settings of each component. `dateLabel`, `timeLabel`, `use24h` and `searchable` leave it to
the browser how a date is written and a list is searched: its own fields do both."""

FIELD_TYPES = frozenset(FieldKind) - {FieldKind.DATE, FieldKind.TIME}

_LENGTHS = frozenset({"required", "minLength", "maxLength", "pattern"})
VALIDATIONS: Mapping[str, frozenset[str]] = {
    "textfield": _LENGTHS | {"validationType"},
    "textarea": _LENGTHS,
    "number": frozenset({"required", "min", "max"}),
}
"""Every other question knows `required` alone."""

_OWN = frozenset({"required", "check", "message"})
_COUNTED = _OWN | {"min", "max"}
PROPERTIES: Mapping[str, frozenset[str]] = {
    "number": _COUNTED,
    "datetime": _COUNTED,
    "radio": _OWN | {"source"},
    "select": _OWN | {"source"},
    "checklist": _COUNTED | {"source"},
    "taglist": _COUNTED | {"source"},
    "dynamiclist": _COUNTED,
    "filepicker": _COUNTED,
}
"""Our own properties, which the editor keeps as custom properties of a question."""

PLAIN_PROPERTIES = _OWN

_COMPUTED = say("Forms do not compute values: let the process do it in an output mapping.")
_FOREIGN = say("Forms load nothing from elsewhere.")
_PAGES = say("A form is one page: use groups, or a task for each page.")
REASONS: Mapping[str, Sentence] = {
    "button": say("The page has its own buttons. Remove it."),
    "expression": _COMPUTED,
    "table": _COMPUTED,
    "image": _FOREIGN,
    "iframe": _FOREIGN,
    "documentPreview": _FOREIGN,
    "multipage": _PAGES,
    "page": _PAGES,
}
"""Components of the editor that are refused, and what to do instead."""

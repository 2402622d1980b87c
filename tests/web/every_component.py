"""A form with every component that forms know, put into the first task of a case."""

import orjson

from engine import deployments
from workflows.processes import catalog

FORM = "report_review.form"
CHOICE = [
    {"label": "Ruhe", "value": "quiet"},
    {"label": "Gespräch", "value": "talk"},
    {"label": "Nichts", "value": "nothing"},
]
COMPONENTS = [
    {"id": "every_head", "type": "text", "text": "## Alles, was fragt\n\n**Bitte** ausfüllen."},
    {"id": "every_html", "type": "html", "content": "<p>Mit <em>Sorgfalt</em>.</p>"},
    {"id": "every_line", "type": "separator"},
    {
        "id": "every_text",
        "type": "textfield",
        "key": "note.text",
        "label": "Kurztext",
        "description": "Ein Satz.",
        "layout": {"row": "one", "columns": 8},
        "validate": {"minLength": 3},
    },
    {
        "id": "every_mail",
        "type": "textfield",
        "key": "note.mail",
        "label": "E-Mail",
        "layout": {"row": "one", "columns": 8},
        "validate": {"validationType": "email"},
    },
    {"id": "every_long", "type": "textarea", "key": "note.long", "label": "Langer Text"},
    {
        "id": "every_number",
        "type": "number",
        "key": "every_number",
        "label": "Dauer",
        "appearance": {"prefixAdorner": "ca.", "suffixAdorner": "Minuten"},
        "increment": 5,
        "defaultValue": 30,
        "layout": {"row": "two"},
    },
    {
        "id": "every_date",
        "type": "datetime",
        "subtype": "date",
        "key": "every_date",
        "label": "Tag",
        "disallowPassedDates": True,
        "layout": {"row": "two"},
    },
    {
        "id": "every_time",
        "type": "datetime",
        "subtype": "time",
        "key": "every_time",
        "label": "Uhrzeit",
        "timeInterval": 15,
        "layout": {"row": "two"},
    },
    {
        "id": "every_moment",
        "type": "datetime",
        "subtype": "datetime",
        "key": "every_moment",
        "label": "Zeitpunkt",
        "layout": {"row": "two"},
    },
    {"id": "every_gap", "type": "spacer", "height": 40},
    {
        "id": "every_group",
        "type": "group",
        "label": "Auswahl",
        "showOutline": True,
        "components": [
            {"id": "every_yes", "type": "checkbox", "key": "every_yes", "label": "Mehr sagen"},
            {
                "id": "every_more",
                "type": "textfield",
                "key": "note.more",
                "label": "Was noch?",
                "conditional": {"hide": "=every_yes != true"},
                "properties": {"required": "=every_yes"},
            },
            {
                "id": "every_fixed",
                "type": "textfield",
                "key": "note.fixed",
                "label": "Nur ohne Haken zu ändern",
                "readonly": "=every_yes",
            },
            {
                "id": "every_radio",
                "type": "radio",
                "key": "every_radio",
                "label": "Weg",
                "values": CHOICE,
            },
            {
                "id": "every_select",
                "type": "select",
                "key": "every_select",
                "label": "Wunsch",
                "values": CHOICE,
            },
            {
                "id": "every_checks",
                "type": "checklist",
                "key": "every_checks",
                "label": "Alles, was zutrifft",
                "values": CHOICE,
                "properties": {"max": 2},
            },
        ],
    },
    {
        "id": "every_tags",
        "type": "taglist",
        "key": "every_tags",
        "label": "Sprachen",
        "properties": {"source": "languages"},
    },
    {
        "id": "every_rows",
        "type": "dynamiclist",
        "path": "note.rows",
        "label": "Zusagen",
        "showOutline": True,
        "components": [
            {
                "id": "every_what",
                "type": "textfield",
                "key": "what",
                "label": "Was?",
                "layout": {"row": "three", "columns": 10},
            },
            {
                "id": "every_kind",
                "type": "select",
                "key": "kind",
                "label": "Art",
                "values": CHOICE,
                "layout": {"row": "three", "columns": 6},
            },
            {
                "id": "every_when",
                "type": "datetime",
                "subtype": "date",
                "key": "due",
                "label": "Bis wann?",
                "conditional": {"hide": '=kind != "talk"'},
            },
        ],
    },
    {
        "id": "every_file",
        "type": "filepicker",
        "key": "note.files",
        "label": "Fotos und Briefe",
        "multiple": True,
    },
    {
        "id": "every_paper",
        "type": "filepicker",
        "key": "note.paper",
        "label": "Ein Schreiben",
        "accept": ".pdf",
    },
    {
        "id": "every_locked",
        "type": "textfield",
        "key": "note.locked",
        "label": "Steht fest",
        "defaultValue": "wie vorher",
        "readonly": True,
    },
]


def publish(application) -> None:
    """Let every case from now on begin with the questions of the report and all of these."""
    bundle = catalog.shipped_bundle()
    form = orjson.loads(bundle.files[FORM])
    form["components"] += COMPONENTS
    with application.transactions.begin() as uow:
        deployments.publish(uow, bundle.having(FORM, orjson.dumps(form)), by="test")

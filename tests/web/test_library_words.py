"""What the library says of entries is told in the language that the program asked for."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest
from babel.messages.pofile import read_po
from marshmallow import Schema, validate

from tests.web.test_translations import ROOT
from web import api, library_words
from workflows.access import Role

NEVER_ASKED = re.compile(r"cannot be formatted|\{awareness\}|\{obj_type\}")
"""What is said only as answers are written, or of moments, which `web.rules` asks for itself."""
GERMAN = {"Accept-Language": "de"}


def _kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _said_of(field):
    yield from field.error_messages.values()
    for validator in field.validators:
        if isinstance(validator, validate.OneOf | validate.Range):
            yield str(validator.error)
        elif validator.error is None:
            yield validator.message_max
    for name in ("inner", "value_field", "key_field"):
        if getattr(field, name, None) is not None:
            yield from _said_of(getattr(field, name))


def _said():
    for module in iter_modules(api.__path__):
        import_module(f"{api.__name__}.{module.name}")
    for schema in _kinds(Schema):
        if schema.__module__.startswith("web."):
            yield from schema().error_messages.values()
            for field in schema._declared_fields.values():
                yield from _said_of(field)


def test_everything_that_the_library_may_say_is_translated():
    with (ROOT / "web/translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        german = {message.id: message.string for message in read_po(file)}
    said = {re.sub(r"\{\w+\}", "7", text) for text in _said() if not NEVER_ASKED.search(text)}

    strange = [text for text in said if not german.get(library_words.sentence(text).template)]

    assert len(said) > 10
    assert sorted(strange) == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"action": "Diese Angabe fehlt.", "reason": "Diese Angabe fehlt."}),
        (
            {"reason": 7, "action": "end", "more": 1},
            {
                "reason": "Das ist kein Text.",
                "action": "Möglich ist eines von: retry, skip, cancel.",
                "more": "Diese Angabe gibt es hier nicht.",
            },
        ),
        (
            {"reason": "r", "action": "skip", "ids": "x", "alike": {"instance_id": "x"}},
            {
                "ids": "Das ist keine Liste.",
                "alike.instance_id": "Das ist keine gültige Kennung (UUID).",
            },
        ),
    ],
)
def test_a_program_that_asks_for_german_reads_german_at_each_field(call, body, errors):
    answer = call("POST", "/faults/bulk", Role.ADMINISTRATION, json=body, headers=GERMAN)

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {field: [told] for field, told in errors.items()}

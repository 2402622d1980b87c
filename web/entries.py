"""What people add to a case file, read from a page's form or from JSON: one set of rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from werkzeug.datastructures import MultiDict

from bpmn.errors import Invalid
from bpmn.wording import say
from web import rules
from workflows.cases.operations import PartyEntry
from workflows.cases.values import ContactChannel, PartyKind, Reached
from workflows.cases.views import ContactMade, LanguageSkill
from workflows.languages import LANGUAGES

MOST_MINUTES = 24 * 60
_NO_MINUTES = say("These must be whole minutes, a day at most.").template


class WrongEntry(Invalid):
    """An entry lacks something or says something impossible; `fields` names what."""

    def __init__(self, messages: Mapping[Any, Any]) -> None:
        super().__init__(say("Please check the highlighted fields."), rules.sentences(messages))


class EntrySchema(Schema):
    class Meta:
        unknown = EXCLUDE


class LanguageTags(fields.Field[tuple[LanguageSkill, ...]]):
    """Languages somebody speaks: their codes in a list, or one code alone."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[LanguageSkill, ...]:
        tags = value if isinstance(value, list) else [value]
        if not all(isinstance(tag, str) and tag in LANGUAGES for tag in tags):
            raise ValidationError([say("This language is not in the list.")])
        return tuple(LanguageSkill(tag) for tag in dict.fromkeys(tags))


class PartyEntrySchema(EntrySchema):
    kind = rules.choice(PartyKind, load_default=PartyKind.PERSON)
    name = rules.text(rules.LONGEST_LINE, load_default="")
    contacts = rules.text(rules.LONGEST_TEXT, load_default="")
    safe_hours = rules.text(rules.LONGEST_LINE, load_default="")
    remarks = rules.text(rules.LONGEST_TEXT, load_default="")
    minor = fields.Boolean(load_default=False)
    oral_only = fields.Boolean(load_default=False)
    safe_channel = rules.choice(ContactChannel, load_default=None, allow_none=True)
    languages = LanguageTags(load_default=())

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> PartyEntry:
        return PartyEntry(**loaded)


class ContactSchema(EntrySchema):
    at = rules.LocalMoment(required=True, error_messages=rules.ANSWERED)
    channel = rules.choice(ContactChannel, required=True)
    reached = rules.choice(Reached, required=True)
    party_id = fields.UUID(load_default=None, allow_none=True)
    minutes = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, MOST_MINUTES, error=_NO_MINUTES),
        error_messages={"invalid": _NO_MINUTES},
    )
    language = rules.text(35, load_default="")
    said = rules.text(rules.LONGEST_TEXT, load_default="")
    next_step = rules.text(rules.LONGEST_LINE, load_default="")

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> ContactMade:
        return ContactMade(**loaded)


class NoteSchema(EntrySchema):
    text = rules.text(rules.LONGEST_TEXT, required=True)
    private = fields.Boolean(load_default=False)


class AppointmentSchema(EntrySchema):
    starts_at = rules.LocalMoment(required=True, error_messages=rules.ANSWERED)
    place = rules.text(rules.LONGEST_LINE, load_default="")


class ExtensionSchema(EntrySchema):
    due_on = fields.Date(required=True, error_messages=rules.ANSWERED)
    reason = rules.text(rules.LONGEST_LINE, required=True)


def read(schema: Schema, sent: MultiDict[str, str]) -> Any:
    """Return what a page's form says; what was left empty counts as not said."""
    said = {key: _said(values) for key, values in sent.lists() if any(map(str.strip, values))}
    try:
        return schema.load(said)
    except ValidationError as error:
        raise WrongEntry(error.messages_dict) from None


def _said(values: list[str]) -> str | list[str]:
    """Return what one input says, or several of one name."""
    return values[0] if len(values) == 1 else values


def local(value: datetime) -> str:
    """Return an instant as a browser's date and time field takes it."""
    return value.strftime("%Y-%m-%dT%H:%M")

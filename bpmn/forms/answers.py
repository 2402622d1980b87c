"""Answers to a form, checked: a marshmallow schema made from the form's own file."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, post_load, pre_load
from marshmallow.fields import Field as SchemaField

from bpmn.errors import Invalid
from bpmn.forms.conditions import Formulas, formulas_of, scope_of
from bpmn.forms.form import Component, Field, FieldKind, Form, fields_of
from bpmn.forms.gathering import PageData, UnknownAnswers, raw_answers
from bpmn.forms.questions import MOST_ROWS
from bpmn.forms.values import Asking, Choices, Unacceptable, is_unanswered, said, typed
from bpmn.host import Host
from bpmn.wording import Sentence, say

NO_VARIABLES: Mapping[str, Any] = {}


class WrongAnswers(Invalid):
    """Some answers cannot be accepted; `fields` says which and why, by full key."""


def form_schema(
    form: Form, choices: Choices, host: Host, variables: Mapping[str, Any] = NO_VARIABLES
) -> "AnswerSchema":
    """Return a schema that loads page data or JSON into typed values by full key.

    `variables` are what the form's formulas see beside the answers. The result holds every
    field a person may answer, None where nothing was answered or the field is hidden.
    """
    return AnswerSchema(form.components, formulas_of(form, host), Asking(choices, host, variables))


def read_answers(schema: "AnswerSchema", data: PageData | Mapping[str, Any]) -> dict[str, Any]:
    """Load answers; raises `WrongAnswers` with the sentences of every field that is wrong."""
    try:
        answers: dict[str, Any] = schema.load(data)  # type: ignore[arg-type] # page data is gathered first
    except ValidationError as error:
        raise WrongAnswers(
            say("Some answers are missing or wrong."), dict(_flat(error.messages_dict))
        ) from None
    return answers


class AnswerSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    def __init__(
        self, components: tuple[Component, ...], formulas: Formulas, asking: Asking
    ) -> None:
        self._components = components
        self._formulas = formulas
        self._asking = asking
        self._questions = [field for field in fields_of(components) if not field.readonly]
        self._declared_fields = {
            f"answer_{number}": _answer(field, formulas, asking)
            for number, field in enumerate(self._questions)
        }
        super().__init__()

    @pre_load
    def gather(self, sent: Any, **_: Any) -> dict[str, Any]:
        fields = tuple(fields_of(self._components))
        try:
            raw = raw_answers(fields, sent)
        except UnknownAnswers as error:
            raise ValidationError({**error.fields}) from None
        hidden = self._hidden(self._lenient(raw))
        return {
            field.key: None if field.id in hidden else raw.get(field.key)
            for field in self._questions
        }

    @post_load
    def obey_rules(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        answers = {
            field.key: loaded.get(f"answer_{number}")
            for number, field in enumerate(self._questions)
        }
        scope = scope_of(answers, self._asking.variables)
        hidden = self._hidden(answers)
        problems = {
            field.key: [sentence]
            for field in self._questions
            if field.id not in hidden
            and (sentence := self._problem(field, answers[field.key], scope)) is not None
        }
        if problems:
            raise ValidationError({**problems})
        return answers

    def _lenient(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Type what can be typed, so that conditions see it; a wrong answer counts as none."""
        answers: dict[str, Any] = {}
        for field in self._questions:
            try:
                answers[field.key] = (
                    raw.get(field.key)
                    if field.kind is FieldKind.ROWS
                    else typed(field, raw.get(field.key), self._asking)
                )
            except Unacceptable:
                answers[field.key] = None
        return answers

    def _hidden(self, answers: Mapping[str, Any]) -> frozenset[str]:
        return self._formulas.hidden(self._components, scope_of(answers, self._asking.variables))

    def _problem(self, field: Field, value: Any, scope: Mapping[str, Any]) -> Sentence | None:
        if is_unanswered(field, value):
            return _required(field) if field.rules.required else None
        if field.kind is FieldKind.ROWS:
            return None
        least = self._limit(field.rules.minimum, scope)
        if type(value) is type(least) and value < least:
            return self._too_small(least)
        most = self._limit(field.rules.maximum, scope)
        if type(value) is type(most) and value > most:
            return self._too_big(most)
        check = field.rules.check
        if check and self._formulas.value(check[1:], scope) is not True:
            return said(field)
        return None

    def _too_small(self, least: Any) -> Sentence:
        if isinstance(least, Decimal):
            return say("This must be at least %(limit)s.", limit=least)
        return say("This must not be before %(limit)s.", limit=self._shown(least))

    def _too_big(self, most: Any) -> Sentence:
        if isinstance(most, Decimal):
            return say("This must be at most %(limit)s.", limit=most)
        return say("This must not be after %(limit)s.", limit=self._shown(most))

    def _limit(self, text: str | None, scope: Mapping[str, Any]) -> Any:
        if text is None:
            return None
        return self._formulas.value(text[1:], scope) if text.startswith("=") else Decimal(text)

    def _shown(self, limit: Any) -> str:
        if isinstance(limit, datetime):
            return limit.astimezone(self._asking.host.zone).strftime("%d.%m.%Y %H:%M")
        return limit.strftime("%d.%m.%Y") if isinstance(limit, date) else str(limit)


def _required(field: Field) -> Sentence:
    if field.kind is FieldKind.YES_NO:
        return say("This must be ticked to go on.")
    return say("Please answer this.")


class _Answer(SchemaField[Any]):
    """One question, as marshmallow wants it."""

    def __init__(self, question: Field, asking: Asking) -> None:
        super().__init__(data_key=question.key, allow_none=True)
        self.question = question
        self.asking = asking

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return typed(self.question, value, self.asking)
        except Unacceptable as error:
            raise ValidationError([error.sentence]) from None


class _Rows(SchemaField[list[dict[str, Any]]]):
    """A list of rows; every row is a small form."""

    def __init__(self, question: Field, formulas: Formulas, asking: Asking) -> None:
        super().__init__(data_key=question.key, allow_none=True)
        self.row = AnswerSchema(question.components, formulas, asking)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise ValidationError([say("This must be a list of rows.")])
        if len(value) > MOST_ROWS:
            raise ValidationError([say("At most %(most)s rows are possible.", most=MOST_ROWS)])
        rows, wrong = [], {}
        for number, row in enumerate(value):
            try:
                rows.append(self.row.load(row))
            except ValidationError as error:
                wrong[number] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return rows


def _answer(question: Field, formulas: Formulas, asking: Asking) -> SchemaField[Any]:
    if question.kind is FieldKind.ROWS:
        return _Rows(question, formulas, asking)
    return _Answer(question, asking)


def _flat(messages: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, list[Sentence]]]:
    for key, inner in messages.items():
        if isinstance(inner, Mapping):
            yield from _flat(inner, f"{prefix}{key}.")
        else:
            yield (
                f"{prefix}{key}",
                [
                    sentence if isinstance(sentence, Sentence) else say("This is wrong.")
                    for sentence in inner
                ],
            )

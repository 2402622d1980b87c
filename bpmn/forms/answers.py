"""Answers to a form, checked: a marshmallow schema made from the form's own file."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    post_load,
    pre_load,
    validates_schema,
)
from marshmallow.fields import Field as SchemaField

from bpmn.errors import Invalid
from bpmn.forms.conditions import Conditions, Formulas, formulas_of, scope_of
from bpmn.forms.form import Component, Field, FieldKind, Form, fields_of
from bpmn.forms.gathering import PageData, UnknownAnswers, raw_answers
from bpmn.forms.limits import literal, trespass
from bpmn.forms.looks import MOST_ROWS
from bpmn.forms.values import (
    Asking,
    Choices,
    Unacceptable,
    as_far_as_typed,
    is_blank,
    is_unanswered,
    said,
    typed,
)
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
    field a person may answer, None where nothing was answered or the field is hidden; what is
    read-only is not in it.
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
        self._all = tuple(fields_of(components))
        self._questions = [field for field in self._all if not field.readonly]
        self._declared_fields = {
            name: _answer(field, formulas, asking) for name, field in self._named_questions()
        }
        super().__init__()

    @pre_load
    def gather(self, sent: Any, **_: Any) -> dict[str, Any]:
        try:
            raw = raw_answers(self._all, sent)
        except UnknownAnswers as error:
            raise ValidationError({**error.fields}) from None
        lenient = as_far_as_typed(self._questions, raw, self._asking)
        decided = self._decided(lenient)
        idle = decided.hidden | decided.locked
        return {
            field.key: None if field.id in idle else raw.get(field.key) for field in self._questions
        }

    @validates_schema(skip_on_field_errors=False)
    def obey_rules(self, loaded: dict[str, Any], **_: Any) -> None:
        """Check what could be read, even when other answers could not: all mistakes are named at once."""
        given = self._given(loaded)
        decided = self._decided(given)
        idle = decided.hidden | decided.locked
        scope = scope_of(self._unlocked(given, decided), self._asking.variables)
        problems = {
            name: [sentence]
            for name, field in self._named_questions()
            if name in loaded
            and field.id not in idle
            and (sentence := self._problem(field, loaded[name], scope, decided)) is not None
        }
        if problems:
            raise ValidationError(
                {self._declared_fields[name].data_key: said for name, said in problems.items()}
            )

    def is_blank(self, sent: Mapping[str, Any]) -> bool:
        """Tell whether nothing is said, as in a row that was added and never filled in."""
        try:
            return is_blank(self._all, raw_answers(self._all, sent), self._asking)
        except UnknownAnswers:
            return False

    @post_load
    def by_key(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        given = self._given(loaded)
        if not any(field.readonly_when for field in self._questions):
            return given
        return self._unlocked(given, self._decided(given))

    def _named_questions(self) -> Iterator[tuple[str, Field]]:
        return ((f"answer_{number}", field) for number, field in enumerate(self._questions))

    def _given(self, loaded: Mapping[str, Any]) -> dict[str, Any]:
        return {field.key: loaded.get(name) for name, field in self._named_questions()}

    def _unlocked(self, given: Mapping[str, Any], decided: Conditions) -> dict[str, Any]:
        return {
            field.key: given[field.key]
            for field in self._questions
            if field.id not in decided.locked
        }

    def _decided(self, answers: Mapping[str, Any]) -> Conditions:
        return self._formulas.conditions(self._components, answers, self._asking.variables)

    def _problem(
        self, field: Field, value: Any, scope: Mapping[str, Any], decided: Conditions
    ) -> Sentence | None:
        if is_unanswered(field, value):
            return _required(field) if field.id in decided.required else None
        sentence = trespass(field, value, lambda text: self._limit(text, scope), self._asking.host)
        check = field.rules.check
        if sentence is None and check and self._formulas.value(check[1:], scope) is not True:
            return said(field)
        return sentence

    def _limit(self, text: str, scope: Mapping[str, Any]) -> Any:
        return self._formulas.value(text[1:], scope) if text.startswith("=") else literal(text)


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
            if self.row.is_blank(row):
                continue
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

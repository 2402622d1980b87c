"""A form of a bundle as the page shows it: each question with its answer, choices and errors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bpmn.forms import Component, Conditions, Field, FieldKind, Form, Group, Prose
from bpmn.host import BERLIN
from bpmn.wording import Sentence
from web.language import spoken

_SHAPES = {
    FieldKind.LONG_TEXT: "long_text",
    FieldKind.SELECT: "select",
    FieldKind.RADIO: "radio",
    FieldKind.CHECKLIST: "checks",
    FieldKind.TAGLIST: "checks",
    FieldKind.YES_NO: "yes_no",
    FieldKind.ROWS: "rows",
}
_INPUTS = {
    FieldKind.DATE: "date",
    FieldKind.TIME: "time",
    FieldKind.DATE_TIME: "datetime-local",
}
_WHOLE_ROW = 16


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One place of the form, ready for `_fields.html`."""

    shape: str
    id: str
    anchor: str
    span: int
    name: str = ""
    label: str = ""
    description: str = ""
    required: bool = False
    readonly: bool = False
    input_type: str = "text"
    text: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    errors: tuple[str, ...] = ()
    rows: tuple[tuple["Question", ...], ...] = ()
    parts: tuple["Question", ...] = ()
    outlined: bool = False
    html: str = ""


@dataclass(frozen=True)
class Mistake:
    """A line of the error summary."""

    anchor: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Filling:
    """What the form is filled with: answers by key (typed or as sent), what is wrong, what is hidden."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[Sentence]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)
    extra_rows: Mapping[str, int] = field(default_factory=dict)


def questions(form: Form, filling: Filling) -> tuple[Question, ...]:
    """Return the visible questions of a form in reading order."""
    return tuple(_shown(form.components, filling, ""))


def mistakes(parts: Iterable[Question]) -> Iterator[Mistake]:
    """Return what the error summary lists, in reading order."""
    for part in parts:
        for sentence in part.errors:
            yield Mistake(part.anchor, part.label, sentence)
        for inner in (part.parts, *part.rows):
            yield from mistakes(inner)


def shown_ids(parts: Iterable[Question]) -> Iterator[str]:
    for part in parts:
        yield part.id
        yield from shown_ids(part.parts)


def _shown(components: Iterable[Component], filling: Filling, prefix: str) -> Iterator[Question]:
    for component in components:
        if component.id in filling.conditions.hidden:
            continue
        span = component.layout.columns or _WHOLE_ROW
        if isinstance(component, Field):
            yield _question(component, filling, prefix, span)
        elif isinstance(component, Prose):
            yield Question("prose", component.id, component.id, span, html=component.html)
        else:
            yield _group(component, filling, prefix, span)


def _group(group: Group, filling: Filling, prefix: str, span: int) -> Question:
    parts = tuple(_shown(group.components, filling, prefix))
    return Question(
        "group", group.id, group.id, span, label=group.label, parts=parts, outlined=group.outlined
    )


def _question(asked: Field, filling: Filling, prefix: str, span: int) -> Question:
    name = f"{prefix}{asked.key}"
    answer = filling.answers.get(name)
    return Question(
        shape=_SHAPES.get(asked.kind, "line"),
        id=asked.id,
        anchor="q-" + name.replace(".", "-"),
        span=span,
        name=name,
        label=asked.label,
        description=asked.description,
        required=asked.rules.required,
        readonly=asked.readonly,
        input_type=_INPUTS.get(asked.kind, "text"),
        text="" if isinstance(answer, list | tuple) else as_text(answer),
        limits=_limits(asked),
        choices=tuple(_choices(asked, answer, filling)),
        errors=tuple(spoken(sentence) for sentence in filling.errors.get(name, ())),
        rows=_rows(asked, name, answer, filling),
    )


def _limits(asked: Field) -> dict[str, Any]:
    rules = asked.rules
    limits: dict[str, Any] = {}
    if asked.is_free and rules.max_length:
        limits["maxlength"] = rules.max_length
    if asked.kind is FieldKind.NUMBER:
        limits["inputmode"] = "decimal" if rules.decimals != 0 else "numeric"
    return limits


def _choices(asked: Field, answer: Any, filling: Filling) -> Iterator[Choice]:
    given = answer if isinstance(answer, list | tuple) else [answer]
    chosen = {as_text(one) for one in given}
    if asked.source is not None:
        offered = filling.choices.get(asked.source, {}).items()
    else:
        offered = {option.text: option.label for option in asked.options}.items()
    for value, label in offered:
        yield Choice(value, label, value in chosen)


def _rows(
    asked: Field, name: str, answer: Any, filling: Filling
) -> tuple[tuple[Question, ...], ...]:
    if asked.kind is not FieldKind.ROWS:
        return ()
    rows: list[Mapping[str, Any]] = [row for row in answer or () if isinstance(row, Mapping)]
    rows += [{}] * max(filling.extra_rows.get(name, 0), 0 if rows else 1)
    return tuple(_row(asked, f"{name}.{number}.", row, filling) for number, row in enumerate(rows))


def _row(
    asked: Field, prefix: str, row: Mapping[str, Any], filling: Filling
) -> tuple[Question, ...]:
    answers = {f"{prefix}{key}": value for key, value in row.items()}
    inside = Filling(answers, filling.errors, filling.choices)
    return tuple(_shown(asked.components, inside, prefix))


def as_text(value: Any) -> str:
    """Return a value as an input field takes it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return str(value)

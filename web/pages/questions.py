"""A form of a bundle as the page shows it: each question with its answer, choices and errors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import md5
from typing import Any

from bpmn.forms import UPLOADS, Component, Conditions, Field, FieldKind, Form, Prose
from bpmn.forms.form import TextType, fields_of
from bpmn.forms.grid import COLUMNS, rows_of, spans_of
from bpmn.forms.limits import most_files, number_text
from bpmn.forms.looks import MOST_ROWS
from bpmn.host import BERLIN
from bpmn.wording import Sentence
from web.language import spoken, tongues

_SHAPES = {
    FieldKind.LONG_TEXT: "long_text",
    FieldKind.SELECT: "select",
    FieldKind.RADIO: "radio",
    FieldKind.CHECKLIST: "checks",
    FieldKind.TAGLIST: "checks",
    FieldKind.YES_NO: "yes_no",
    FieldKind.ROWS: "rows",
    FieldKind.FILES: "files",
}
_INPUTS = {
    FieldKind.DATE: "date",
    FieldKind.TIME: "time",
    FieldKind.DATE_TIME: "datetime-local",
}
_FILES = {"pdf": "PDF", "jpg": "JPEG", "png": "PNG"}
_ENDINGS = {"pdf": ".pdf", "jpg": ".jpg,.jpeg", "png": ".png"}
_KEYBOARDS = {TextType.EMAIL: "email", TextType.PHONE: "tel"}
_FEW = 8
"""A list of tags with more options than these is folded, and can be searched."""
LANGUAGES = "languages"
"""The list whose labels are said in the reader's language."""


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
    span: int = COLUMNS
    begins: bool = True
    """Stands first in its row."""
    name: str = ""
    label: str = ""
    description: str = ""
    required: bool = False
    readonly: bool = False
    input_type: str = "text"
    text: str = ""
    prefix: str = ""
    suffix: str = ""
    kinds: tuple[str, ...] = ()
    """What files may be, in words."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    errors: tuple[str, ...] = ()
    rows: tuple[tuple["Question", ...], ...] = ()
    grows: bool = True
    """Rows, or files, may be added."""
    parts: tuple["Question", ...] = ()
    outlined: bool = False
    aligned: str = "start"
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
    carried: tuple[tuple[str, str], ...] = ()
    """What was typed into questions that are hidden or locked now, should they come back."""


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


def state_of(parts: Iterable[Question]) -> str:
    """Return what tells two pages of questions apart, but for the answers."""
    return md5(" ".join(_states(parts)).encode(), usedforsecurity=False).hexdigest()


def _states(parts: Iterable[Question]) -> Iterator[str]:
    for part in parts:
        yield f"{part.anchor}/{part.readonly}/{part.required}"
        for inner in (part.parts, *part.rows):
            yield from _states(inner)


def _shown(components: Iterable[Component], filling: Filling, prefix: str) -> Iterator[Question]:
    visible = [each for each in components if each.id not in filling.conditions.hidden]
    for row in rows_of(visible):
        for place, (component, span) in enumerate(spans_of(row)):
            yield replace(_part(component, filling, prefix), span=span, begins=place == 0)


def _part(component: Component, filling: Filling, prefix: str) -> Question:
    if isinstance(component, Field):
        return _question(component, filling, prefix)
    if isinstance(component, Prose):
        return _prose(component)
    parts = tuple(_shown(component.components, filling, prefix))
    return Question(
        "group",
        component.id,
        component.id,
        label=component.label,
        parts=parts,
        outlined=component.outlined,
        aligned=component.aligned,
    )


def _prose(prose: Prose) -> Question:
    shape = prose.type if prose.type in ("separator", "spacer") else "prose"
    height = {"height": min(6, 1 + prose.height // 30)} if shape == "spacer" else {}
    return Question(shape, prose.id, prose.id, html=prose.html, limits=height)


def _question(asked: Field, filling: Filling, prefix: str) -> Question:
    name = f"{prefix}{asked.key}"
    answer = filling.answers.get(name)
    choices = tuple(_choices(asked, answer, filling))
    return Question(
        shape=_shape(asked, choices),
        id=asked.id,
        anchor="q-" + name.replace(".", "-"),
        name=name,
        label=asked.label,
        description=asked.description,
        required=asked.rules.required or asked.id in filling.conditions.required,
        readonly=asked.readonly or asked.id in filling.conditions.locked,
        input_type=_input_type(asked),
        text="" if isinstance(answer, list | tuple) else as_text(answer),
        prefix=asked.looks.prefix,
        suffix=asked.looks.suffix,
        outlined=asked.looks.outlined,
        aligned=asked.looks.aligned,
        kinds=tuple(_FILES[kind] for kind in asked.looks.file_kinds),
        limits=_limits(asked),
        choices=choices,
        errors=tuple(spoken(sentence) for sentence in filling.errors.get(name, ())),
        rows=tuple(_rows(asked, name, answer, filling)),
        grows=_grows(asked, answer, choices),
    )


def _grows(asked: Field, answer: Any, choices: tuple[Choice, ...]) -> bool:
    if asked.kind is FieldKind.ROWS:
        return not asked.looks.fixed_rows and len(answer or ()) < MOST_ROWS
    return len(choices) < most_files(asked)


def _shape(asked: Field, choices: tuple[Choice, ...]) -> str:
    if asked.kind is FieldKind.TAGLIST and len(choices) > _FEW:
        return "picker"
    return _SHAPES.get(asked.kind, "line")


def _input_type(asked: Field) -> str:
    if asked.rules.text_type is not None:
        return _KEYBOARDS[asked.rules.text_type]
    return _INPUTS.get(asked.kind, "text")


def _limits(asked: Field) -> dict[str, Any]:
    rules = asked.rules
    limits: dict[str, Any] = {}
    if rules.max_length:
        limits["maxlength"] = rules.max_length
    if asked.kind is FieldKind.NUMBER:
        limits["inputmode"] = "decimal" if rules.decimals != 0 else "numeric"
    if asked.looks.minutes:
        limits["step"] = asked.looks.minutes * 60
    if asked.looks.file_kinds:
        limits["accept"] = ",".join(_ENDINGS[kind] for kind in asked.looks.file_kinds)
    if asked.looks.several_files:
        limits["multiple"] = ""
    return limits


def _choices(asked: Field, answer: Any, filling: Filling) -> Iterator[Choice]:
    given = answer if isinstance(answer, list | tuple) else [answer]
    chosen = {as_text(one) for one in given}
    for value, label in _offered(asked, chosen, filling).items():
        yield Choice(value, label, value in chosen)


def _offered(asked: Field, chosen: set[str], filling: Filling) -> Mapping[str, str]:
    if asked.kind is FieldKind.FILES:
        uploads = filling.choices.get(UPLOADS, {})
        return {upload: name for upload, name in uploads.items() if upload in chosen}
    if asked.source == LANGUAGES:
        return tongues(filling.choices.get(LANGUAGES, {}))
    if asked.source is not None:
        return filling.choices.get(asked.source, {})
    return {option.text: option.label for option in asked.options}


def _rows(asked: Field, name: str, answer: Any, filling: Filling) -> Iterator[tuple[Question, ...]]:
    if asked.kind is not FieldKind.ROWS:
        return
    decided = filling.conditions.rows.get(asked.id, ())
    is_locked = asked.readonly or asked.id in filling.conditions.locked
    columns = frozenset(column.id for column in fields_of(asked.components))
    for number, row in enumerate(answer or ()):
        prefix = f"{name}.{number}."
        answers = {f"{prefix}{key}": value for key, value in row.items()}
        conditions = decided[number] if number < len(decided) else Conditions()
        if is_locked:
            conditions = replace(conditions, locked=columns)
        inside = Filling(answers, filling.errors, filling.choices, conditions)
        yield tuple(_shown(asked.components, inside, prefix))


def as_text(value: Any) -> str:
    """Return a value as an input field takes it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return number_text(value)
        case date() | time():
            return _as_browsers_write(value)
        case _:
            return str(value)


def _as_browsers_write(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")

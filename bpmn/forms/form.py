"""A form: what a person is asked at a user task. Plain values, read from form-js JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class FieldKind(StrEnum):
    TEXT = "textfield"
    LONG_TEXT = "textarea"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "datetime"
    YES_NO = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    TAGLIST = "taglist"
    ROWS = "dynamiclist"
    FILES = "filepicker"


FREE_KINDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.ROWS, FieldKind.FILES})
"""Kinds that may hold whatever a person writes; every other kind has a closed type."""

CHOSEN_KINDS = frozenset({FieldKind.CHECKLIST, FieldKind.TAGLIST})
SEVERAL_KINDS = CHOSEN_KINDS | {FieldKind.FILES}
COUNTED_KINDS = SEVERAL_KINDS | {FieldKind.ROWS}
"""Kinds whose limits count the entries."""

UPLOADS = "uploads"
"""The list that the host keeps for file fields: what this person has uploaded to this task."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `value` is what the process gets, `text` its form in a page."""

    value: str | bool | int
    label: str

    @property
    def text(self) -> str:
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


class TextType(StrEnum):
    """What a line of text is, where the form says so."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must obey. `minimum`, `maximum`, `required_when` and `check` may be FEEL ("=…")."""

    required: bool = False
    required_when: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    """Of numbers, dates and times; of lists and files the number of entries."""
    decimals: int | None = None
    increment: Decimal | None = None
    """Answers are multiples of it."""
    not_past: bool = False
    """No day before today."""
    text_type: TextType | None = None
    pattern: str | None = None
    check: str | None = None
    message: str | None = None
    """The sentence shown when `check` or `pattern` does not hold."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a question is shown, beyond its kind."""

    prefix: str = ""
    suffix: str = ""
    minutes: int | None = None
    """The step in which a time is offered; others may be typed."""
    rows: int = 1
    """How many empty rows a list starts with."""
    fixed_rows: bool = False
    """Rows are neither added nor removed."""
    outlined: bool = False
    aligned: str = "start"
    several_files: bool = False
    file_kinds: tuple[str, ...] = ()
    """The kinds of files that are taken, by the endings of their names."""


@dataclass(frozen=True, slots=True)
class Layout:
    row: str | None = None
    columns: int | None = None
    """Width in sixteenths of the row; None shares the row evenly."""


@dataclass(frozen=True)
class Prose:
    """Something to read: `html` is safe to put into a page as it stands."""

    id: str
    type: str
    html: str
    height: int = 0
    hide: str | None = None
    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True)
class Field:
    """A question. `key` is the full name of the answer, the paths of its groups included."""

    id: str
    key: str
    kind: FieldKind
    label: str
    description: str = ""
    rules: Rules = field(default_factory=Rules)
    options: tuple[Option, ...] = ()
    source: str | None = None
    """Name of the host's reference list that offers the options."""
    default: object = None
    """Shown when nothing is known; it obeys the rules of the field."""
    readonly: bool = False
    readonly_when: str | None = None
    hide: str | None = None
    looks: Looks = field(default_factory=Looks)
    layout: Layout = field(default_factory=Layout)
    components: tuple["Component", ...] = ()
    """The columns of a list of rows; their keys are relative to the row."""
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        """Whether a person may write whatever they like."""
        return self.kind in FREE_KINDS

    @property
    def takes_several(self) -> bool:
        return self.kind in SEVERAL_KINDS


@dataclass(frozen=True)
class Group:
    id: str
    label: str
    components: tuple["Component", ...]
    outlined: bool = False
    aligned: str = "start"
    hide: str | None = None
    layout: Layout = field(default_factory=Layout)


Component = Field | Group | Prose


@dataclass(frozen=True, eq=False)
class Form:
    """A form of a bundle. Two forms are the same only when they are one object."""

    id: str
    title: str
    components: tuple[Component, ...]

    def fields(self) -> Iterator[Field]:
        """Return every question in reading order, those inside groups included, rows as one."""
        return fields_of(self.components)

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields() if field.key == key), None)

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Return (component id, FEEL text without "=") of every expression in the form."""
        return ((formula.component, formula.text) for formula in self.formulas())

    def formulas(self) -> Iterator["Formula"]:
        """Return every expression with its place and the answers it may name."""
        return _formulas(self.components, _names(self.components))


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of a form. Beside `names` it sees the variables of the process."""

    component: str
    place: str
    """What it decides: hide, readonly, required, min, max or check."""
    text: str
    names: frozenset[str]
    """The answers in reach: those of the form, in a row of a list those of the row."""


def fields_of(components: tuple[Component, ...]) -> Iterator[Field]:
    for component in components:
        if isinstance(component, Field):
            yield component
        elif isinstance(component, Group):
            yield from fields_of(component.components)


def _names(components: tuple[Component, ...]) -> frozenset[str]:
    """Name what a formula writes first: `note` for the answer `note.text`."""
    return frozenset(field.key.partition(".")[0] for field in fields_of(components))


def _formulas(components: tuple[Component, ...], names: frozenset[str]) -> Iterator[Formula]:
    for component in components:
        for place, text in _places(component):
            if text and text.startswith("="):
                yield Formula(component.id, place, text[1:], names)
        if isinstance(component, Group):
            yield from _formulas(component.components, names)
        elif isinstance(component, Field):
            yield from _formulas(component.components, _names(component.components))


def _places(component: Component) -> Iterator[tuple[str, str | None]]:
    yield "hide", component.hide
    if isinstance(component, Field):
        rules = component.rules
        yield "readonly", component.readonly_when
        yield "required", rules.required_when
        yield "min", rules.minimum
        yield "max", rules.maximum
        yield "check", rules.check

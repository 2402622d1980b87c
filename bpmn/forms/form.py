"""A form: what a person is asked at a user task. Plain values, read from form-js JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


FREE_KINDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.ROWS})
"""Kinds that may hold whatever a person writes; every other kind has a closed type."""

SEVERAL_KINDS = frozenset({FieldKind.CHECKLIST, FieldKind.TAGLIST})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `value` is what the process gets, `text` its form in a page."""

    value: str | bool | int
    label: str

    @property
    def text(self) -> str:
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must obey. `minimum`, `maximum` and `check` may be FEEL ("=…")."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    decimals: int | None = None
    pattern: str | None = None
    check: str | None = None
    message: str | None = None
    """The sentence shown when `check` or `pattern` does not hold."""


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
    readonly: bool = False
    hide: str | None = None
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
        return _expressions(self.components)


def fields_of(components: tuple[Component, ...]) -> Iterator[Field]:
    for component in components:
        if isinstance(component, Field):
            yield component
        elif isinstance(component, Group):
            yield from fields_of(component.components)


def _expressions(components: tuple[Component, ...]) -> Iterator[tuple[str, str]]:
    for component in components:
        for text in (component.hide, *_rule_expressions(component)):
            if text and text.startswith("="):
                yield component.id, text[1:]
        if not isinstance(component, Prose):
            yield from _expressions(component.components)


def _rule_expressions(component: Component) -> tuple[str | None, ...]:
    if not isinstance(component, Field):
        return ()
    return component.rules.minimum, component.rules.maximum, component.rules.check

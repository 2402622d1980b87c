"""The two ways in which answers arrive: a page's form data and JSON. Both become raw by key."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from bpmn.errors import Invalid
from bpmn.forms.form import Field, FieldKind, fields_of
from bpmn.forms.looks import MOST_ROWS
from bpmn.wording import say


@runtime_checkable
class PageData(Protocol):
    """What a browser sends: names with one or several texts, as in werkzeug's MultiDict."""

    def getlist(self, key: str) -> list[str]: ...

    def keys(self) -> Iterable[str]: ...


class UnknownAnswers(Invalid):
    """JSON answers name fields that the form does not have."""


def raw_answers(fields: Iterable[Field], data: PageData | Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent for each field, by full key; nothing is checked yet.

    In a page the name of an input is the field's key, in a row of a list `path.number.column`;
    a name that begins so tells that the row is there, whatever of it was answered.
    JSON may nest (`{"note": {"text": …}}`) or use full keys (`{"note.text": …}`).
    """
    if isinstance(data, PageData):
        return {field.key: _from_page(field, data) for field in fields}
    known = {field.key for field in fields}
    flat = dict(_flattened(data, known, ""))
    if unknown := sorted(flat.keys() - known):
        raise UnknownAnswers(
            say("The form has no field “%(key)s”.", key=unknown[0]),
            {key: [say("The form has no field “%(key)s”.", key=key)] for key in unknown},
        )
    return flat


def _flattened(data: Mapping[str, Any], known: set[str], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        key = f"{prefix}{name}"
        inner = isinstance(value, Mapping) and any(other.startswith(f"{key}.") for other in known)
        if inner and key not in known:
            yield from _flattened(value, known, f"{key}.")
        else:
            yield key, value


def _from_page(field: Field, data: PageData, prefix: str = "") -> Any:
    if field.kind is FieldKind.ROWS:
        return list(_rows(field, data))
    sent = data.getlist(f"{prefix}{field.key}")
    if field.takes_several:
        return sent
    if field.kind is FieldKind.YES_NO:
        return sent[-1] if sent else False
    return sent[-1] if sent else None


def _rows(field: Field, data: PageData) -> Iterator[dict[str, Any]]:
    start = f"{field.key}."
    names = (name for name in data.keys() if name.startswith(start))  # noqa: SIM118 - page data need not be iterable
    places = {name[len(start) :].split(".")[0] for name in names}
    numbers = sorted(int(place) for place in places if place.isdecimal() and len(place) <= 4)
    for number in numbers[: MOST_ROWS + 1]:
        prefix = f"{start}{number}."
        yield {
            column.key: _from_page(column, data, prefix) for column in fields_of(field.components)
        }

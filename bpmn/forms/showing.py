"""A form on a page: which rows its lists begin with, which questions can be answered on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from bpmn.forms.conditions import Conditions, new_row
from bpmn.forms.form import Component, Field, FieldKind, Form, Group


def begin_lists(form: Form, answers: dict[str, Any]) -> None:
    """Let an empty list begin with the rows its form wants."""
    for asked in form.fields():
        if asked.kind is FieldKind.ROWS:
            rows = [row for row in answers.get(asked.key) or () if isinstance(row, Mapping)]
            at_least = asked.looks.rows if asked.looks.fixed_rows or not rows else 0
            new = (new_row(asked) for _ in range(at_least - len(rows)))
            answers[asked.key] = [*rows, *new]


def shown_names(
    components: Iterable[Component],
    answers: Mapping[str, Any],
    conditions: Conditions,
    prefix: str = "",
) -> Iterator[str]:
    """Name the questions on the page, those in rows too unless the list is locked."""
    for component in components:
        if component.id in conditions.hidden:
            continue
        if isinstance(component, Group):
            yield from shown_names(component.components, answers, conditions, prefix)
        elif isinstance(component, Field):
            yield f"{prefix}{component.key}"
            yield from _names_in_rows(component, answers, conditions)


def asks_more(
    form: Form,
    raw: Mapping[str, Any],
    decide: Callable[[Mapping[str, Any]], Conditions],
    shown: AbstractSet[str],
) -> bool:
    """Whether these answers bring up questions beside those that were shown."""
    answers = dict(raw)
    begin_lists(form, answers)
    return not set(shown_names(form.components, answers, decide(answers))) <= shown


def _names_in_rows(
    asked: Field, answers: Mapping[str, Any], conditions: Conditions
) -> Iterator[str]:
    if asked.kind is not FieldKind.ROWS or asked.id in conditions.locked:
        return
    decided = conditions.rows.get(asked.id, ())
    for number, row in enumerate(answers.get(asked.key) or ()):
        inside = decided[number] if number < len(decided) else Conditions()
        yield from shown_names(asked.components, row, inside, f"{asked.key}.{number}.")

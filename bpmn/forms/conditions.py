"""The formulas of a form: what they hide, lock and require, which limits they set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from bpmn.feel import Expression, compile_expression
from bpmn.forms.form import Component, Field, FieldKind, Form, Group, fields_of
from bpmn.forms.values import says_nothing
from bpmn.host import Host


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the answers so far decide, by component id."""

    hidden: frozenset[str] = frozenset()
    """Not shown, those inside hidden groups included."""
    locked: frozenset[str] = frozenset()
    """Read-only now."""
    required: frozenset[str] = frozenset()
    """To be answered, where a formula says so."""
    rows: Mapping[str, tuple["Conditions", ...]] = field(default_factory=dict)
    """For each list the same of its rows."""


@dataclass(frozen=True, eq=False)
class Formulas:
    """The compiled formulas of one form for one host; immutable, shared between requests."""

    host: Host
    expressions: Mapping[str, Expression]

    def value(self, text: str, scope: Mapping[str, Any]) -> Any:
        return self.expressions[text].evaluate(scope, self.host)

    def holds(self, formula: str | None, scope: Mapping[str, Any]) -> bool:
        return formula is not None and self.value(formula[1:], scope) is True

    def conditions(
        self,
        components: tuple[Component, ...],
        answers: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> Conditions:
        """Go through the components in reading order.

        What an earlier condition hides counts as unanswered for the later ones, and what it locks
        counts as what the process knows.
        """
        told = {**answers, **dict(_told_rows(components, answers))}
        walk = _Walk(self, answers, variables, scope_of(told, variables))
        walk.through(components)
        return Conditions(
            frozenset(walk.hidden),
            frozenset(walk.locked),
            frozenset(walk.required),
            walk.rows,
        )


class _Walk:
    def __init__(
        self,
        formulas: Formulas,
        answers: Mapping[str, Any],
        variables: Mapping[str, Any],
        seen: dict[str, Any],
    ) -> None:
        self.formulas, self.answers = formulas, answers
        self.variables, self.seen = variables, seen
        self.known = scope_of({}, variables)
        self.hidden: set[str] = set()
        self.locked: set[str] = set()
        self.required: set[str] = set()
        self.rows: dict[str, tuple[Conditions, ...]] = {}

    def through(self, components: tuple[Component, ...]) -> None:
        for component in components:
            if self.formulas.holds(component.hide, self.seen):
                self.hidden.update(_ids(component))
                for each in fields_of((component,)):
                    _put(self.seen, each.key, None)
            elif isinstance(component, Group):
                self.through(component.components)
            elif isinstance(component, Field):
                self._visit(component)

    def _visit(self, asked: Field) -> None:
        if asked.readonly or self.formulas.holds(asked.readonly_when, self.seen):
            self.locked.add(asked.id)
            _put(self.seen, asked.key, _found(self.known, asked.key))
        if asked.rules.required or self.formulas.holds(asked.rules.required_when, self.seen):
            self.required.add(asked.id)
        if asked.kind is FieldKind.ROWS:
            rows = self.answers.get(asked.key)
            if asked.id in self.locked:
                rows = _found(self.known, asked.key)
            self.rows[asked.id] = tuple(
                self.formulas.conditions(asked.components, row, self.variables)
                for row in rows or ()
                if isinstance(row, Mapping)
            )


def _told_rows(
    components: tuple[Component, ...], answers: Mapping[str, Any]
) -> Iterator[tuple[str, list[Any]]]:
    """Leave out the rows in which nothing is said: they wait on the page and count for nothing."""
    for asked in fields_of(components):
        if asked.kind is FieldKind.ROWS and answers.get(asked.key):
            columns = tuple(fields_of(asked.components))
            yield (
                asked.key,
                [
                    row
                    for row in answers[asked.key]
                    if not all(says_nothing(column, row.get(column.key)) for column in columns)
                ],
            )


_compiled: WeakKeyDictionary[Form, Formulas] = WeakKeyDictionary()


def formulas_of(form: Form, host: Host) -> Formulas:
    """Compile the form's formulas once per form and host; raises `FeelError` on a bad one."""
    known = _compiled.get(form)
    if known is not None and known.host is host:
        return known
    expressions = {
        text: compile_expression(text, functions=host.functions) for _, text in form.expressions()
    }
    _compiled[form] = formulas = Formulas(host, expressions)
    return formulas


def conditions_of(
    form: Form, answers: Mapping[str, Any], variables: Mapping[str, Any], host: Host
) -> Conditions:
    """Return what these answers (by full key) hide, lock and require."""
    return formulas_of(form, host).conditions(form.components, answers, variables)


def initial_answers(form: Form, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields show first: known values by full key, else the field's default."""
    return {
        asked.key: asked.default if known.get(asked.key) is None else known[asked.key]
        for asked in form.fields()
    }


def new_row(asked: Field) -> dict[str, Any]:
    """Return what a new row of a list shows first."""
    columns = fields_of(asked.components)
    return {column.key: column.default for column in columns if column.default is not None}


def scope_of(answers: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a formula sees: `note.measure` is the entry `measure` of the context `note`."""
    scope = dict(variables)
    for key, value in answers.items():
        _put(scope, key, value)
    return scope


def _put(scope: dict[str, Any], key: str, value: Any) -> None:
    """Set an entry; contexts on the way are copied, for others may hold them too."""
    *path, last = key.split(".")
    target = scope
    for name in path:
        entry = target.get(name)
        target[name] = dict(entry) if isinstance(entry, dict) else {}
        target = target[name]
    target[last] = value


def _found(scope: Mapping[str, Any], key: str) -> Any:
    value: Any = scope
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _ids(component: Component) -> Iterator[str]:
    yield component.id
    if isinstance(component, Group):
        for inner in component.components:
            yield from _ids(inner)

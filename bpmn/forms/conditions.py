"""The formulas of a form: what they hide, which limits they set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from bpmn.feel import Expression, compile_expression
from bpmn.forms.form import Component, Form, Group, fields_of
from bpmn.host import Host


@dataclass(frozen=True, eq=False)
class Formulas:
    """The compiled formulas of one form for one host; immutable, shared between requests."""

    host: Host
    expressions: Mapping[str, Expression]

    def value(self, text: str, scope: Mapping[str, Any]) -> Any:
        return self.expressions[text].evaluate(scope, self.host)

    def hidden(self, components: tuple[Component, ...], scope: Mapping[str, Any]) -> frozenset[str]:
        """Return the ids of every component that is hidden, those inside hidden groups included.

        In reading order: what an earlier condition hides counts as unanswered for the later ones.
        """
        seen = dict(scope)
        return frozenset(self._hidden(components, seen))

    def _hidden(self, components: tuple[Component, ...], seen: dict[str, Any]) -> Iterator[str]:
        for component in components:
            if component.hide and self.value(component.hide[1:], seen) is True:
                yield from _ids(component)
                for field in fields_of((component,)):
                    _forget(seen, field.key)
            elif isinstance(component, Group):
                yield from self._hidden(component.components, seen)


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


def hidden_components(
    form: Form, answers: Mapping[str, Any], variables: Mapping[str, Any], host: Host
) -> frozenset[str]:
    """Return the ids of the components that are not shown for these answers (by full key)."""
    return formulas_of(form, host).hidden(form.components, scope_of(answers, variables))


def initial_answers(form: Form, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields show first: known values by full key, else the field's default."""
    return {
        field.key: field.default if known.get(field.key) is None else known[field.key]
        for field in form.fields()
    }


def scope_of(answers: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a formula sees: `note.measure` is the entry `measure` of the context `note`."""
    scope = dict(variables)
    for key, value in answers.items():
        *path, last = key.split(".")
        target = scope
        for name in path:
            entry = target.get(name)
            target[name] = dict(entry) if isinstance(entry, dict) else {}
            target = target[name]
        target[last] = value
    return scope


def _ids(component: Component) -> Iterator[str]:
    yield component.id
    if isinstance(component, Group):
        for inner in component.components:
            yield from _ids(inner)


def _forget(scope: dict[str, Any], key: str) -> None:
    *path, last = key.split(".")
    target = scope
    for name in path:
        target[name] = dict(target[name])
        target = target[name]
    target[last] = None

"""A default value is an answer like any other: of the field's type and within its rules."""

from dataclasses import replace
from typing import Any

from bpmn.forms.form import Field, FieldKind
from bpmn.forms.limits import literal, trespass
from bpmn.forms.settings import Settings
from bpmn.forms.values import Asking, Unacceptable, typed
from bpmn.host import Host
from bpmn.wording import Sentence, say

_NOBODY = Asking(choices=lambda _: {}, host=Host(), variables={})


def typed_default(field: Field, settings: Settings) -> Field:
    """Return the field with its default as a typed value; one that does not fit is refused."""
    raw = settings.raw.get("defaultValue")
    if raw is None or raw in ("", []):
        return field
    value, problem = _read(field, raw)
    if problem is None:
        return replace(field, default=value)
    settings.complain(
        say(
            "“%(component)s”: the default value “%(value)s” does not fit: %(problem)s",
            component=field.label or field.id,
            value=str(raw)[:80],
            problem=problem,
        )
    )
    return field


def _read(field: Field, raw: Any) -> tuple[Any, Sentence | None]:
    problem = _of_wrong_kind(field, raw)
    if problem is not None:
        return None, problem
    try:
        value = typed(field, raw, _NOBODY)
    except Unacceptable as error:
        return None, error.sentence
    return value, trespass(field, value, literal, _NOBODY.host)


def _of_wrong_kind(field: Field, raw: Any) -> Sentence | None:
    """Tell what a person could send but no file should say."""
    if field.source is not None:
        return say("Nobody knows beforehand what the list “%(name)s” offers.", name=field.source)
    if field.takes_several is not isinstance(raw, list):
        return say("A field with several answers needs a list, every other one a single value.")
    if (field.kind is FieldKind.YES_NO) is not isinstance(raw, bool) and not field.options:
        return say("Yes or no is the answer to a tick box, and to nothing else.")
    if not isinstance(raw, str | int | float | list):
        return say("This must be text, a number, yes or no.")
    return None

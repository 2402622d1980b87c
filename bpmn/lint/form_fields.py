"""Free text goes to the case file, never into a process; references name a list that exists."""

from collections.abc import Iterator

from bpmn.forms import Component, Field, FieldKind, Prose, free_process_fields
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import Sentence, say

voice = Voice("form_fields")


def check(subject: Subject) -> Iterator[Finding]:
    for file, form in subject.forms.items():
        for free in free_process_fields(form, subject.host):
            yield voice.in_file(file, _free(free), free.id)
        for field in _fields(form.components):
            if field.source is not None and field.source not in subject.host.sources:
                yield voice.in_file(
                    file,
                    say(
                        "“%(label)s” offers the list “%(source)s”, which does not exist. "
                        "Known lists: %(known)s.",
                        label=field.label,
                        source=field.source,
                        known=", ".join(sorted(subject.host.sources)),
                    ),
                    field.id,
                )


def _free(field: Field) -> Sentence:
    if field.kind is FieldKind.FILES:
        return say(
            "“%(label)s” takes files, which may not become a process variable. "
            "Begin its key with a part of the case file, for example “note.”.",
            label=field.label,
        )
    return say(
        "“%(label)s” takes free text, which may not become a process variable. "
        "Begin its key with a part of the case file, for example “note.”.",
        label=field.label,
    )


def _fields(components: tuple[Component, ...]) -> Iterator[Field]:
    """Every field, the columns of rows too."""
    for component in components:
        if isinstance(component, Field):
            yield component
        if not isinstance(component, Prose):
            yield from _fields(component.components)

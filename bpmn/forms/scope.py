"""Which answers of a form go into the case file and which become variables of the process."""

from collections.abc import Iterator

from bpmn.forms.form import Field, Form
from bpmn.host import Host


def case_file_fields(form: Form, host: Host) -> tuple[Field, ...]:
    """Return the fields whose key starts with a case-file prefix of the host."""
    return tuple(field for field in form.fields() if belongs_to_case_file(field, host))


def process_fields(form: Form, host: Host) -> tuple[Field, ...]:
    """Return the fields whose answers become process variables."""
    return tuple(field for field in form.fields() if not belongs_to_case_file(field, host))


def free_process_fields(form: Form, host: Host) -> Iterator[Field]:
    """Return process fields a person could write a sentence into; a deploy check refuses them."""
    return (field for field in process_fields(form, host) if field.is_free)


def belongs_to_case_file(field: Field, host: Host) -> bool:
    prefix, dot, _ = field.key.partition(".")
    return bool(dot) and prefix in host.case_file_prefixes

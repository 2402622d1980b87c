"""What the deploy check says, and what the editor may name."""

from collections.abc import Mapping, Sequence
from typing import Any

from bpmn import lint
from bpmn.bundle import Bundle
from bpmn.errors import Refusal
from bpmn.forms import Field, FieldKind, process_fields
from bpmn.host import Host
from bpmn.lint import Finding, Severity
from bpmn.model import Definitions
from workflows.cases.whereabouts import ROLE_NAMES
from workflows.reading import Reading
from workflows.studio.shelf import Desk
from workflows.studio.views import Checked

_TYPES = {
    FieldKind.NUMBER: "Number",
    FieldKind.DATE: "Date",
    FieldKind.TIME: "Time",
    FieldKind.DATE_TIME: "DateTime",
    FieldKind.YES_NO: "Boolean",
    FieldKind.CHECKLIST: "List",
    FieldKind.TAGLIST: "List",
}


def check(bundle: Bundle, host: Host) -> Checked:
    by_file: dict[str, list[Finding]] = {}
    findings = lint.check(bundle, host)
    for finding in findings:
        by_file.setdefault(finding.file, []).append(finding)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return Checked(
        findings={name: tuple(found) for name, found in by_file.items()},
        errors=errors,
        warnings=len(findings) - errors,
    )


def host_of(reading: Reading, desk: Desk) -> Host:
    """Find what this installation offers: its library reads every bundle with it."""
    return reading.library.read(desk.published).host


def choices(reading: Reading, desk: Desk) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """List what the editor's fields may name, by the draft where it can be read."""
    definitions = _definitions(reading, desk)
    host = definitions.host
    return {
        "forms": [{"id": form.id, "name": form.title} for form in definitions.forms.values()],
        "decisions": [
            {"id": key, "name": getattr(decision, "name", None) or key}
            for key, decision in definitions.decisions.items()
        ],
        "processes": [
            {"id": process.id, "name": process.name} for process in definitions.processes.values()
        ],
        "handlers": [{"id": handler, "name": handler} for handler in sorted(host.handlers)],
        "groups": [
            {"id": str(group), "name": ROLE_NAMES.get(group, group)}
            for group in sorted(host.groups)
        ],
        "variables": _variables(definitions),
    }


def _definitions(reading: Reading, desk: Desk) -> Definitions:
    """Read the draft, or what is published while the draft cannot be read."""
    try:
        return reading.library.read(desk.bundle)
    except Refusal:
        return reading.library.read(desk.published)


def _variables(definitions: Definitions) -> list[dict[str, str]]:
    """Name every process variable that a form asks for, once."""
    fields: dict[str, Field] = {}
    for form in definitions.forms.values():
        for field in process_fields(form, definitions.host):
            fields.setdefault(field.key, field)
    return [
        {"name": key, "type": _TYPES.get(field.kind, "String"), "info": field.label}
        for key, field in sorted(fields.items())
    ]

"""What the deploy check says, and what the editor may name."""

from collections.abc import Mapping, Sequence
from typing import Any

from bpmn import gate
from bpmn.bundle import Bundle
from bpmn.forms import Field, FieldKind, process_fields
from bpmn.host import Host
from bpmn.lint import UNREADABLE, Finding, Severity
from bpmn.model import Definitions
from workflows.cases.whereabouts import ROLE_NAMES
from workflows.reading import Reading
from workflows.studio.errors import FileUnreadable
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
    """Check a bundle in a child of this process. Raises `GateClosed` when none can be had."""
    by_file: dict[str, list[Finding]] = {}
    findings = gate.check(bundle, host)
    for finding in findings:
        by_file.setdefault(finding.file, []).append(finding)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return Checked(
        findings={name: tuple(found) for name, found in by_file.items()},
        errors=errors,
        warnings=len(findings) - errors,
    )


def check_with(reading: Reading, desk: Desk, name: str, content: bytes) -> Checked:
    """Check as if the draft held this file. Raises `FileUnreadable` for what is no such file."""
    checked = check(desk.bundle.having(name, content), host_of(reading, desk))
    for finding in checked.findings.get(name, ()):
        if finding.rule == UNREADABLE and finding.element is None:
            raise FileUnreadable(name, finding.sentence)
    return checked


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
    """Read the draft once it has passed the check, until then what is published."""
    passes = not check(desk.bundle, host_of(reading, desk)).errors
    return reading.library.read(desk.bundle if passes else desk.published)


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

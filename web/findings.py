"""Findings of the deploy check, for the list, the editor and programs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from bpmn.lint import Finding
from web.language import spoken
from workflows.studio import Checked


@dataclass(frozen=True)
class Line:
    file: str
    severity: str
    element: str | None
    label: str | None
    line: int | None
    rule: str
    message: str


def lines(checked: Checked) -> Iterator[Line]:
    """Every finding, file by file."""
    for file, found in checked.findings.items():
        yield from told(file, found)


def told(file: str, found: Iterable[Finding]) -> Iterator[Line]:
    """Say what was found in one file, in the reader's language."""
    return (_line(file, finding) for finding in found)


def as_json(checked: Checked, name: str) -> Response:
    """Return the findings in one file, as the editor shows them."""
    found = list(told(name, checked.findings.get(name, ())))
    return Response(orjson.dumps(found), content_type="application/json")


def choices(offered: Mapping[str, Any]) -> Response:
    """Return what the editor may offer in its fields."""
    return Response(orjson.dumps(dict(offered), default=spoken), content_type="application/json")


def etag() -> str | None:
    """Return the version of a file that the sender has changed, when it says so."""
    return request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"') or None


def _line(file: str, finding: Finding) -> Line:
    return Line(
        file,
        finding.severity,
        finding.element,
        finding.label,
        finding.line,
        finding.rule,
        spoken(finding.sentence),
    )

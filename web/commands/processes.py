"""Diagrams, decisions and forms on the command line: list, check, publish, export."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from bpmn import gate
from bpmn.bundle import Bundle
from bpmn.lint import Finding, Severity
from engine import deployments
from engine import queries as engine_queries
from web.commands.installation import host_alone, on_installation
from web.commands.output import as_json, echo, show, show_json, told
from workflows.application import Application

FINDINGS = 1
_KINDS = frozenset({".bpmn", ".dmn", ".form"})
_files = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


@click.group()
def process() -> None:
    """Diagrams, decisions and forms."""


@process.command("list")
@as_json
@on_installation
def list_versions(found: Application, *, as_json: bool) -> None:
    """List what has been published, newest first."""
    with found.transactions.reading() as reading:
        rows = [
            {
                "number": row.number,
                "digest": row.digest[:12],
                "published_at": row.published_at.isoformat(timespec="seconds"),
                "published_by": row.published_by,
                "comment": row.comment,
            }
            for row in engine_queries.deployments(reading)
        ]
    show(rows, ("number", "digest", "published_at", "published_by", "comment"), as_json=as_json)


@process.command("lint")
@_files
@as_json
def check(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Check files (or all files of a folder) as one bundle; exit code 1 when an error is found."""
    return _report(gate.check(_bundle(paths), host_alone()), as_json=as_json)


@process.command("deploy")
@_files
@click.option("--comment", default="", help="What changed, and why.")
@as_json
@on_installation
def deploy(found: Application, paths: tuple[Path, ...], comment: str, *, as_json: bool) -> int:
    """Check files and publish them; files of the current version that are not named stay."""
    with found.transactions.reading() as reading:
        current = engine_queries.current_deployment(reading)
        known = deployments.bundle_of(reading, current.id).files if current else {}
    bundle = Bundle({**known, **_bundle(paths).files})
    findings = gate.check(bundle, found.host)
    if _has_errors(findings):
        return _report(findings, as_json=as_json)
    with found.transactions.begin() as uow:
        deployments.build_upon(uow, current)
        published = deployments.publish(uow, bundle, "cli", comment)
    _report(findings, as_json=as_json)
    if not as_json:
        echo(f"Published as version {published.number} ({published.digest[:12]}).")
    return 0


@process.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@on_installation
def export(found: Application, folder: Path) -> None:
    """Write the files of the current version into FOLDER."""
    with found.transactions.reading() as reading:
        bundle = deployments.bundle_of(reading, deployments.current(reading).id)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in bundle.files.items():
        (folder / Path(name).name).write_bytes(content)
    echo(f"{len(bundle.files)} files are in {folder}.")


def _bundle(paths: Iterable[Path]) -> Bundle:
    files: dict[str, bytes] = {}
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        files.update({each.name: each.read_bytes() for each in inside if each.suffix in _KINDS})
    return Bundle(files)


def _report(findings: list[Finding], *, as_json: bool) -> int:
    rows = [_row(finding) for finding in findings]
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            place = ":".join(str(row[key]) for key in ("file", "line", "element") if row[key])
            echo(f"{place}: {row['severity']}: {row['message']} [{row['rule']}]")
    return FINDINGS if _has_errors(findings) else 0


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "element": finding.element,
        "line": finding.line,
        "message": told(finding.sentence),
    }


COMMANDS = (process,)

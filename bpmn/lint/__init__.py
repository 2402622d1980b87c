"""The deploy gate: nothing is published that would not run.

One rule, one module, one pair of fixtures. A rule is a function from the laid-out bundle to
findings; it looks at nothing but the bundle and what the host offers.
"""

from collections.abc import Callable, Iterable

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import (
    balanced_gateways,
    call_cycle,
    caught_errors,
    decision_coverage,
    decision_inputs,
    endless,
    events,
    expressions,
    fixed_values,
    flows,
    form_fields,
    gateway_default,
    known_attributes,
    known_elements,
    link_events,
    loops,
    reachable,
    runs,
    size,
    start_and_end,
    start_cycle,
    timers,
    unique_ids,
    unknown_variables,
    user_task,
    waiting_cycle,
    work,
)
from bpmn.lint.findings import UNREADABLE, Finding, Severity
from bpmn.lint.subject import Subject, lay_out

__all__ = ["UNREADABLE", "Finding", "Severity", "check"]

RULES: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    known_elements.check,
    known_attributes.check,
    size.check,
    unique_ids.check,
    start_and_end.check,
    flows.check,
    gateway_default.check,
    reachable.check,
    balanced_gateways.check,
    waiting_cycle.check,
    start_cycle.check,
    user_task.check,
    work.check,
    call_cycle.check,
    events.check,
    link_events.check,
    caught_errors.check,
    expressions.check,
    fixed_values.check,
    unknown_variables.check,
    endless.check,
    decision_coverage.check,
    decision_inputs.check,
    timers.check,
    loops.check,
    form_fields.check,
)


def check(bundle: Bundle, host: Host) -> list[Finding]:
    """Everything that is wrong with a bundle, in the order of its files; empty means publish.

    Never raises for what the files contain.
    """
    subject = lay_out(bundle, host)
    findings = [*subject.unreadable]
    for rule in RULES:
        findings += rule(subject)
    if not any(finding.severity is Severity.ERROR for finding in findings):
        findings += runs.check(subject)
    return sorted(findings, key=lambda found: (found.file, found.line or 0))

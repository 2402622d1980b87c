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
    names,
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

Rule = Callable[[Subject], Iterable[Finding]]

BOUNDS: tuple[Rule, ...] = (size.check, call_cycle.check)
"""A bundle that breaks one of these is looked at no further: the other rules follow every way."""
RULES: tuple[Rule, ...] = (
    known_elements.check,
    known_attributes.check,
    unique_ids.check,
    names.check,
    start_and_end.check,
    flows.check,
    gateway_default.check,
    reachable.check,
    balanced_gateways.check,
    waiting_cycle.check,
    start_cycle.check,
    user_task.check,
    work.check,
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
    beyond = [finding for rule in BOUNDS for finding in rule(subject)]
    found = beyond or [finding for rule in RULES for finding in rule(subject)]
    findings = [*subject.unreadable, *found]
    if not any(finding.severity is Severity.ERROR for finding in findings):
        findings += runs.check(subject)
    return sorted(findings, key=lambda found: (found.file, found.line or 0))

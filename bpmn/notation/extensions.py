"""The Camunda-8 extension elements that are executed here, by name and attribute."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn.notation.tags import ACTIVITIES, HEARING, LOOP, THROWING, TRUTH, names

_PERSON = names("userTask")
_JOBS = names("serviceTask sendTask") | THROWING


@dataclass(frozen=True, slots=True)
class Rule:
    hosts: frozenset[str]
    """Tags of the elements that may carry it."""
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Elements below it and the attributes each of them must have."""


_MAPPING = names("source target")
EXTENSIONS: Mapping[str, Rule] = {
    "userTask": Rule(_PERSON),
    "formDefinition": Rule(_PERSON, names("formId"), names("bindingType")),
    "assignmentDefinition": Rule(
        _PERSON, optional=names("assignee candidateGroups candidateUsers")
    ),
    "taskSchedule": Rule(_PERSON, optional=names("dueDate followUpDate")),
    "priorityDefinition": Rule(_PERSON, names("priority")),
    "taskDefinition": Rule(_JOBS, names("type"), names("retries")),
    "taskHeaders": Rule(_JOBS, children={"header": names("key value")}),
    "script": Rule(names("scriptTask"), names("expression resultVariable")),
    "calledDecision": Rule(
        names("businessRuleTask"), names("decisionId resultVariable"), names("bindingType")
    ),
    "calledElement": Rule(
        names("callActivity"),
        names("processId"),
        names("propagateAllChildVariables propagateAllParentVariables bindingType"),
    ),
    "ioMapping": Rule(
        ACTIVITIES | HEARING | THROWING, children={"input": _MAPPING, "output": _MAPPING}
    ),
    "loopCharacteristics": Rule(
        frozenset({LOOP}),
        names("inputCollection"),
        names("inputElement outputCollection outputElement"),
    ),
    "subscription": Rule(names("message"), names("correlationKey")),
    "versionTag": Rule(names("process"), names("value")),
}
VALUES: Mapping[str, frozenset[str]] = {
    "bindingType": names("latest deployment"),
    "propagateAllChildVariables": TRUTH,
    "propagateAllParentVariables": TRUTH,
}
"""Attributes that may only have these values. Both bindings mean the bundle of the diagram."""

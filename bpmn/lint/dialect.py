"""The notation that runs here: BPMN 2.0 with a named subset of the Camunda-8 extension elements.

What is not in these tables is refused, never ignored. Attributes in other namespaces than
those two, and everything about the drawing (BPMNDI), say nothing about execution.
"""

from collections.abc import Mapping

from bpmn.lint.diagram import ACTIVITIES, EVENTS

_TEXT = frozenset({"id", "name"})
_LOOK = frozenset({"id"})

ELEMENTS: Mapping[str, frozenset[str]] = {
    "definitions": _TEXT | {"targetNamespace", "exporter", "exporterVersion", "expressionLanguage"},
    "collaboration": _TEXT | {"isClosed"},
    "participant": _TEXT | {"processRef"},
    "messageFlow": _TEXT | {"sourceRef", "targetRef"},
    "process": _TEXT | {"isExecutable", "processType", "isClosed"},
    "laneSet": _TEXT,
    "childLaneSet": _TEXT,
    "lane": _TEXT,
    "flowNodeRef": frozenset(),
    "sequenceFlow": _TEXT | {"sourceRef", "targetRef"},
    "conditionExpression": _LOOK | {"language"},
    "incoming": frozenset(),
    "outgoing": frozenset(),
    "documentation": _LOOK | {"textFormat"},
    "textAnnotation": _LOOK | {"textFormat"},
    "text": frozenset(),
    "association": _LOOK | {"sourceRef", "targetRef", "associationDirection"},
    "group": _LOOK | {"categoryValueRef"},
    "category": _TEXT,
    "categoryValue": _LOOK | {"value"},
    "extensionElements": frozenset(),
    "message": _TEXT,
    "error": _TEXT | {"errorCode"},
    "escalation": _TEXT | {"escalationCode"},
    "userTask": _TEXT,
    "serviceTask": _TEXT,
    "scriptTask": _TEXT,
    "businessRuleTask": _TEXT,
    "sendTask": _TEXT,
    "receiveTask": _TEXT | {"messageRef"},
    "callActivity": _TEXT,
    "subProcess": _TEXT | {"triggeredByEvent"},
    "multiInstanceLoopCharacteristics": _LOOK | {"isSequential"},
    "completionCondition": _LOOK,
    "startEvent": _TEXT,
    "endEvent": _TEXT,
    "intermediateCatchEvent": _TEXT,
    "intermediateThrowEvent": _TEXT,
    "boundaryEvent": _TEXT | {"attachedToRef", "cancelActivity"},
    "exclusiveGateway": _TEXT | {"default", "gatewayDirection"},
    "parallelGateway": _TEXT | {"gatewayDirection"},
    "inclusiveGateway": _TEXT | {"default", "gatewayDirection"},
    "eventBasedGateway": _TEXT | {"gatewayDirection", "eventGatewayType", "instantiate"},
    "messageEventDefinition": _LOOK | {"messageRef"},
    "timerEventDefinition": _LOOK,
    "timeDate": _LOOK,
    "timeDuration": _LOOK,
    "timeCycle": _LOOK,
    "errorEventDefinition": _LOOK | {"errorRef"},
    "escalationEventDefinition": _LOOK | {"escalationRef"},
    "terminateEventDefinition": _LOOK,
}
"""BPMN elements that are executed or only explain, with their attributes."""

FIXED: Mapping[tuple[str, str], frozenset[str]] = {
    ("definitions", "expressionLanguage"): frozenset(
        {
            "http://www.omg.org/spec/FEEL/20140401",
            "https://www.omg.org/spec/DMN/20191111/FEEL/",
            "https://www.omg.org/spec/DMN/20230324/FEEL/",
        }
    ),
    ("conditionExpression", "language"): frozenset({"feel", "FEEL"}),
    ("subProcess", "triggeredByEvent"): frozenset({"false"}),
    ("eventBasedGateway", "eventGatewayType"): frozenset({"Exclusive"}),
    ("eventBasedGateway", "instantiate"): frozenset({"false"}),
    ("formDefinition", "bindingType"): frozenset({"latest", "deployment"}),
    ("calledElement", "bindingType"): frozenset({"latest", "deployment"}),
    ("calledDecision", "bindingType"): frozenset({"latest", "deployment"}),
}
"""Attributes that are allowed with these values only."""

_JOBS = frozenset({"serviceTask", "sendTask", "intermediateThrowEvent", "endEvent"})
_USER = frozenset({"userTask"})

EXTENSIONS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "userTask": (_USER, frozenset()),
    "formDefinition": (_USER, frozenset({"formId", "bindingType"})),
    "assignmentDefinition": (
        _USER,
        frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    ),
    "taskSchedule": (_USER, frozenset({"dueDate", "followUpDate"})),
    "priorityDefinition": (_USER, frozenset({"priority"})),
    "taskDefinition": (_JOBS, frozenset({"type", "retries"})),
    "taskHeaders": (_JOBS, frozenset()),
    "header": (frozenset({"taskHeaders"}), frozenset({"key", "value"})),
    "script": (frozenset({"scriptTask"}), frozenset({"expression", "resultVariable"})),
    "calledDecision": (
        frozenset({"businessRuleTask"}),
        frozenset({"decisionId", "resultVariable", "bindingType"}),
    ),
    "calledElement": (
        frozenset({"callActivity"}),
        frozenset(
            {
                "processId",
                "propagateAllChildVariables",
                "propagateAllParentVariables",
                "bindingType",
            }
        ),
    ),
    "ioMapping": (ACTIVITIES | EVENTS, frozenset()),
    "input": (frozenset({"ioMapping"}), frozenset({"source", "target"})),
    "output": (frozenset({"ioMapping"}), frozenset({"source", "target"})),
    "loopCharacteristics": (
        frozenset({"multiInstanceLoopCharacteristics"}),
        frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    ),
    "subscription": (frozenset({"message"}), frozenset({"correlationKey"})),
    "versionTag": (frozenset({"process"}), frozenset({"value"})),
}
"""Extension elements: where they may stand, and their attributes."""

TEMPLATE_ATTRIBUTES = frozenset(
    {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
)
"""Attributes of the extension namespace that may stand on any node; they only explain."""

FOREIGN_NAMESPACES_IGNORED = frozenset(
    {
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://camunda.org/schema/modeler/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)
"""Attributes of these namespaces concern the drawing or the tool that made the file."""

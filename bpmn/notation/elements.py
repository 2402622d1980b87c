"""BPMN elements: what may stand in what, with which attributes."""

from collections.abc import Mapping

from bpmn.notation.tags import (
    ACTIVITIES,
    EVENTS,
    GATEWAYS,
    LOOP,
    NODES,
    TIMES,
    TRUTH,
    ZEEBE,
    names,
)

_DECORATION = names("documentation extensionElements laneSet textAnnotation association group")
_LEVEL = NODES | _DECORATION | {"sequenceFlow"}
_NODE = names("documentation extensionElements incoming outgoing")
_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in names(
        "timer message error escalation terminate signal conditional link compensate cancel"
    )
)
_EXPLAINED = names("documentation extensionElements")

CHILDREN: Mapping[str, frozenset[str]] = {
    "definitions": names("process collaboration message signal error escalation category")
    | _EXPLAINED,
    "collaboration": names("participant messageFlow") | _DECORATION,
    "participant": _EXPLAINED,
    "messageFlow": _EXPLAINED,
    "message": _EXPLAINED,
    "signal": _EXPLAINED,
    "error": _EXPLAINED,
    "escalation": _EXPLAINED,
    "category": names("categoryValue") | _EXPLAINED,
    "process": _LEVEL,
    "subProcess": _LEVEL | _NODE | {LOOP},
    "laneSet": names("lane") | _EXPLAINED,
    "childLaneSet": names("lane") | _EXPLAINED,
    "lane": names("flowNodeRef childLaneSet") | _EXPLAINED,
    "textAnnotation": names("text") | _EXPLAINED,
    "association": _EXPLAINED,
    "group": _EXPLAINED,
    "sequenceFlow": names("conditionExpression") | _EXPLAINED,
    LOOP: names("extensionElements completionCondition"),
    "timerEventDefinition": frozenset(TIMES),
    **{tag: _NODE | {LOOP} for tag in ACTIVITIES - {"subProcess"}},
    **dict.fromkeys(GATEWAYS, _NODE),
    **dict.fromkeys(EVENTS, _NODE | _DEFINITIONS),
}
"""Elements of the BPMN namespace by the element around them; what is not named has none inside.

Event definitions that no event may have are named all the same: `tags.TRIGGERS` refuses them
with a sentence about the event.
"""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "definitions": names("targetNamespace exporter exporterVersion expressionLanguage"),
    "collaboration": names("isClosed"),
    "participant": names("processRef"),
    "messageFlow": names("sourceRef targetRef messageRef"),
    "error": names("errorCode"),
    "escalation": names("escalationCode"),
    "categoryValue": names("value"),
    "process": names("isExecutable processType isClosed"),
    "sequenceFlow": names("sourceRef targetRef"),
    "conditionExpression": names("language"),
    "documentation": names("textFormat"),
    "textAnnotation": names("textFormat"),
    "association": names("sourceRef targetRef associationDirection"),
    "group": names("categoryValueRef"),
    "boundaryEvent": names("attachedToRef cancelActivity"),
    "startEvent": names("isInterrupting"),
    **dict.fromkeys(ACTIVITIES, names("default")),
    "subProcess": names("triggeredByEvent default"),
    "receiveTask": names("messageRef default"),
    "sendTask": names("messageRef default"),
    "exclusiveGateway": names("default gatewayDirection"),
    "inclusiveGateway": names("default gatewayDirection"),
    "parallelGateway": names("gatewayDirection"),
    "eventBasedGateway": names("gatewayDirection eventGatewayType instantiate"),
    LOOP: names("isSequential"),
    "messageEventDefinition": names("messageRef"),
    "signalEventDefinition": names("signalRef"),
    "errorEventDefinition": names("errorRef"),
    "escalationEventDefinition": names("escalationRef"),
}
"""Attributes beside `id` and `name`; what is not named has none."""

FIXED: Mapping[tuple[str, str], frozenset[str]] = {
    ("definitions", "expressionLanguage"): names(
        "http://www.omg.org/spec/FEEL/20140401 https://www.omg.org/spec/DMN/20191111/FEEL/ "
        "https://www.omg.org/spec/DMN/20230324/FEEL/"
    ),
    ("conditionExpression", "language"): names("feel FEEL"),
    ("subProcess", "triggeredByEvent"): TRUTH,
    ("startEvent", "isInterrupting"): TRUTH,
    ("boundaryEvent", "cancelActivity"): TRUTH,
    (LOOP, "isSequential"): TRUTH,
    ("eventBasedGateway", "eventGatewayType"): names("Exclusive"),
    ("eventBasedGateway", "instantiate"): names("false"),
}
"""Attributes that may only have these values."""

USUAL = frozenset(
    {
        ("completionQuantity", "1"),
        ("startQuantity", "1"),
        ("isForCompensation", "false"),
        ("isInterrupting", "true"),
        ("parallelMultiple", "false"),
        ("typeLanguage", "http://www.w3.org/2001/XMLSchema"),
        ("implementation", "##unspecified"),
        ("implementation", "##WebService"),
        ("isImmediate", "true"),
    }
)
"""What other tools write although it is what the standard assumes anyway."""

TEMPLATE_ATTRIBUTES = frozenset(f"{ZEEBE}modelerTemplate{end}" for end in ("", "Version", "Icon"))
"""May stand on any node: they name the template that it was made from."""

IGNORED_NAMESPACES = names(
    "http://www.w3.org/2001/XMLSchema-instance http://camunda.org/schema/modeler/1.0 "
    "http://bpmn.io/schema/bpmn/biocolor/1.0 "
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0 http://www.signavio.com "
    "http://www.w4.eu/spec/BPMN/20110930/GRAPH"
)
"""What is of these namespaces concerns the drawing or the tool that made the file."""


def is_known(tag: str, attribute: str, value: str) -> bool:
    """Tell whether an attribute of a BPMN element is executed, or says nothing about execution."""
    if attribute.startswith("{"):
        namespace = attribute[1:].partition("}")[0]
        return namespace in IGNORED_NAMESPACES or (
            tag in NODES and attribute in TEMPLATE_ATTRIBUTES
        )
    if attribute in {"id", "name"} or (attribute, value) in USUAL:
        return True
    return attribute in ATTRIBUTES.get(tag, frozenset()) and value in FIXED.get(
        (tag, attribute), {value}
    )

"""What an activity has to do: read from its extension elements."""

from collections.abc import Callable, Mapping

from lxml import etree

from bpmn.notation.limits import MOST_TRIES, USUAL_TRIES, tries_of
from bpmn.notation.tags import BPMN, tag_of
from bpmn.spiff.extensions import Extension, read_extensions, refusal
from bpmn.spiff.formulas import Value
from bpmn.spiff.reading import Desk, variable
from bpmn.spiff.settings import (
    CallWork,
    JobWork,
    LoopWork,
    RuleWork,
    ScriptWork,
    TaskWork,
    Work,
)
from bpmn.spiff.triggers import MESSAGE_PATH
from bpmn.wording import say

Extensions = Mapping[str, Extension]


def read_work(desk: Desk, element: etree._Element, extensions: Extensions) -> Work | None:
    """Read what the element has to do; None for those that only route or wait."""
    reader = _READERS.get(tag_of(element))
    return reader(desk, element, extensions) if reader else None


def _needed(extensions: Extensions, name: str, element: etree._Element) -> Extension:
    if name not in extensions:
        raise refusal(say("It lacks its “%(name)s”.", name=name), element)
    return extensions[name]


def _task(desk: Desk, element: etree._Element, extensions: Extensions) -> TaskWork:
    _needed(extensions, "userTask", element)

    def text(extension: str, attribute: str) -> str | None:
        return extensions[extension].get(attribute) if extension in extensions else None

    def value(extension: str, attribute: str) -> Value | None:
        return desk.optional(text(extension, attribute), element)

    return TaskWork(
        form=text("formDefinition", "formId"),
        assignee=value("assignmentDefinition", "assignee"),
        groups=value("assignmentDefinition", "candidateGroups"),
        users=value("assignmentDefinition", "candidateUsers"),
        due=value("taskSchedule", "dueDate"),
        follow_up=value("taskSchedule", "followUpDate"),
        priority=value("priorityDefinition", "priority"),
    )


def _job(_desk: Desk, element: etree._Element, extensions: Extensions) -> JobWork:
    definition = _needed(extensions, "taskDefinition", element)
    kind = definition.attributes["type"].strip()
    if kind.startswith("="):
        raise refusal(say("The type of a job must be fixed."), element)
    headers = extensions["taskHeaders"].children("header") if "taskHeaders" in extensions else []
    named = {header["key"]: header["value"] for header in headers}
    if len(named) < len(headers):
        raise refusal(say("Two headers have the same key."), element)
    return JobWork(kind, named, _tries(definition.get("retries"), element))


def _tries(text: str | None, element: etree._Element) -> int:
    if text is None:
        return USUAL_TRIES
    tries = tries_of(text)
    if tries is None:
        raise refusal(
            say("The number of tries is not between 1 and %(most)s.", most=MOST_TRIES), element
        )
    return tries


def _event_job(desk: Desk, element: etree._Element, extensions: Extensions) -> JobWork | None:
    sends = element.find(MESSAGE_PATH) is not None
    if sends or "taskDefinition" in extensions:
        if not sends:
            raise refusal(say("Only an event that sends a message has a job."), element)
        return _job(desk, element, extensions)
    return None


def _script(desk: Desk, element: etree._Element, extensions: Extensions) -> ScriptWork:
    script = _needed(extensions, "script", element).attributes
    return ScriptWork(
        desk.formula(script["expression"], element), variable(script["resultVariable"], element)
    )


def _rule(desk: Desk, element: etree._Element, extensions: Extensions) -> RuleWork:
    called = _needed(extensions, "calledDecision", element).attributes
    decision = desk.decisions.get(called["decisionId"])
    if decision is None:
        raise refusal(
            say("There is no decision “%(id)s” in this bundle.", id=called["decisionId"]), element
        )
    return RuleWork(decision, variable(called["resultVariable"], element))


def _call(_desk: Desk, element: etree._Element, extensions: Extensions) -> CallWork:
    called = _needed(extensions, "calledElement", element)
    process = called.attributes["processId"].strip()
    if process.startswith("="):
        raise refusal(say("The called process must be fixed."), element)
    return CallWork(
        process,
        takes_all=called.get("propagateAllParentVariables") != "false",
        gives_all=called.get("propagateAllChildVariables") != "false",
    )


_READERS: Mapping[str, Callable[[Desk, etree._Element, Extensions], Work | None]] = {
    "userTask": _task,
    "serviceTask": _job,
    "sendTask": _job,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "callActivity": _call,
    "intermediateThrowEvent": _event_job,
    "endEvent": _event_job,
}


def read_loop(desk: Desk, element: etree._Element) -> LoopWork | None:
    """Read over which list an activity runs, if over any."""
    loop = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    over = _needed(read_extensions(loop), "loopCharacteristics", element)
    item, collects = over.get("inputElement"), over.get("outputCollection")
    if bool(collects) != bool(over.get("outputElement")):
        raise refusal(say("An output collection and an output element need each other."), element)
    until = loop.find(f"{BPMN}completionCondition")
    return LoopWork(
        items=desk.formula(over.attributes["inputCollection"], element),
        item=variable(item, element) if item else None,
        collects=variable(collects, element) if collects else None,
        element=desk.formula(over.get("outputElement"), element) if collects else None,
        until=None if until is None else desk.formula(until.text, element),
        sequential=loop.get("isSequential") == "true",
    )

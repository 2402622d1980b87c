"""Event definitions: which of them an event may have, and what they wait for or set off."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from lxml import etree

from bpmn.notation.tags import (
    BPMN,
    CATCHING,
    ERROR,
    ESCALATION,
    HEARING,
    LINK,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    TIMER,
    TIMES,
    TRIGGERS,
    begins_process,
    tag_of,
)
from bpmn.spiff.extensions import refusal
from bpmn.spiff.formulas import Fixed
from bpmn.spiff.reading import Desk
from bpmn.spiff.settings import (
    ArrivalTrigger,
    ErrorTrigger,
    EscalationTrigger,
    LinkTrigger,
    MessageTrigger,
    SignalTrigger,
    TerminateTrigger,
    TimerTrigger,
    Trigger,
)
from bpmn.timers import NotATime, cycle_of, moment_of, span_of
from bpmn.wording import say


def definition_of(event: etree._Element) -> etree._Element | None:
    """Return the one event definition of an event; refuse what it may not have."""
    definitions = [child for child in event if tag_of(child).endswith("EventDefinition")]
    tag = tag_of(event)
    for definition in definitions:
        if tag_of(definition) not in TRIGGERS[tag]:
            raise refusal(
                say(
                    "“%(definition)s” is not executed on “%(tag)s”.",
                    definition=tag_of(definition),
                    tag=tag,
                ),
                event,
            )
    if len(definitions) > 1 or (not definitions and tag in CATCHING):
        raise refusal(say("The event must wait for exactly one thing."), event)
    return definitions[0] if definitions else None


def read_trigger(desk: Desk, event: etree._Element) -> Trigger | None:
    definition = definition_of(event)
    if definition is None:
        return None
    if tag_of(definition) == MESSAGE and tag_of(event) not in HEARING:
        return None  # somebody sends it: that is a job, not an event of ours
    if begins_process(event):
        return ArrivalTrigger(_message_name(desk, event, definition.get("messageRef"))[0])
    return _READERS[tag_of(definition)](desk, event, definition)


def is_interrupting(event: etree._Element) -> bool:
    """Tell whether the event ends what it watches: an activity, or the level around it."""
    return "false" not in (event.get("cancelActivity"), event.get("isInterrupting"))


def _timer(desk: Desk, event: etree._Element, definition: etree._Element) -> TimerTrigger:
    times = [child for child in definition if tag_of(child) in TIMES]
    if len(times) != 1 or not (times[0].text or "").strip():
        raise refusal(say("The timer needs exactly one date, duration or cycle."), event)
    kind = tag_of(times[0])
    value = desk.value(times[0].text or "", event)
    if kind == "timeCycle" and is_interrupting(event):
        raise refusal(say("A cycle is only executed on an event that does not interrupt."), event)
    if isinstance(value, Fixed):
        _check_literal(kind, value.text, desk.host.zone, event)
    return TimerTrigger(kind, value)


def _check_literal(kind: str, text: str, zone: ZoneInfo, event: etree._Element) -> None:
    try:
        if kind == "timeDuration":
            span_of(text)
        elif kind == "timeDate":
            moment_of(text, zone)
        else:
            cycle_of(text, zone)
    except NotATime as error:
        raise refusal(error.problem, event) from error


def _message(desk: Desk, event: etree._Element, definition: etree._Element) -> MessageTrigger:
    return read_message(desk, event, definition.get("messageRef"))


def read_message(desk: Desk, element: etree._Element, reference: str | None) -> MessageTrigger:
    name, message = _message_name(desk, element, reference)
    return MessageTrigger(name, desk.subscription(message, element))


def _message_name(
    desk: Desk, element: etree._Element, reference: str | None
) -> tuple[str, etree._Element]:
    message = desk.referred("message", reference, element)
    name = (message.get("name") or "").strip()
    if not name or name.startswith("="):
        raise refusal(say("The message needs a fixed name."), element)
    return name, message


def _signal(desk: Desk, event: etree._Element, definition: etree._Element) -> SignalTrigger:
    signal = desk.referred("signal", definition.get("signalRef"), event)
    name = (signal.get("name") or "").strip()
    if not name or name.startswith("="):
        raise refusal(say("The signal needs a fixed name."), event)
    return SignalTrigger(name)


def _error(desk: Desk, event: etree._Element, definition: etree._Element) -> ErrorTrigger:
    if not is_interrupting(event):
        raise refusal(say("An error always interrupts its activity."), event)
    return ErrorTrigger(_code(desk, event, definition, "error"))


def _escalation(desk: Desk, event: etree._Element, definition: etree._Element) -> EscalationTrigger:
    return EscalationTrigger(_code(desk, event, definition, "escalation"))


def _code(desk: Desk, event: etree._Element, definition: etree._Element, kind: str) -> str | None:
    reference = definition.get(f"{kind}Ref")
    if reference is None and tag_of(event) in HEARING:
        return None
    code = desk.referred(kind, reference, event).get(f"{kind}Code", "").strip()
    if not code or code.startswith("="):
        raise refusal(say("The %(kind)s needs a fixed code.", kind=kind), event)
    return code


def _link(_desk: Desk, event: etree._Element, definition: etree._Element) -> LinkTrigger:
    name = " ".join(definition.get("name", "").split())
    if not name:
        raise refusal(
            say("The link needs a name. Give the same name to its beginning and its end."), event
        )
    return LinkTrigger(name)


_READERS: Mapping[str, Callable[[Desk, etree._Element, etree._Element], Trigger]] = {
    TIMER: _timer,
    MESSAGE: _message,
    SIGNAL: _signal,
    ERROR: _error,
    ESCALATION: _escalation,
    TERMINATE: lambda *_: TerminateTrigger(),
    LINK: _link,
}

MESSAGE_PATH = f"{BPMN}{MESSAGE}"

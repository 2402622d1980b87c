"""Timers that are written out are dates, durations or cycles that the engine accepts."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN, TIMES, begins_process
from bpmn.timers import NotATime, check_wait, cycle_of, moment_of, span_of
from bpmn.wording import say

voice = Voice("timers")


def check(subject: Subject) -> Iterator[Finding]:
    zone = subject.host.zone
    readers: dict[str, Callable[[str], object]] = {
        "timeDate": lambda text: moment_of(text, zone),
        "timeDuration": span_of,
        "timeCycle": lambda text: cycle_of(text, zone),
    }
    for diagram in subject.diagrams:
        for timer in diagram.root.iter(f"{BPMN}timerEventDefinition"):
            event = timer.getparent()
            if event is not None and begins_process(event):
                continue  # it cannot start by a timer at all
            written = [c for kind in TIMES for c in timer.findall(f"{BPMN}{kind}")]
            if len(written) != 1 or not (written[0].text or "").strip():
                yield voice.error(
                    diagram,
                    timer,
                    say(
                        "The timer does not say when. Choose one of a date, a duration or a cycle."
                    ),
                )
                continue
            text = (written[0].text or "").strip()
            if text.startswith("="):
                continue
            try:
                found = readers[written[0].tag.removeprefix(BPMN)](text)
                if isinstance(found, datetime):
                    check_wait(found, subject.host.now())
            except NotATime as error:
                yield voice.error(diagram, timer, error.problem)

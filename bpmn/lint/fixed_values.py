"""What a formula or a text will always give suits the place where it stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bpmn.feel import FeelError, compile_expression
from bpmn.host import Host, HostFunction
from bpmn.lint.expressions import formulas
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.timers import NotATime, cycle_of, moment_of, span_of
from bpmn.wording import Sentence, say

voice = Voice("fixed_values")

HIGHEST_PRIORITY = 100


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what depends on no variable; the clock may stand in it."""
    for diagram in subject.diagrams:
        for element, place, text in formulas(diagram):
            problem = place in SUITS and _problem(place, text.strip(), subject.host)
            if problem:
                yield voice.error(diagram, element, problem)


@dataclass(frozen=True)
class Fixed:
    """A value that is known beforehand."""

    value: Any
    is_text: bool
    """Whether it is written out, not computed."""


def _problem(place: str, text: str, host: Host) -> Sentence | None:
    found = known_beforehand(text, host)
    if found is None:
        return None
    if found.value is None and not found.is_text:
        return say("The formula “%(text)s” never gives a value. Check its words.", text=text[:80])
    return SUITS[place](found, host)


def known_beforehand(text: str, host: Host) -> Fixed | None:
    """Return the value of what names no variable; other rules tell of what cannot be read."""
    text = text.strip()
    if not text.startswith("="):
        return Fixed(text, is_text=True)
    try:
        formula = compile_expression(text[1:], functions=_unanswered(host))
        return None if formula.free_names else Fixed(formula.evaluate({}, host), is_text=False)
    except (FeelError, _AsksHostError):
        return None


class _AsksHostError(Exception):
    """A function of the installation is called: what it answers is not known beforehand."""


def _unanswered(host: Host) -> Mapping[str, HostFunction]:
    def ask(*_arguments: Any) -> None:
        raise _AsksHostError

    return {name: replace(each, call=ask) for name, each in host.functions.items()}


def _yes_or_no(found: Fixed, _host: Host) -> Sentence | None:
    if found.is_text or isinstance(found.value, bool):
        return None
    return say(
        "A condition must be yes or no; this one is always “%(value)s”. Compare "
        "something, for example =glasl_stage > 3.",
        value=_told(found),
    )


def _due(found: Fixed, host: Host) -> Sentence | None:
    return None if found.is_text else _moment(found, host)


def _moment(found: Fixed, host: Host) -> Sentence | None:
    return _time(lambda: moment_of(found.value, host.zone))


def _duration(found: Fixed, _host: Host) -> Sentence | None:
    return None if found.is_text else _time(lambda: span_of(found.value))


def _cycle(found: Fixed, host: Host) -> Sentence | None:
    return None if found.is_text else _time(lambda: cycle_of(found.value, host.zone))


def _time(read: Callable[[], object]) -> Sentence | None:
    try:
        read()
    except NotATime as error:
        return error.problem
    return None


def _priority(found: Fixed, _host: Host) -> Sentence | None:
    value = found.value
    number = Decimal(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(number, Decimal) and number in range(HIGHEST_PRIORITY + 1):
        return None
    return say("The priority must be a whole number from 0 to 100.")


def _groups(found: Fixed, host: Host) -> Sentence | None:
    if found.is_text:
        return None
    named = [found.value] if isinstance(found.value, str) else found.value
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        return say("Candidates must be a list of texts.")
    unknown = sorted(set(named) - host.groups)
    if unknown:
        return say(
            "There is no role “%(group)s”. Known roles: %(known)s.",
            group=unknown[0],
            known=", ".join(sorted(host.groups)),
        )
    return None


def _list(found: Fixed, _host: Host) -> Sentence | None:
    if found.is_text or isinstance(found.value, list):
        return None
    return say("The input collection is no list.")


def _key(found: Fixed, _host: Host) -> Sentence | None:
    if found.is_text or isinstance(found.value, Decimal) or _is_filled(found.value):
        return None
    return say("The correlation key must be a text or a number.")


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _told(found: Fixed) -> str:
    return str(found.value)[:80]


SUITS: Mapping[str, Callable[[Fixed, Host], Sentence | None]] = {
    "conditionExpression": _yes_or_no,
    "completionCondition": _yes_or_no,
    "dueDate": _due,
    "followUpDate": _moment,
    "timeDate": _due,
    "timeDuration": _duration,
    "timeCycle": _cycle,
    "priority": _priority,
    "candidateGroups": _groups,
    "inputCollection": _list,
    "correlationKey": _key,
}
"""What says whether a value suits its place; written times and roles have rules of their own."""

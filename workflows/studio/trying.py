"""Try a form or a decision as the draft has it, before anybody works with it; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.dmn import Decision, Outcome
from bpmn.dmn.boxes import Parameter
from bpmn.errors import Invalid
from bpmn.feel import OFFICE, FeelError, compile_expression
from bpmn.feel.frames import Run
from bpmn.forms import (
    Conditions,
    FieldKind,
    Form,
    conditions_of,
    form_schema,
    initial_answers,
    read_answers,
    read_form,
)
from bpmn.forms.form import Field
from bpmn.forms.values import Asking, as_far_as_typed
from bpmn.host import Host
from bpmn.lint import Finding, Severity
from bpmn.wording import Sentence, say
from workflows import access
from workflows.access import Action, Actor
from workflows.languages import LANGUAGES
from workflows.reading import Reading
from workflows.studio import checking, shelf
from workflows.studio.errors import FileUnknown
from workflows.studio.files import kind_of
from workflows.studio.shelf import Desk
from workflows.studio.tables import DrawnDecision, drawn_decisions
from workflows.studio.views import FileKind

_ENTRIES = 3
"""Entries of a reference list in a trial; those of the installation are nobody's business here."""


@dataclass(frozen=True)
class FormTrial:
    """A form without a case behind it: no variable is known, lists offer examples."""

    form: Form
    host: Host

    @property
    def values(self) -> Mapping[str, Any]:
        return initial_answers(self.form, {})

    @property
    def choices(self) -> Mapping[str, Mapping[str, str]]:
        return {name: self.offer(name) for name in self.host.sources}

    def offer(self, source: str) -> Mapping[str, str]:
        if source not in self.host.sources:
            return {}
        if source == "languages":
            return LANGUAGES
        return {f"{source}-{number}": f"{source} {number}" for number in range(1, _ENTRIES + 1)}

    def conditions(self, answers: Mapping[str, Any]) -> Conditions:
        asking = Asking(self.offer, self.host, {})
        typed = as_far_as_typed(self.form.fields(), answers, asking)
        return conditions_of(self.form, typed, {}, self.host)

    def read(self, sent: Any) -> list[tuple[Field, Any]]:
        """Return what a process would get for each question, files apart. Raises `WrongAnswers`."""
        answers = read_answers(form_schema(self.form, self.offer, self.host), sent)
        return [
            (field, answers[field.key])
            for field in self.form.fields()
            if field.key in answers and field.kind is not FieldKind.FILES
        ]


@dataclass(frozen=True)
class DecisionTrial:
    drawn: DrawnDecision
    decision: Decision | None
    """None while the check finds errors in the draft."""
    host: Host

    def asked(self) -> tuple[Parameter, ...]:
        return self.decision.data() if self.decision else ()

    def decide(self, texts: Mapping[str, str]) -> Outcome:
        """Decide with inputs as they are typed. Raises `UnreadableInputs`, or why it cannot decide."""
        given, wrong = {}, {}
        for parameter in self.asked():
            text = texts.get(parameter.name, "").strip()
            if text:
                try:
                    given[parameter.name] = _value(parameter, text, self.host)
                except FeelError as error:
                    wrong[parameter.name] = [error.sentence]
        if wrong:
            raise UnreadableInputs(wrong)
        if self.decision is None:
            raise NotYet
        return self.decision.evaluate(given, self.host)


class UnreadableInputs(Invalid):
    def __init__(self, fields: dict[str, list[Sentence]]) -> None:
        super().__init__(say("Some inputs cannot be read."), fields)


class NotYet(Invalid):
    def __init__(self) -> None:
        super().__init__(say("This can be tried as soon as the check finds no errors."))


@dataclass(frozen=True)
class Examined:
    """A file with what the check says of it and what can be tried."""

    findings: tuple[Finding, ...] = ()
    form: FormTrial | None = None
    decisions: tuple[DecisionTrial, ...] = ()


def examine(reading: Reading, actor: Actor, name: str) -> Examined:
    """Check a file of the draft, and offer what can be tried; a diagram has its editor."""
    access.require(actor, Action.READ_PROCESS)
    desk = shelf.look(reading.session)
    content = desk.bundle.files.get(name)
    if content is None:
        raise FileUnknown(name)
    host = checking.host_of(reading, desk)
    checked = checking.check(desk.bundle, host) if desk.draft else None
    findings = checked.findings.get(name, ()) if checked else ()
    is_sound = all(finding.severity is not Severity.ERROR for finding in findings)
    match kind_of(name):
        case FileKind.FORM if is_sound:
            return Examined(findings, FormTrial(read_form(content), host))
        case FileKind.DECISION:
            runs = checked is None or not checked.errors
            return Examined(findings, None, _decisions(reading, desk, content, runs=runs))
        case _:
            return Examined(findings)


def _decisions(
    reading: Reading, desk: Desk, content: bytes, *, runs: bool
) -> tuple[DecisionTrial, ...]:
    definitions = reading.library.read(desk.bundle if runs else desk.published)
    known = definitions.decisions if runs else {}
    return tuple(
        DecisionTrial(drawn, known.get(drawn.id), definitions.host)
        for drawn in drawn_decisions(content)
    )


def _value(parameter: Parameter, text: str, host: Host) -> Any:
    """Read an input as FEEL, as a date or a time, or as plain text: the first that fits its type."""
    for formula in (text, f'@"{text}"'):
        try:
            value = compile_expression(formula, functions=host.functions).evaluate({}, host)
        except FeelError:
            continue
        if value is not None and _fits(parameter, value, host):
            return value
    if _fits(parameter, text, host):
        return text
    return compile_expression(text, functions=host.functions).evaluate({}, host)


def _fits(parameter: Parameter, value: Any, host: Host) -> bool:
    return parameter.take(value, Run(host, OFFICE)) is not None

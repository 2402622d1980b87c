"""A form or a decision of the studio: what the check says of it, how it looks, and a try."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from bpmn.dmn import Outcome
from bpmn.errors import Invalid
from bpmn.feel.operations.writing import written
from bpmn.forms import FieldKind, WrongAnswers
from bpmn.wording import Sentence, say
from web import current, findings
from web.language import spoken
from web.pages import filling
from web.pages.questions import Question, as_text, mistakes
from web.permissions import signed_in
from workflows import studio
from workflows.studio import DecisionTrial, Examined, FileOpened, FormTrial

blueprint = Blueprint("trials", __name__, url_prefix="/processes/files/<name>/trial")
_Answer = str | tuple[str, int]
_NOTHING: MultiDict[str, str] = MultiDict()


_POLICIES = {
    "UNIQUE": say("exactly one row applies"),
    "ANY": say("rows that apply together say the same"),
    "PRIORITY": say("of the rows that apply, the most important answer counts"),
    "FIRST": say("the first row that applies counts"),
    "RULE ORDER": say("every row that applies counts, in the order of the rows"),
    "OUTPUT ORDER": say("every row that applies counts, the most important answer first"),
    "COLLECT": say("every row that applies counts"),
}


@dataclass(frozen=True)
class Because:
    """A row that gave the answer, and the values it was asked about."""

    decision: str
    number: int
    inputs: tuple[tuple[str, str], ...]
    annotation: str


@dataclass(frozen=True)
class Verdict:
    value: str
    because: tuple[Because, ...]
    warnings: tuple[str, ...]

    def counts(self, decision: str, number: int) -> bool:
        return any((each.decision, each.number) == (decision, number) for each in self.because)


@dataclass(frozen=True)
class Try:
    """A decision on the page, with what was typed for it."""

    trial: DecisionTrial
    questions: tuple[Question, ...]
    verdict: Verdict | None = None
    refusal: str | None = None


def page(file: FileOpened, examined: Examined, sent: MultiDict[str, str] = _NOTHING) -> _Answer:
    """Show a file; what is in `sent` is tried."""
    tries = [_try(each, number, sent) for number, each in enumerate(examined.decisions)]
    facts: dict[str, Any] = {
        "file": file,
        "text": file.content.decode("utf-8", "replace"),
        "findings": list(findings.told(file.name, examined.findings)),
        "tries": tries,
        "policies": _POLICIES,
    }
    if examined.form is not None:
        facts |= _form_facts(file.name, examined.form, sent)
    wrong = facts.get("problems") or any(each.refusal for each in tries)
    shown = render_template("file.html", **facts)
    return (shown, HTTPStatus.UNPROCESSABLE_ENTITY) if wrong else shown


@blueprint.post("")
@signed_in
def attempt(name: str) -> _Answer:
    """Try the form or a decision with what was sent; nothing is stored."""
    with current.reading() as reading:
        file = studio.open_file(reading, current.actor(), name)
        return page(file, studio.examine(reading, current.actor(), name), request.form)


@blueprint.post("/questions")
@signed_in
def ask_again(name: str) -> _Answer:
    """Return the questions of a form on trial for the answers so far, where they differ."""
    with current.reading() as reading:
        trial = studio.examine(reading, current.actor(), name).form
    if trial is None:
        return "", HTTPStatus.NO_CONTENT
    sent = _without_files(trial, request.form)
    asked = filling.page_of(trial, filling.of_sent(trial, sent), _again(name))
    if asked["state"] == sent.get("_state") and not filling.changes_rows(sent):
        return "", HTTPStatus.NO_CONTENT
    return render_template("_questions.html", **asked)


def _form_facts(name: str, trial: FormTrial, sent: MultiDict[str, str]) -> dict[str, Any]:
    sent = _without_files(trial, sent)
    refusal, answers = None, None
    if "_do" in sent and not filling.changes_rows(sent) and not filling.brings_up_more(trial, sent):
        try:
            answers = trial.read(filling.answers_sent(sent))
        except WrongAnswers as wrong:
            refusal = wrong
    filled = filling.of_sent(trial, sent, refusal) if sent else filling.of_stored(trial)
    asked = filling.page_of(trial, filled, _again(name))
    return {
        **asked,
        "changes_itself": filling.has_conditions(trial.form),
        "problems": list(mistakes(asked["questions"])),
        "answers": None if answers is None else list(_told(answers)),
        "more": "_do" in sent and answers is None and refusal is None,
    }


def _again(name: str) -> str:
    return url_for("trials.ask_again", name=name)


def _without_files(trial: FormTrial, sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what can be tried; a file would have to be kept."""
    files = {field.key for field in trial.form.fields() if field.kind is FieldKind.FILES}
    return MultiDict((key, text) for key, text in sent.items(multi=True) if key not in files)


def _told(answers: Sequence[tuple[Any, Any]]) -> Iterator[tuple[str, str, str]]:
    for field, value in answers:
        yield field.label, field.key, _value_text(value)


def _value_text(value: Any) -> str:
    if value in (None, []):
        return "–"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return "; ".join(_value_text(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value_text(each)}" for key, each in value.items())
    return as_text(value)


def _try(trial: DecisionTrial, place: int, sent: MultiDict[str, str]) -> Try:
    tried = sent.get("_decision") == trial.drawn.id
    texts = {
        each.name: sent.get(f"input.{each.name}", "") if tried else "" for each in trial.asked()
    }
    if not tried:
        return Try(trial, tuple(_inputs(trial, place, texts, {})))
    try:
        outcome = trial.decide(texts)
    except Invalid as refusal:
        asked = tuple(_inputs(trial, place, texts, refusal.fields))
        return Try(trial, asked, refusal=spoken(refusal.sentence))
    return Try(trial, tuple(_inputs(trial, place, texts, {})), _verdict(outcome))


def _inputs(
    trial: DecisionTrial,
    place: int,
    texts: Mapping[str, str],
    wrong: Mapping[str, Sequence[Sentence]],
) -> Iterator[Question]:
    labels = trial.drawn.table.labels if trial.drawn.table else {}
    for number, (name, text) in enumerate(texts.items()):
        yield Question(
            "line",
            id=name,
            anchor=f"q-{place}-{number}",
            name=f"input.{name}",
            label=labels.get(name) or name,
            description=name if labels.get(name) else "",
            text=text,
            span=8,
            begins=number % 2 == 0,
            errors=tuple(spoken(sentence) for sentence in wrong.get(name, ())),
        )


def _verdict(outcome: Outcome) -> Verdict:
    return Verdict(
        value=written(outcome.value),
        because=tuple(
            Because(
                rule.decision,
                rule.number,
                tuple((label, written(value)) for label, value in rule.inputs),
                rule.annotation,
            )
            for rule in outcome.rules
        ),
        warnings=tuple(spoken(sentence) for sentence in outcome.warnings),
    )

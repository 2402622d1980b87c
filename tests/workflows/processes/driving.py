"""The shipped processes in memory: people answer forms, services answer at once, the clock jumps."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.forms import form_schema, process_fields, read_answers
from bpmn.host import BERLIN, Host
from bpmn.spiff.run import ProcessRun
from workflows import working_days

FILES = Path(__file__).parents[3] / "workflows" / "processes"
KINDS = {".bpmn", ".dmn", ".form"}
PREFIXES = frozenset(
    [
        "incident",
        "party",
        "contact",
        "note",
        "appointment",
        "agreement",
        "consent",
        "assignment",
        "measure",
        "gap",
        "referral",
        "outreach",
        "safety",
    ]
)
SOURCES = frozenset(
    ["quarters", "mediators", "cases", "parties", "organisations", "places", "languages", "people"]
)
HANDLERS = frozenset(
    [
        "case.find_duplicates",
        "case.link",
        "case.reroute",
        "case.notify_coordination",
        "triage.count_repeats",
        "triage.record",
        "case.lock_mediation",
        "mediator.suggest",
        "assignment.offer",
        "assignment.record_answer",
        "case.list_parties",
        "appointment.invite",
        "agreement.schedule_follow_ups",
        "case.close",
    ]
)

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "case.find_duplicates": {"duplicates": []},
    "triage.count_repeats": {"repeats_12m": 0},
    "mediator.suggest": {"suggestions": ["m1", "m2"], "with_language": 2, "available": 2},
    "case.list_parties": {"parties": ["a", "b"]},
    "appointment.invite": {"to_call": []},
    "agreement.schedule_follow_ups": {"follow_ups": [date(2027, 7, 13), date(2027, 9, 1)]},
}
CLOCK = {"now": datetime(2027, 5, 4, 15, 30, tzinfo=BERLIN)}


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def bundle() -> Bundle:
    return Bundle(
        {path.name: path.read_bytes() for path in FILES.iterdir() if path.suffix in KINDS}
    )


HOST = Host(
    functions=working_days.functions(),
    handlers=HANDLERS,
    groups=frozenset({"role_qm", "role_skm", "role_bm", "role_ko"}),
    case_file_prefixes=PREFIXES,
    sources=SOURCES,
    now=lambda: CLOCK["now"].astimezone(UTC),
)


@cache
def definitions():
    return load(bundle(), HOST)


class Everything(dict[str, str]):
    """A reference list that has whatever is asked for."""

    def __contains__(self, key: object) -> bool:
        return True


class Walk:
    """One case on its way. The run is stored and restored after every step."""

    def __init__(self, process: str = "neighbourhood_conflict", **variables: Any) -> None:
        CLOCK["now"] = local(2027, 5, 4, 15, 30)
        self.services: dict[str, Mapping[str, Any]] = dict(ANSWERS)
        self.called: list[tuple[str, Mapping[str, Any]]] = []
        given = {
            "case_id": "c1",
            "context": "neighbourhood",
            "conflict_type": "noise",
            "quarter": "q1",
            "received_at": CLOCK["now"],
        }
        self._change(ProcessRun.begin(definitions(), process, {**given, **variables}))

    # -- what people do

    def do(self, task: str, **answers: Any) -> None:
        """Complete the open task of this name; `note__text` means the field `note.text`."""
        waiting = next(open_ for open_ in self.run.waiting_tasks() if open_.name == task)
        form = definitions().forms[waiting.form]
        schema = form_schema(form, lambda _: Everything(), HOST, self.run.visible_at(waiting.token))
        sent = {key.replace("__", "."): answer for key, answer in answers.items()}
        loaded = read_answers(schema, sent)
        kept = {
            field.key: loaded[field.key]
            for field in process_fields(form, HOST)
            if field.key in loaded
        }
        self._step(lambda run: run.complete(waiting.token, kept))

    def hear(self, message: str) -> None:
        waiting = next(open_ for open_ in self.run.waiting_messages() if open_.message == message)
        assert waiting.key == "c1"
        self._step(lambda run: run.deliver(waiting.token, {}))

    def wait_for(self, element: str) -> datetime:
        """Let the clock jump to the timer of this element; returns when that was."""
        timer = next(open_ for open_ in self.run.waiting_timers() if open_.element == element)
        CLOCK["now"] = timer.due.astimezone(BERLIN)
        self._step(lambda run: run.fire(timer.token))
        return CLOCK["now"]

    # -- what can be seen

    @property
    def tasks(self) -> list[str]:
        return sorted(task.name for task in self.run.waiting_tasks())

    def task(self, name: str):
        return next(task for task in self.run.waiting_tasks() if task.name == name)

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.run.variables

    def calls(self, kind: str) -> list[Mapping[str, Any]]:
        return [inputs for called, inputs in self.called if called == kind]

    # -- how it moves

    def _step(self, change: Callable[[ProcessRun], None]) -> None:
        change(self.run)
        self._change(self.run)

    def _change(self, run: ProcessRun) -> None:
        run.settle()
        while jobs := run.waiting_jobs():
            job = jobs[0]
            self.called.append((job.type, dict(job.variables)))
            run.finish_job(job.token, self.services.get(job.type, {}))
            run.settle()
        self.run = ProcessRun.restore(definitions(), run.snapshot())


SAFE = {
    "acute_danger": False,
    "weapon": False,
    "child_welfare": "no",
    "domestic_violence": False,
    "specific_threat": False,
    "self_harm_risk": False,
    "hate_crime_suspected": False,
}
CONTACT = {
    "contact__party": "a",
    "contact__at": "2027-05-04T10:00",
    "contact__channel": "phone",
}
REACHED = {
    **CONTACT,
    "reached": "yes",
    "contact__language": "bg",
    "contact__safe_channel": "phone",
}


def review(walk: Walk, jurisdiction: str = "yes", **more: Any) -> None:
    answers = {
        "context": "neighbourhood",
        "quarter": "q1",
        "jurisdiction": jurisdiction,
        "incident__summary": "Lärm am Abend",
    }
    walk.do("Meldung prüfen", **{**answers, **more})


def assess(walk: Walk, stage: int = 3, **more: Any) -> None:
    answers = {
        "glasl_observations": [stage],
        "glasl_stage": stage,
        "constellation": "two",
        "power_gap": False,
        "minors_involved": False,
        "oral_only": True,
        "party__a_languages": ["bg"],
        "party__b_languages": ["de"],
    }
    walk.do("Einschätzung", **{**answers, **more})


def triage(walk: Walk, stage: int = 3, route: str | None = None, **more: Any) -> None:
    walk.do("Sicherheitsfragen", **SAFE)
    assess(walk, stage, **more)
    confirm(walk, route)


def confirm(walk: Walk, route: str | None = None) -> None:
    proposal = walk.run.visible_at(walk.task("Weg bestätigen").token)["route_proposal"]
    reason = {} if route in {None, proposal} else {"note__route_reason": "Wunsch der Parteien"}
    walk.do("Weg bestätigen", route=route or proposal, **reason)


def assigned(**more: Any) -> Walk:
    """Walk to the mediator's desk: reported, reviewed, triaged, assigned, accepted."""
    walk = Walk(**more)
    review(walk)
    triage(walk)
    walk.do("Zuweisen", mediator="m1")
    walk.do("Auftrag", assignment_answer="accept")
    return walk


def at_talks() -> Walk:
    walk = assigned()
    walk.do("Erstkontakt A", **REACHED, contact_b=True)
    walk.do("Erstkontakt B", **{**REACHED, "contact__party": "b"}, contact__info_art14="oral")
    return walk


def pre_talks(walk: Walk, *answers: str, shuttle: bool = False) -> None:
    for answer in answers:
        walk.do("Vorgespräch", informed=True, participation=answer, shuttle_ok=shuttle)


def appoint(walk: Walk, at: str = "2027-06-01T16:00") -> None:
    walk.do(
        "Termin",
        appointment_at=at,
        meeting_format="joint",
        appointment__place="p1",
        appointment__exposes=False,
        appointment__takes_sides=False,
        appointment__rewards=False,
        appointment__read_by_others=False,
    )


def agree(walk: Walk, on: str = "2027-06-01") -> None:
    walk.wait_for("appointment_over")
    walk.do("Sitzung", held="yes", result="agreement")
    walk.do(
        "Vereinbarung",
        agreed_on=on,
        agreement__commitments=[{"who": "a", "what": "Ruhe ab 22 Uhr", "due": "2027-06-30"}],
        agreement__confirmations=[{"party": "a", "form": "oral"}, {"party": "b", "form": "signed"}],
    )


def close(walk: Walk, outcome: str) -> None:
    walk.do("Abschluss", outcome=outcome, gap_seen=False)

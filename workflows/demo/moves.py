"""What people do in the stories of a demo: one function a form, answered as they would."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.calendar import ZONE
from workflows.cases.reporting import IncidentReport, PartySketch
from workflows.cases.values import Channel, ConflictType
from workflows.demo.stage import Answers, Scene, Step

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What was reported; called with the quarters it becomes the report."""

    quarter: str
    kind: ConflictType
    text: str
    parties: tuple[PartySketch, ...]
    channel: Channel = Channel.IN_PERSON
    place: str = ""

    def __call__(self, quarters: Mapping[str, UUID]) -> IncidentReport:
        return IncidentReport(
            conflict_type=self.kind,
            quarter_id=quarters[self.quarter],
            text=self.text,
            channel=self.channel,
            place=self.place,
            language=self.parties[0].language if self.parties else "de",
            parties=self.parties,
        )


def same(**answers: Any) -> Answers:
    """Answer alike whatever happened before; `note__text` stands for the key `note.text`."""
    return lambda _scene: {key.replace("__", "."): value for key, value in answers.items()}


def reviewed(who: str, quarter: str, summary: str) -> Step:
    def answers(scene: Scene) -> Plain:
        return {
            "context": "neighbourhood",
            "quarter": scene.quarters[quarter],
            "jurisdiction": "yes",
            "incident.summary": summary,
        }

    return Step(who, "report_review", answers)


def safe(who: str, **alarms: Any) -> Step:
    calm = {
        "acute_danger": False,
        "weapon": False,
        "child_welfare": "no",
        "domestic_violence": False,
        "specific_threat": False,
        "self_harm_risk": False,
        "hate_crime_suspected": False,
    }
    return Step(who, "triage_safety", same(**{**calm, **alarms}))


def assessed(who: str, stage: int, languages: tuple[str, str], **more: Any) -> Step:
    plain = {
        "glasl_observations": list(range(1, stage + 1)),
        "glasl_stage": stage,
        "constellation": "two",
        "power_gap": False,
        "minors_involved": False,
        "party__a_languages": [languages[0]],
        "party__b_languages": [languages[1]],
    }
    return Step(who, "triage_assessment", same(**{**plain, **more}))


def routed(who: str, route: str) -> Step:
    return Step(who, "triage_route", same(route=route))


def assigned(who: str, mediator: str) -> Step:
    def answers(scene: Scene) -> Plain:
        return {
            "mediator": scene.people[mediator],
            "assignment.reason": "Kennt das Haus und war beiden Seiten recht.",
        }

    return Step(who, "assign_mediator", answers)


def accepted(who: str) -> Step:
    return Step(who, "assignment_offer", same(assignment_answer="accept"))


def reached(who: str, form: str, party: int, language: str, concern: str) -> Step:
    def answers(scene: Scene) -> Plain:
        common = {
            "contact.party": scene.parties[party],
            "contact.at": _local(scene),
            "contact.channel": "visit",
            "reached": "yes",
            "contact.language": language,
            "contact.safe_channel": "phone",
            "contact.concern": concern,
        }
        asked = {"contact_b": True} if party == 0 else {"contact.info_art14": "oral"}
        return {**common, **asked}

    return Step(who, form, answers)


def talked(who: str, topics: str) -> Step:
    answers = same(informed=True, participation="yes", shuttle_ok=True, note__topics=topics)
    return Step(who, "pre_talk", answers)


def invited(who: str, place: str) -> Step:
    def answers(scene: Scene) -> Plain:
        return {
            "appointment_at": scene.afternoon(4).strftime("%Y-%m-%dT%H:%M"),
            "meeting_format": "joint",
            "appointment.place": scene.places[place],
            "appointment.exposes": False,
            "appointment.takes_sides": False,
            "appointment.rewards": False,
            "appointment.read_by_others": False,
        }

    return Step(who, "appointment", answers)


def called(who: str) -> Step:
    """Tell a party by phone of the appointment, because letters do not reach her."""

    def answers(scene: Scene) -> Plain:
        return {"contact.at": _local(scene), "contact.reached": "yes"}

    return Step(who, "call_party", answers)


def agreed(who: str, promises: tuple[str, str]) -> Step:
    def answers(scene: Scene) -> Plain:
        due = scene.afternoon(20).date().isoformat()
        pairs = tuple(zip(scene.parties, promises, strict=False))
        return {
            "agreed_on": _local(scene)[:10],
            "agreement.commitments": [
                {"who": party, "what": promise, "due": due} for party, promise in pairs
            ],
            "agreement.confirmations": [{"party": party, "form": "oral"} for party, _ in pairs],
        }

    return Step(who, "agreement", answers)


def followed_up(who: str, satisfaction: int) -> Step:
    def answers(scene: Scene) -> Plain:
        rows = [
            {"party": party, "holds": "yes", "satisfaction": satisfaction}
            for party in scene.parties
        ]
        return {"holds": "yes", "new_incident": False, "agreement.follow_ups": rows}

    return Step(who, "follow_up", answers)


def _local(scene: Scene) -> str:
    return scene.now.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def met(who: str) -> Step:
    """Say that the talk was held and ended in an agreement."""
    answers = same(held="yes", result="agreement", appointment__minutes=80)
    return Step(who, "session", answers)


def referred(who: str, organisation: str) -> Step:
    def answers(scene: Scene) -> Plain:
        return {
            "referral.organisation": scene.organisations[organisation],
            "referral.informed_by": "phone",
        }

    return Step(who, "referral", answers)


def closed(who: str, outcome: str, stage: int) -> Step:
    return Step(who, "closing", same(outcome=outcome, glasl_end=stage, gap_seen=False))

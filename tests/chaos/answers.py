"""What the clerks fill in, form by form, so that a case comes to an end in three ways.

Somebody else is responsible; both parties refuse; both talk and find no agreement.
"""

from dataclasses import dataclass
from datetime import date

VERA, ELENA, KATRIN = "vera.nordmann", "elena.dimova", "katrin.sommer"
STAFF = (VERA, ELENA, KATRIN)


@dataclass(frozen=True)
class Plot:
    """How a case is going to go."""

    outside: bool = False
    willing: bool = False


@dataclass(frozen=True)
class Scene:
    """What an answer may refer to."""

    plot: Plot
    quarter: str
    parties: tuple[str, ...]
    choices: dict
    past: date
    to_come: date


def review(scene):
    return {
        "context": "neighbourhood",
        "quarter": scene.quarter,
        "jurisdiction": "outside" if scene.plot.outside else "yes",
        "incident.summary": "Laute Musik nach 22 Uhr.",
    }


def refer(scene):
    return {
        "referral.organisation": min(scene.choices["organisations"]),
        "referral.informed_by": "phone",
    }


def safety(_scene):
    calm = ("acute_danger", "weapon", "domestic_violence", "specific_threat")
    calm += ("self_harm_risk", "hate_crime_suspected")
    return {"child_welfare": "no"} | dict.fromkeys(calm, False)


def assessment(_scene):
    return {
        "glasl_observations": [2, 3],
        "glasl_stage": 3,
        "constellation": "two",
        "power_gap": False,
        "minors_involved": False,
        "oral_only": False,
        "party.a_languages": ["bg"],
        "party.b_languages": ["de"],
    }


def route(_scene):
    return {"route": "clarification", "note.route_reason": "Beide wollen reden."}


def assign(scene):
    named = {name: person for person, name in scene.choices["mediators"].items()}
    elena = next(person for name, person in named.items() if "Elena" in name)
    return {"mediator": elena, "assignment.reason": "Kennt das Haus."}


def accept(_scene):
    return {"assignment_answer": "accept"}


def contact_a(scene):
    return _contact(scene, 0) | {"contact_b": True}


def contact_b(scene):
    return _contact(scene, 1) | {"contact.info_art14": "oral"}


def _contact(scene, number):
    return {
        "reached": "yes",
        "contact.party": scene.parties[number],
        "contact.at": f"{scene.past}T10:00",
        "contact.channel": "phone",
        "contact.language": "de",
        "contact.safe_channel": "phone",
    }


def pre_talk(scene):
    willing = scene.plot.willing
    return {
        "informed": True,
        "participation": "yes" if willing else "no",
        "shuttle_ok": willing,
    }


def appointment(scene):
    harmless = ("exposes", "takes_sides", "rewards", "read_by_others")
    return {
        "appointment_at": f"{scene.to_come}T10:00",
        "meeting_format": "joint",
        "appointment.place": min(scene.choices["places"]),
    } | {f"appointment.{name}": False for name in harmless}


def session(_scene):
    return {"held": "yes", "result": "none"}


def next_step(_scene):
    return {"next_step": "close"}


def closing(scene):
    outcome = "unresolved" if scene.plot.willing else "no_willingness"
    return {"outcome": outcome, "glasl_end": 3, "gap_seen": False}


def overdue(_scene):
    return {"overdue_decision": "accepted", "note.coordination": "Läuft."}


ANSWERS = {
    "Meldung prüfen": (VERA, review),
    "Verweis": (VERA, refer),
    "Sicherheitsfragen": (VERA, safety),
    "Einschätzung": (VERA, assessment),
    "Weg bestätigen": (VERA, route),
    "Zuweisen": (VERA, assign),
    "Auftrag": (ELENA, accept),
    "Erstkontakt A": (ELENA, contact_a),
    "Erstkontakt B": (ELENA, contact_b),
    "Vorgespräch": (ELENA, pre_talk),
    "Termin": (ELENA, appointment),
    "Sitzung": (ELENA, session),
    "Wie weiter?": (VERA, next_step),
    "Abschluss": (VERA, closing),
    "Überfälligen Schritt klären": (KATRIN, overdue),
}

"""What people answer in the scenarios, form by form."""

CALM = {
    "acute_danger": False,
    "weapon": False,
    "child_welfare": "no",
    "domestic_violence": False,
    "specific_threat": False,
    "self_harm_risk": False,
    "hate_crime_suspected": False,
}
HARMLESS = {
    "appointment__exposes": False,
    "appointment__takes_sides": False,
    "appointment__rewards": False,
    "appointment__read_by_others": False,
}


def triage(office, case, by, stage=3, languages=("bg", "de"), **more):
    """Take the report in and find its route, as quarter management."""
    quarter = office.shell(case).quarter_id
    by.does(
        case,
        "Meldung prüfen",
        context="neighbourhood",
        quarter=str(quarter),
        jurisdiction="yes",
        incident__summary="Laute Musik nach 22 Uhr.",
    )
    by.does(case, "Sicherheitsfragen", **CALM)
    by.does(
        case,
        "Einschätzung",
        glasl_observations=list(range(1, stage + 1)),
        glasl_stage=stage,
        **{"constellation": "two", "power_gap": False, "minors_involved": False} | more,
        party__a_languages=[languages[0]],
        party__b_languages=[languages[1]],
    )


def assign(case, by, mediator):
    """Offer the case to a mediator, who accepts."""
    by.does(case, "Zuweisen", mediator=mediator.id, assignment__reason="Kennt das Haus.")
    mediator.does(case, "Auftrag", assignment_answer="accept")


def first_contacts(office, case, mediator, languages=("bg", "de")):
    """Reach both parties; the second one only because the first agreed."""
    party_a, party_b = (str(party.id) for party in mediator.file(case).parties)
    spoken = {
        "reached": "yes",
        "contact__channel": "visit",
        "contact__safe_channel": "visit",
    }
    mediator.does(
        case,
        "Erstkontakt A",
        contact_b=True,
        contact__party=party_a,
        contact__at=_wall(office),
        contact__language=languages[0],
        **spoken,
    )
    mediator.does(
        case,
        "Erstkontakt B",
        contact__party=party_b,
        contact__at=_wall(office),
        contact__language=languages[1],
        contact__info_art14="oral",
        **spoken,
    )


def pre_talks(case, mediator, *participations):
    for participation in participations:
        mediator.does(
            case,
            "Vorgespräch",
            informed=True,
            participation=participation,
            shuttle_ok=participation == "yes",
        )


def _wall(office):
    return office.now.strftime("%Y-%m-%dT%H:%M")

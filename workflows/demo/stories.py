"""The cases of a demo installation, in the states that an office sees on a normal day."""

from workflows.cases.reporting import PartySketch
from workflows.cases.values import Channel, ConflictType
from workflows.demo.moves import (
    Matter,
    accepted,
    agreed,
    assessed,
    assigned,
    called,
    closed,
    followed_up,
    invited,
    met,
    reached,
    referred,
    reviewed,
    routed,
    safe,
    talked,
)
from workflows.demo.stage import Step, Story

_VERA, _JONAS = "Vera Nordmann", "Jonas Uferfeld"
_ELENA, _IOANA = "Elena Dimova", "Ioana Marin"


def _mediated(manager: str, mediator: str, quarter: str, language: str) -> tuple[Step, ...]:
    """From the report to the accepted assignment, in a conflict that still can be talked about."""
    return (
        reviewed(manager, quarter, "Zwei Haushalte, ein Haus; beide sind bereit zu reden."),
        safe(manager),
        assessed(manager, 3, (language, "de")),
        routed(manager, "clarification"),
        assigned(manager, mediator),
        accepted(mediator),
    )


def _contacted(mediator: str, language: str) -> tuple[Step, ...]:
    return (
        reached(mediator, "first_contact_a", 0, language, "Möchte, dass man ihr einmal zuhört."),
        reached(mediator, "first_contact_b", 1, "de", "Will am Abend Ruhe und kein Amt im Haus."),
        talked(mediator, "Ruhe am Abend; wie man sich im Haus anspricht."),
        talked(mediator, "Der Ton der letzten Wochen; Spielzeiten der Kinder."),
    )


_NOISE = Matter(
    "Nordwinkel",
    ConflictType.NOISE,
    "Seit Wochen Streit wegen Lärm am Abend. Im Treppenhaus wird nur noch geschrien.",
    (
        PartySketch("Familie Petrova", "0150 0000001, gern abends", "bg", oral_only=True),
        PartySketch("Otto Beispiel", "0150 0000002", "de"),
    ),
    place="Winkelweg 7",
)
_STAIRWELL = Matter(
    "Lindenhöhe",
    ConflictType.STAIRWELL,
    "Kinderwagen und Schuhe im Treppenhaus; die Hausgemeinschaft ist in zwei Lager geteilt.",
    (
        PartySketch("Familie Ionescu", "0150 0000003", "ro"),
        PartySketch("Hannelore Musterfrau", "0150 0000004", "de"),
    ),
    Channel.PHONE,
    "Lindenallee 12",
)
_COURTYARD = Matter(
    "Nordwinkel",
    ConflictType.CHILDREN_PLAY,
    "Ballspielen im Hof: Scheiben, Ruhezeiten und gegenseitige Vorwürfe.",
    (
        PartySketch("Familie Georgieva", "0150 0000005", "bg"),
        PartySketch("Karl Beispielmann", "0150 0000006", "de"),
    ),
    place="Hof am Winkelweg",
)
_SMOKE = Matter(
    "Südufer",
    ConflictType.SMELL_SMOKE,
    "Grillen auf dem Balkon, Rauch zieht in die Wohnung darüber.",
    (
        PartySketch("Familie Stoyanova", "0150 0000007", "bg"),
        PartySketch("Renate Muster", "0150 0000008", "de"),
    ),
    Channel.PHONE,
    "Uferstraße 3",
)
_HEDGE = Matter(
    "Hafenrain",
    ConflictType.BOUNDARY_PLANTS,
    "Hecke wächst über die Grenze, seit Jahren Streit um den Rückschnitt.",
    (
        PartySketch("Bernd Beispiel", "0150 0000009", "de"),
        PartySketch("Ute Musterfrau", "0150 0000010", "de"),
    ),
    Channel.LETTER,
    "Am Hafenrain 21",
)
_THREAT = Matter(
    "Südufer",
    ConflictType.PARKING,
    "Streit um einen Stellplatz; zuletzt wurde mit einem Messer gedroht.",
    (
        PartySketch("Dirk Muster", "0150 0000011", "de"),
        PartySketch("Familie Demir", "0150 0000012", "tr"),
    ),
    Channel.PARTNER,
    "Garagenhof Uferstraße",
)
_WASTE = Matter(
    "Südufer",
    ConflictType.WASTE,
    "Sperrmüll vor dem Eingang, niemand fühlt sich zuständig.",
    (PartySketch("Hausgemeinschaft Uferstraße 9", "", "de"),),
    place="Uferstraße 9",
)
_DOG = Matter(
    "Lindenhöhe",
    ConflictType.ANIMALS,
    "Hund bellt den ganzen Tag, die Nachbarin arbeitet nachts.",
    (
        PartySketch("Silke Beispiel", "0150 0000013", "de"),
        PartySketch("Mehmet Muster", "0150 0000014", "tr"),
    ),
    Channel.PHONE,
    "Höhenweg 4",
)

STORIES = (
    Story(
        "noise",
        110,
        _VERA,
        _NOISE,
        (
            *_mediated(_VERA, _ELENA, "Nordwinkel", "bg"),
            *_contacted(_ELENA, "bg"),
            invited(_ELENA, "Nachbarschaftstreff Nordwinkel"),
            called(_ELENA),
            met(_ELENA),
            agreed(_ELENA, ("Ab 21 Uhr keine Musik.", "Klingelt, statt zu rufen.")),
            followed_up(_ELENA, 4),
            followed_up(_ELENA, 5),
            closed(_VERA, "resolved", 1),
        ),
    ),
    Story(
        "stairwell",
        25,
        _VERA,
        _STAIRWELL,
        (
            *_mediated(_VERA, _IOANA, "Lindenhöhe", "ro"),
            *_contacted(_IOANA, "ro"),
            invited(_IOANA, "Stadtteilhaus Lindenhöhe"),
            met(_IOANA),
            agreed(_IOANA, ("Stellt den Wagen in den Keller.", "Gibt den Kellerschlüssel ab.")),
        ),
    ),
    Story(
        "hedge",
        12,
        _JONAS,
        _HEDGE,
        (
            reviewed(_JONAS, "Hafenrain", "Hecke an der Grundstücksgrenze, rechtliche Frage."),
            safe(_JONAS),
            assessed(_JONAS, 2, ("de", "de")),
            routed(_JONAS, "arbitration_hint"),
            referred(_JONAS, "Schiedsamt Musterstadt"),
            closed(_JONAS, "referred", 2),
        ),
    ),
    Story("dog", 5, _VERA, _DOG),
    Story(
        "courtyard",
        3,
        _VERA,
        _COURTYARD,
        (
            *_mediated(_VERA, _ELENA, "Nordwinkel", "bg"),
            *_contacted(_ELENA, "bg"),
            invited(_ELENA, "Nachbarschaftstreff Nordwinkel"),
        ),
    ),
    Story("smoke", 1, _JONAS, _SMOKE, _mediated(_JONAS, _ELENA, "Südufer", "bg")),
    Story(
        "threat",
        1,
        _JONAS,
        _THREAT,
        (
            reviewed(_JONAS, "Südufer", "Drohung am Stellplatz, Bezirksdienst ist informiert."),
            safe(_JONAS, weapon=True, specific_threat=True),
        ),
    ),
    Story("waste", 0, _JONAS, _WASTE),
)

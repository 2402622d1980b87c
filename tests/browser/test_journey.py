"""Scenario 1 as the people live it: in a browser, over the real server, with mails that arrive."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.town import ELENA, KATRIN, VERA, Town, running_town
from tests.browser.visitor import PHONE, Visitor

MIRA, OTTO = "Partei A – Mira Musterova", "Partei B – Otto Beispiel"
SECRETS = ("Mira", "Musterova", "Otto", "Beispiel", "Lärm", "Musik", "Wummern", "Nordwinkel")
Meet = Callable[..., Visitor]


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An installation of its own, because its clock is moved."""
    with running_town(tmp_path_factory.mktemp("journey")) as running:
        running.clock("set", "2027-05-04T15:30")
        yield running


@pytest.fixture
def meet(browser: Browser, town: Town) -> Iterator[Meet]:
    people: list[Visitor] = []

    def somebody(name: str, width: int = 1280) -> Visitor:
        people.append(Visitor(browser, town, name, width).signs_in())
        return people[-1]

    yield somebody
    for each in people:
        each.leaves()


def test_a_quarrel_about_noise_is_settled(town: Town, meet: Meet) -> None:
    before = len(town.mails())
    vera, elena, katrin = meet(VERA), meet(ELENA, PHONE), meet(KATRIN)

    case = _files(vera)
    _triages(vera, case)
    _misses_the_answer(town, case, elena, katrin)
    _talks(town, case, elena)
    _agrees(town, case, elena)
    for day in ("2027-07-13T10:00", "2027-09-01T10:00"):
        town.clock("set", day)
        _follows_up(case, elena)
    _closes(vera, case)

    told = town.mails()[before:]
    assert any(mail.to == "elena.dimova@musterstadt.example" and case in mail.text for mail in told)
    assert [
        word for word in SECRETS if any(word in mail.subject + mail.text for mail in told)
    ] == []


def _files(vera: Visitor) -> str:
    vera.goes("/")
    vera.page.get_by_role("link", name="Melden", exact=True).click()
    vera.looks_around()
    vera.answers({"Worum geht es?": "Lärm", "Quartier": "Nordwinkel"})
    vera.answers({"Was ist passiert?": "Wummern aus der Wohnung nach 22 Uhr."})
    vera.page.get_by_text("Mehr, falls bekannt").click()
    form = vera.page.locator("form.hs-form")
    for letter, name, language in (("A", "Mira Musterova", "bg"), ("B", "Otto Beispiel", "de")):
        party = form.get_by_role("group", name=f"Partei {letter}")
        vera.answers({"Name": name}, party)
        party.get_by_label("Sprache").select_option(language)
    form.get_by_label("Nur mündlich").first.check()
    vera.looks_around()
    vera.page.get_by_role("button", name="Meldung absenden").click()
    heading = vera.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("KKM-2027-")
    vera.looks_around()
    found = re.search(r"KKM-2027-\d+", heading.inner_text())
    assert found
    return found[0]


def _triages(vera: Visitor, case: str) -> None:
    vera.does(
        case,
        "Meldung prüfen",
        **{
            "Wo spielt der Konflikt?": "Nachbarschaft",
            "Quartier": "Nordwinkel",
            "Sind wir zuständig?": "Ja",
            "Kurzlage": "Laute Musik nach 22 Uhr.",
        },
    )
    calm = ("Ist jemand akut", "Ist eine Waffe", "Gibt es Anhaltspunkte", "Gibt es Hinweise")
    calm += ("Wurde jemandem", "Könnte sich", "Besteht der Verdacht")
    vera.does(case, "Sicherheitsfragen", **dict.fromkeys(calm, "Nein"))
    vera.does(
        case,
        "Einschätzung",
        **{
            "Was ist zu beobachten?": ["2 · Streit um eine Sache"],
            "Eskalationsstufe": "3",
            "Wer steht sich gegenüber?": "Zwei Parteien",
            "Gibt es ein Machtgefälle?": "Nein",
            "Sind Minderjährige": "Nein",
            "Sprachen von Partei A": ["Bulgarisch"],
            "Sprachen von Partei B": ["Deutsch"],
        },
    )
    vera.does(case, "Weg bestätigen", Weg="Klärungsgespräch")
    vera.does(case, "Zuweisen", **{"Wer übernimmt?": "Elena Dimova"})


def _misses_the_answer(town: Town, case: str, elena: Visitor, katrin: Visitor) -> None:
    """The offer is forgotten over a holiday: a reminder, then the coordination is told."""
    for moment, subject in (("2027-05-05T08:01", "fällig"), ("2027-05-07T08:01", "überfällig")):
        town.clock("set", moment)
        town.awaits_mail(ELENA, case, subject)
    katrin.opens(case, "Überfälligen Schritt klären")
    katrin.looks_around()
    katrin.answers({"Was wurde veranlasst?": "Erinnert", "Bemerkung": "Angerufen, meldet sich."})
    katrin.completes("Überfälligen Schritt klären")
    elena.goes("/tasks?shelf=overdue")
    expect(elena.page.locator(".hs-task--overdue").filter(has_text=case)).to_be_visible()


def _talks(town: Town, case: str, elena: Visitor) -> None:
    elena.does(case, "Auftrag", **{"Ihre Antwort": "Ich nehme an"})
    reached = {
        "Wann?": "2027-05-07T08:00",
        "Auf welchem Weg?": "Besuch",
        "Erreicht?": "Ja",
        "Sicherer Weg": "Besuch",
    }
    elena.does(
        case,
        "Erstkontakt A",
        **{"Partei": MIRA, **reached, "Sprache des": "Bulgarisch", "Dürfen wir": "Ja"},
    )
    elena.does(
        case,
        "Erstkontakt B",
        **{"Partei": OTTO, **reached, "Sprache des": "Deutsch", "Information": "Mündlich gegeben"},
    )
    for _party in (MIRA, OTTO):
        elena.does(
            case,
            "Vorgespräch",
            Aufgeklärt=True,
            **{"Möchte die Partei": "Ja", "Wäre die Partei": "Ja"},
        )
    calm = ("Stellen Ort oder Zeit", "Könnte unsere", "Belohnt der Termin", "Könnten andere")
    elena.does(
        case,
        "Termin",
        Beginn="2027-06-01T16:00",
        Format="Gemeinsam",
        Ort="Nachbarschaftstreff Nordwinkel",
        **dict.fromkeys(calm, "Nein"),
    )
    elena.does(case, "Anrufen", **{"Wann?": "2027-05-07T08:01", "Erreicht?": "Ja"})
    town.clock("set", "2027-06-01T17:00")
    elena.does(case, "Sitzung", **{"Hat die Sitzung": "Ja", "Ergebnis": "Vereinbarung"})


def _agrees(town: Town, case: str, elena: Visitor) -> None:
    elena.opens(case, "Vereinbarung")
    elena.answers({"Vereinbart am": "2027-06-01"})
    promises, signatures = (
        elena.page.get_by_role("group", name=name) for name in ("Zusagen", "Bestätigungen")
    )
    promised = ((OTTO, "Ruhe ab 22 Uhr"), (MIRA, "Erst klingeln, dann klopfen"))
    for number, (who, what) in enumerate(promised):
        if number:
            promises.get_by_role("button", name="Eintrag hinzufügen").click()
        row = promises.locator(".hs-rows__row").nth(number)
        elena.answers({"Wer?": who, "Bis wann?": "2027-07-01", "Was wird": what}, row)
    for number, (who, form) in enumerate(((MIRA, "Mündlich"), (OTTO, "Unterschrieben"))):
        if number:
            signatures.get_by_role("button", name="Eintrag hinzufügen").click()
        row = signatures.locator(".hs-rows__row").nth(number)
        elena.answers({"Partei": who, "Bestätigt": form}, row)
    elena.looks_around()
    elena.completes("Vereinbarung")
    elena.awaits_in_file(case, "Di. 13.07.2027")
    elena.sees("Mi. 01.09.2027")
    elena.sees("Erst klingeln, dann klopfen")
    elena.looks_around()


def _follows_up(case: str, elena: Visitor) -> None:
    elena.opens(case, "Nachsorge")
    rows = elena.page.get_by_role("group", name="Aus Sicht der Parteien")
    row = rows.locator(".hs-rows__row").first
    elena.answers({"Partei": MIRA, "Zufriedenheit": "5", "Hält die": "Ja"}, row)
    elena.answers({"Hält die Vereinbarung insgesamt?": "Ja", "Gab es": "Nein"})
    elena.completes("Nachsorge")


def _closes(vera: Visitor, case: str) -> None:
    vera.does(
        case,
        "Abschluss",
        **{"Ergebnis": "geklärt", "Eskalationsstufe am Ende": "1", "Ist eine systemische": "Nein"},
    )
    vera.awaits_in_file(case, "Abgeschlossen")
    vera.sees("3, am Ende 1")
    vera.sees("Keine offene Aufgabe")
    vera.looks_around()

"""Changing a diagram in the browser: what is hostile stops, and two people publish what is good."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.town import KATRIN, PAULA, VERA, Town
from tests.browser.visitor import Visitor, visiting

PROCESSES = Path(__file__).parent.parent.parent / "workflows" / "processes"
TRIAGE, OLD, NEW = "triage.bpmn", "Sicherheitsfragen", "Ist jemand in Gefahr?"
DUE = '=next due(now(), 1, "office")'
READY = "[data-bpmn-studio][data-state=ready]"
ENTITY = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.fixture
def paula(browser: Browser, town: Town) -> Iterator[Visitor]:
    """Process management; whatever she leaves in the draft is thrown away."""
    with visiting(browser, town, PAULA) as visitor:
        yield visitor
        visitor.goes("/processes")
        discard = visitor.page.get_by_role("button", name="Entwurf verwerfen")
        if discard.count():
            discard.click()


def _uploads(paula: Visitor, name: str, text: str) -> None:
    paula.goes("/processes")
    file = FilePayload(name=name, mimeType="application/xml", buffer=text.encode())
    paula.page.get_by_label("hochladen").set_input_files(file)
    paula.page.get_by_role("button", name="In den Entwurf aufnehmen").click()


def test_python_in_a_diagram_is_named_at_its_element_in_german(paula: Visitor) -> None:
    hostile = (PROCESSES / TRIAGE).read_text("utf-8").replace(DUE, "=__import__(&#34;os&#34;)", 1)

    _uploads(paula, TRIAGE, hostile)
    paula.sees("Das kann noch nicht veröffentlicht werden")
    paula.looks_around()
    line = paula.page.locator(".hs-findings-list li").first
    expect(line).to_contain_text("Fehler")
    expect(line).to_contain_text("Zeile 41")
    line.get_by_role("link").click()
    paula.page.wait_for_selector(READY)

    sign = paula.page.locator(".hs-finding-sign--error")
    sentence = sign.get_attribute("title") or ""
    assert "Formel" in sentence, sentence
    expect(paula.page.locator(".hs-finding")).to_contain_text(sentence)


def test_a_diagram_that_reaches_for_files_does_not_get_into_the_draft(paula: Visitor) -> None:
    hostile = (PROCESSES / TRIAGE).read_text("utf-8").replace("<bpmn:def", f"{ENTITY}<bpmn:def", 1)

    _uploads(paula, TRIAGE, hostile)

    told = paula.page.get_by_role("main").inner_text()
    assert "DOCTYPE" in told or "DTD" in told, told
    assert "root:" not in told
    paula.looks_around()


def test_a_change_is_published_by_two_and_old_cases_keep_their_version(
    browser: Browser, town: Town, paula: Visitor
) -> None:
    with visiting(browser, town, VERA) as vera, visiting(browser, town, KATRIN) as katrin:
        before = _reports(vera)
        _renames(paula)
        paula.goes("/processes")
        paula.page.get_by_label("Was ändert sich, und warum?").fill("Frage klarer gestellt.")
        paula.page.get_by_role("button", name="Zur Freigabe vorlegen").click()
        paula.looks_around()
        assert paula.page.get_by_role("button", name="Freigeben").count() == 0

        katrin.goes("/processes")
        katrin.sees("Frage klarer gestellt.")
        katrin.looks_around()
        katrin.page.get_by_role("button", name="Freigeben und veröffentlichen").click()
        katrin.sees("Veröffentlicht.")
        after = _reports(vera)
        _reviews(vera, before)
        _reviews(vera, after)

        vera.finds(before, OLD)
        vera.finds(after, NEW)


def _renames(paula: Visitor) -> None:
    paula.goes(f"/processes/files/{TRIAGE}")
    page = paula.page
    page.wait_for_selector(READY)
    page.locator("summary", has_text="Alle Elemente als Liste").click()
    page.locator(".hs-outline [data-element=ask_safety]").click()
    page.locator(".bio-properties-panel-group-header", has_text="Allgemein").click()
    name = page.locator("#bio-properties-panel-name")
    expect(name).to_have_value(OLD)
    name.fill(NEW)
    name.blur()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert um").wait_for()


def _reports(vera: Visitor) -> str:
    vera.goes("/incidents/new")
    vera.answers(
        {"Worum geht es?": "Parken und Verkehr", "Quartier": "Nordwinkel", "Was ist": "Zugeparkt."}
    )
    vera.page.get_by_role("button", name="Meldung absenden").click()
    heading = vera.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("KKM-")
    return heading.inner_text().split()[0]


def _reviews(vera: Visitor, case: str) -> None:
    vera.opens(case, "Meldung prüfen")
    vera.answers({"Sind wir zuständig?": "Ja", "Kurzlage": "Zufahrt versperrt."})
    vera.completes("Meldung prüfen")

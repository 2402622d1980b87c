"""What every page gains from scripts and styles: drafts that are kept, a theme that stays."""

import pytest
from playwright.sync_api import expect

from tests.browser import axe


def test_what_a_person_types_is_kept_as_a_draft(page, workbench):
    workbench.reset()
    page.goto(workbench.url("/draft"))

    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")

    page.get_by_text("Entwurf gespeichert um").wait_for()
    draft = workbench.sent_to("/draft")[-1]
    assert "ruft ab 17 Uhr zurück" in draft.body
    assert draft.token == "a-token"


def test_a_draft_of_a_lost_session_says_so_and_keeps_the_input(page, workbench):
    workbench.reset()
    workbench.status = 401
    page.goto(workbench.url("/draft"))

    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")

    page.get_by_text("Ihre Sitzung ist abgelaufen.").wait_for()
    assert page.get_by_label("Notiz").input_value() == "ruft ab 17 Uhr zurück"


def test_a_half_typed_date_is_asked_for_and_not_sent_as_nothing(page, workbench):
    workbench.reset()
    page.goto(workbench.url("/draft"))
    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")
    day = page.get_by_label("Tag")
    day.focus()
    page.keyboard.type("04")

    page.get_by_role("button", name="Fertig").click()

    expect(day).to_be_focused()
    assert workbench.sent_to("/done") == []


def test_a_kept_draft_may_be_left_without_a_question(page, workbench):
    workbench.reset()
    page.goto(workbench.url("/draft"))
    page.get_by_label("Notiz").fill("ruft ab 17 Uhr zurück")
    page.get_by_text("Entwurf gespeichert um").wait_for()

    page.goto(workbench.url("/parts"))

    assert page.url.endswith("/parts")


def test_a_page_with_unsaved_input_asks_before_it_is_left(page, workbench):
    page.goto(workbench.url("/parts"))
    page.get_by_label("Kurz gesagt").fill("noch nicht gespeichert")
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))

    page.goto(workbench.url("/draft"))

    assert questions == ["beforeunload"]


def test_the_chosen_theme_stays(page, context, workbench):
    page.goto(workbench.url("/parts"))

    page.get_by_label("Darstellung").select_option("dunkel")

    assert page.locator("html").get_attribute("data-kern-theme") == "dark"
    assert [cookie["value"] for cookie in context.cookies()] == ["dark"]


def test_the_navigation_folds_on_a_narrow_screen(page, workbench):
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(workbench.url("/parts"))
    link = page.get_by_role("link", name="Aufgaben")

    assert not link.is_visible()
    page.get_by_role("button", name="Menü").click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_a_dialog_opens_and_closes(page, workbench):
    page.goto(workbench.url("/parts"))

    page.get_by_role("button", name="Abgeben …").click()
    assert page.get_by_role("dialog", name="Aufgabe abgeben?").is_visible()
    page.get_by_role("button", name="Abbrechen").click()
    assert not page.get_by_role("dialog").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_our_parts_break_no_accessibility_rule_and_never_scroll_sideways(
    page, workbench, theme, width
):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(workbench.url("/parts"))
    page.evaluate("theme => document.documentElement.setAttribute('data-kern-theme', theme)", theme)

    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

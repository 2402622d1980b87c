"""What goes wrong at a desk: a lost session, a second click, a foreign address, a slow line, no mouse."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.town import ELENA, VERA, Town
from tests.browser.visitor import PHONE, Visitor, visiting

REVIEW, SITUATION = "Meldung prüfen", "Zwei Haushalte, ein Treppenhaus."
Report = Callable[[str], str]


@pytest.fixture
def vera(browser: Browser, town: Town) -> Iterator[Visitor]:
    with visiting(browser, town, VERA) as visitor:
        yield visitor


@pytest.fixture
def case(vera: Visitor) -> str:
    """A case just reported: quarter management looks at it next."""
    return _reports(vera, "Streit im Treppenhaus.")


def _reports(visitor: Visitor, text: str) -> str:
    visitor.goes("/incidents/new")
    visitor.answers(
        {"Worum geht es?": "Tiere", "Quartier": "Lindenhöhe", "Was ist passiert?": text}
    )
    visitor.page.get_by_role("button", name="Meldung absenden").click()
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("KKM-")
    return heading.inner_text().split()[0]


def _reviews(visitor: Visitor) -> None:
    visitor.answers({"Sind wir zuständig?": "Ja", "Kurzlage": SITUATION})


def test_a_session_lost_in_the_middle_of_a_report_loses_no_word(vera: Visitor) -> None:
    vera.goes("/incidents/new")
    vera.answers({"Worum geht es?": "Tiere", "Quartier": "Lindenhöhe"})
    vera.answers({"Was ist passiert?": "Der Hund bellt, „jede“ Nacht & laut."})
    vera.context.clear_cookies()

    vera.page.get_by_role("button", name="Meldung absenden").click()
    vera.sees("Ihre Eingaben sind nicht verloren")
    vera.looks_around()
    vera.signs_in_again()
    vera.looks_around()
    vera.page.get_by_role("button", name="Weiter mit meinen Angaben").click()

    assert vera.page.get_by_label("Was ist passiert?").input_value().endswith("& laut.")
    assert vera.page.get_by_label("Tiere").is_checked()
    vera.page.get_by_role("button", name="Meldung absenden").click()
    expect(vera.page.get_by_role("heading", level=1)).to_contain_text("Tiere")


def test_a_session_lost_in_the_middle_of_a_task_loses_no_word(vera: Visitor, case: str) -> None:
    vera.opens(case, REVIEW)
    _reviews(vera)
    vera.context.clear_cookies()

    vera.page.get_by_role("button", name="Aufgabe abschließen").last.click()
    vera.signs_in_again()
    vera.page.get_by_role("button", name="Weiter mit meinen Angaben").click()

    assert vera.page.get_by_label("Kurzlage").input_value() == SITUATION
    vera.completes(REVIEW)


def test_a_task_sent_again_after_going_back_is_done_once(vera: Visitor, case: str) -> None:
    vera.opens(case, REVIEW)
    _reviews(vera)
    vera.completes(REVIEW)

    vera.page.go_back()
    again = vera.page.get_by_role("button", name="Aufgabe abschließen").last
    if again.count():
        again.click()

    vera.sees("ist erledigt")
    vera.goes("/tasks?shelf=group")
    expect(vera.page.locator(".hs-task").filter(has_text=case)).to_have_count(1)


def test_somebody_elses_task_is_a_page_that_is_not_there(
    browser: Browser, town: Town, vera: Visitor, case: str
) -> None:
    vera.opens(case, REVIEW)
    address = vera.page.url.removeprefix(town.url(""))

    with visiting(browser, town, ELENA, PHONE) as elena:
        answer = elena.goes(address)

        assert answer.status == 404
        elena.sees("Nicht gefunden")
        elena.sees("oder sie ist nicht für Sie bestimmt")
        elena.looks_around()


def test_what_is_missing_is_said_at_the_top_and_at_the_field(vera: Visitor, case: str) -> None:
    vera.opens(case, REVIEW)

    vera.page.get_by_role("button", name="Aufgabe abschließen").last.click()

    summary = vera.page.get_by_role("alert").first
    expect(summary).to_contain_text("Bitte prüfen Sie Ihre Angaben")
    vera.looks_around()
    summary.get_by_role("link", name="Kurzlage").click()
    expect(vera.page.get_by_label("Kurzlage")).to_be_focused()


def test_what_is_typed_on_a_slow_line_is_not_swept_away(vera: Visitor, case: str) -> None:
    vera.opens(case, REVIEW)
    vera.page.wait_for_load_state("networkidle")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    vera.page.route("**/questions", hold)

    vera.page.get_by_role("group", name="Sind wir zuständig?").get_by_label("Ja").check()
    vera.page.get_by_label("Kurzlage").press_sequentially(SITUATION)
    with vera.page.expect_response("**/questions"):
        held[0].continue_()
    expect(vera.page.locator(".htmx-request")).to_have_count(0)

    assert vera.page.get_by_label("Kurzlage").input_value() == SITUATION


def test_a_task_is_found_taken_and_done_with_the_keyboard_alone(vera: Visitor, case: str) -> None:
    vera.finds(case, REVIEW)
    page = vera.page
    address = page.locator(".hs-task").filter(has_text=case).locator("h2 a").get_attribute("href")

    page.goto(vera.town.url("/tasks?shelf=group"))
    _tabs_to(page, f"document.activeElement.getAttribute('href') === {address!r}")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=REVIEW, level=1).wait_for()
    _tabs_to(page, "document.activeElement.innerText === 'Aufgabe übernehmen'")
    page.keyboard.press("Enter")
    page.get_by_label("Kurzlage").wait_for()
    _tabs_to(page, "document.activeElement.name === 'jurisdiction'")
    page.keyboard.press("Space")
    _tabs_to(page, "document.activeElement.name === 'incident.summary'")
    page.keyboard.type(SITUATION)
    _tabs_to(page, "document.activeElement.innerText === 'Aufgabe abschließen'")
    page.keyboard.press("Enter")

    vera.sees(f"„{REVIEW}“ ist erledigt.")


def _tabs_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is where `wanted` says; every stop on the way can be seen."""
    page.wait_for_load_state()
    for _ in range(60):
        page.keyboard.press("Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().width")
        assert box > 0, "the focus is nowhere"
        if page.evaluate(wanted):
            return
    pytest.fail(f"not reached: {wanted}")

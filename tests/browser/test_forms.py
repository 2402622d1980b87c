"""A form with every component, filled in on a phone, by keyboard alone, and at a desk."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.town import PAULA, VERA, Town, running_town
from tests.browser.visitor import DESK, PHONE, Visitor, visiting
from tests.web import every_component
from tests.workflows.cases.paper import PDF, exif, segment
from workflows.cases.pictures import bare_jpeg, bare_png
from workflows.processes import catalog

TASK = "Meldung prüfen"
CHOSEN = {"Wo spielt der Konflikt?": "Nachbarschaft", "Sind wir zuständig?": "Ja"}
TYPED = {
    "Kurzlage": "Laute Musik",
    "Kurztext": "Bitte leiser",
    "E-Mail": "mira@example.org",
    "Langer Text": "Seit Wochen nachts.",
    "Dauer": "45",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An installation of its own, whose first task asks everything."""
    directory = tmp_path_factory.mktemp("forms")
    file = directory / every_component.FORM
    form = orjson.loads(catalog.shipped_bundle().files[file.name])
    form["components"] += every_component.COMPONENTS
    file.write_bytes(orjson.dumps(form))
    with running_town(tmp_path_factory.mktemp("town_of_forms")) as running:
        running.publishes(file)
        yield running


@pytest.fixture
def vera(browser: Browser, town: Town) -> Iterator[Visitor]:
    with visiting(browser, town, VERA, PHONE) as visitor:
        yield visitor


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "brief.pdf"
    file.write_bytes(PDF)
    return file


def test_every_component_is_answered_by_keyboard_on_a_phone(vera: Visitor, letter: Path) -> None:
    case = _reports(vera)
    vera.opens(case, TASK)
    page = vera.page
    vera.looks_around()

    for question, choice in CHOSEN.items():
        group = page.get_by_role("group", name=question)
        _presses(group.get_by_label(choice, exact=True), "Space")
    for label, text in TYPED.items():
        _writes(page, label, text)
    _asks_for_more_and_back(page)
    _ticks_language(page, "Türk", "Türkisch")
    _adds_a_row(page)
    page.locator("input[type=file]").first.set_input_files(letter)
    vera.looks_around()
    _presses(
        page.get_by_role("main").get_by_role("button", name="Aufgabe abschließen").last, "Enter"
    )
    vera.sees(f"„{TASK}“ ist erledigt.")

    vera.awaits_in_file(case, "brief.pdf")
    for told in ("Der Hund bellt", "Seit Wochen nachts.", "Ruhe ab zehn", "Gruß im Flur"):
        vera.sees(told)
    vera.looks_around()
    with page.expect_download() as download:
        page.get_by_role("link", name="brief.pdf").click()
    assert download.value.suggested_filename.startswith(case)


def test_a_file_that_is_chosen_stays_when_the_questions_change(vera: Visitor, letter: Path) -> None:
    vera.opens(_reports(vera), TASK)
    page = vera.page
    page.locator("input[type=file]").first.set_input_files(letter)

    page.get_by_label("Mehr sagen").check()
    expect(page.get_by_label("Was noch?")).to_be_visible()

    chosen = page.locator("input[type=file]").first.evaluate("field => field.files.length")
    assert chosen == 1


def test_rows_and_columns_stand_beside_each_other_at_a_desk_only(vera: Visitor) -> None:
    vera.opens(_reports(vera), TASK)

    for width, beside in ((DESK, True), (PHONE, False)):
        vera.resizes(width, "light")
        text, mail = (_top(vera.page, label) for label in ("Kurztext", "E-Mail"))
        assert (abs(text - mail) < 40) is beside
        vera.looks_around()
    vera.resizes(DESK, "dark")
    vera.looks_around()


def test_rows_come_and_go_where_a_person_wants_them(vera: Visitor) -> None:
    vera.opens(_reports(vera), TASK)
    rows = vera.page.get_by_role("group", name="Zusagen").first
    cells = rows.get_by_label("Was?")
    for count in (2, 3):
        rows.get_by_role("button", name="Eintrag hinzufügen").click()
        expect(cells).to_have_count(count)
    cells.nth(1).fill("Ruhe")
    cells.nth(2).fill("Gruß")

    rows.get_by_role("button", name="Eintrag 2 entfernen").click()

    expect(cells).to_have_count(2)
    assert [cells.nth(place).input_value() for place in (0, 1)] == ["", "Gruß"]


def test_a_manager_tries_a_form_before_anybody_works_with_it(browser: Browser, town: Town) -> None:
    with visiting(browser, town, PAULA) as paula:
        paula.goes(f"/processes/files/{every_component.FORM}")
        page = paula.page
        page.get_by_label("Mehr sagen").check()
        expect(page.get_by_label("Was noch?")).to_be_visible()
        page.get_by_label("Dauer").fill("1.500")
        page.get_by_role("button", name="Antworten ausprobieren").last.click()

        paula.sees("Bitte schreiben Sie die Zahl ohne Tausenderpunkte")
        expect(page.get_by_label("Dauer")).to_have_value("1.500")
        paula.looks_around()

        paula.goes("/processes/files/route.dmn")
        page.get_by_label("Zusammenhang").fill("school")
        page.get_by_label("Eskalationsstufe").fill("8")
        page.get_by_role("button", name="Entscheiden").click()

        paula.sees('Antwort: {route: "escalation"')
        expect(page.get_by_role("row", name="trifft zu")).to_contain_text("[7..9]")
        for width in (DESK, PHONE):
            paula.resizes(width, "dark")
            paula.looks_around()


def test_a_form_works_without_scripts(browser: Browser, town: Town, letter: Path) -> None:
    with visiting(browser, town, VERA, PHONE) as signed_in:
        case = _reports(signed_in)
        signed_in.opens(case, TASK)
        address, cookies = signed_in.page.url, signed_in.context.cookies()
    plain = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 800})
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(address)

    page.get_by_label("Kurzlage").fill("Laute Musik")
    page.get_by_role("group", name="Zusagen").first.get_by_label("Was?").first.fill("Ruhe")
    page.get_by_role("button", name="Eintrag hinzufügen").click()
    page.locator("input[type=file]").first.set_input_files(letter)
    page.get_by_text("Auswählen").click()
    page.get_by_label("Albanisch").check()
    page.get_by_label("Mehr sagen").check()
    page.get_by_role("button", name="Aufgabe abschließen").last.click()

    expect(page.get_by_label("Was noch?")).to_be_visible()
    expect(page.get_by_label("Was?").first).to_have_value("Ruhe")
    expect(page.get_by_label("brief.pdf")).to_be_checked()
    expect(page.get_by_label("Albanisch")).to_be_checked()
    plain.close()


@pytest.mark.parametrize(("kind", "bare"), [("jpeg", bare_jpeg), ("png", bare_png)])
def test_a_picture_that_was_stripped_is_still_the_picture(
    page: Page, kind: Literal["jpeg", "png"], bare: Callable[[bytes], bytes]
) -> None:
    page.set_content("<h1>Treppe</h1>")
    original = page.screenshot(type=kind, clip={"x": 0, "y": 0, "width": 320, "height": 200})

    stripped = bare(original)

    assert _pixels(page, kind, stripped) == _pixels(page, kind, original)


def test_a_stripped_photo_is_shown_the_way_it_was_held(page: Page) -> None:
    upright = page.screenshot(type="jpeg", clip={"x": 0, "y": 0, "width": 320, "height": 200})
    turned = upright[:2] + segment(0xE1, exif(6)) + upright[2:]

    stripped = bare_jpeg(turned)

    assert _pixels(page, "jpeg", stripped)[:2] == [200, 320]


def _pixels(page: Page, kind: str, picture: bytes) -> list[Any]:
    """Return width, height and every pixel as the browser shows them."""
    address = f"data:image/{kind};base64,{b64encode(picture).decode()}"
    drawn: list[Any] = page.evaluate(
        """async address => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const surface = canvas.getContext('2d');
            surface.drawImage(image, 0, 0);
            const { data } = surface.getImageData(0, 0, canvas.width, canvas.height);
            return [canvas.width, canvas.height, data.join()];
        }""",
        address,
    )
    return drawn


def _reports(visitor: Visitor) -> str:
    visitor.goes("/incidents/new")
    visitor.answers({"Worum geht es?": "Lärm", "Quartier": "Nordwinkel"})
    visitor.answers({"Was ist passiert?": "Laute Musik."})
    visitor.page.get_by_role("button", name="Meldung absenden").click()
    heading = visitor.page.get_by_role("heading", level=1)
    return str(heading.inner_text()).split()[0]


def _presses(field: Locator, key: str) -> None:
    field.focus()
    field.press(key)


def _writes(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label).first
    field.focus()
    field.press("Control+A")
    page.keyboard.type(text)
    field.press("Tab")


def _asks_for_more_and_back(page: Page) -> None:
    """Tick a box that brings up a question, answer it, take the box back and tick it again."""
    box, more = page.get_by_label("Mehr sagen"), page.get_by_label("Was noch?")
    _presses(box, "Space")
    expect(more).to_be_visible()
    expect(page.get_by_label("Langer Text")).to_have_value(TYPED["Langer Text"])
    expect(box).to_be_focused()
    _writes(page, "Was noch?", "Der Hund bellt")
    _presses(box, "Space")
    expect(more).to_have_count(0)
    _presses(box, "Space")
    expect(more).to_have_value("Der Hund bellt")


def _ticks_language(page: Page, typed: str, language: str) -> None:
    group = page.get_by_role("group", name="Sprachen").first
    _presses(group.locator("summary"), "Enter")
    search = group.get_by_role("searchbox")
    search.focus()
    page.keyboard.type(typed)
    expect(group.get_by_label(language)).to_be_visible()
    expect(group.get_by_label("Albanisch")).to_be_hidden()
    search.press("Enter")
    expect(group.get_by_label(language)).to_be_checked()


def _adds_a_row(page: Page) -> None:
    rows = page.get_by_role("group", name="Zusagen").first
    rows.get_by_label("Was?").first.focus()
    page.keyboard.type("Ruhe ab zehn")
    _presses(rows.get_by_role("button", name="Eintrag hinzufügen"), "Enter")
    expect(rows.get_by_label("Was?")).to_have_count(2)
    expect(rows.get_by_label("Was?").first).to_have_value("Ruhe ab zehn")
    rows.get_by_label("Was?").nth(1).focus()
    page.keyboard.type("Gruß im Flur")
    page.keyboard.press("Tab")


def _top(page: Page, label: str) -> float:
    box = page.get_by_label(label).first.bounding_box()
    assert box
    return box["y"]

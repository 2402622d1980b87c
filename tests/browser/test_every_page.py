"""Every page, on a phone and at a desk, in light and in dark: nobody is shut out."""

import pytest
from playwright.sync_api import Browser

from tests.browser.town import ELENA, KATRIN, PAULA, VERA, Town
from tests.browser.visitor import DESK, PHONE, Visitor, visiting

DIAGRAM = "/processes/files/neighbourhood_conflict.bpmn"
FIRST_CASE, FIRST_TASK = ("/cases", "th a"), ("/tasks", "h2 a")
FIRST_OVERDUE = ("/tasks?shelf=overdue", "h2 a")
DESK_OF_A_MANAGER = ("/", "/tasks?shelf=group", "/incidents/new", "/cases", "/mailbox")
PAGES = {
    VERA: (*DESK_OF_A_MANAGER, FIRST_CASE, FIRST_OVERDUE),
    ELENA: ("/", "/tasks", FIRST_CASE, FIRST_TASK),
    KATRIN: ("/processes", DIAGRAM),
    PAULA: (DIAGRAM, "/processes/files/route.dmn", "/processes/files/session.form"),
}
OPEN_TO_ALL = ("/login", "/safety", "/nothing-here", "/api/docs")
FOREIGN = (".djs-container", ".bio-properties-panel")
"""Parts of bpmn.io, whose inside is not ours; the same stands beside them as a list."""


@pytest.mark.parametrize("name", PAGES)
def test_pages_shut_nobody_out_and_fit_the_screen(browser: Browser, town: Town, name: str) -> None:
    with visiting(browser, town, name) as visitor:
        for page in PAGES[name]:
            visitor.goes(page if isinstance(page, str) else _address(visitor, *page))
            _looks_from_all_sides(visitor)


def test_pages_before_the_login_shut_nobody_out(browser: Browser, town: Town) -> None:
    guest = Visitor(browser, town, "guest")

    for path in OPEN_TO_ALL:
        guest.goes(path)
        _looks_from_all_sides(guest)

    guest.leaves()


def _looks_from_all_sides(visitor: Visitor) -> None:
    visitor.page.wait_for_load_state("networkidle")
    for width in (DESK, PHONE):
        visitor.resizes(width, "light")
        visitor.looks_around(without=FOREIGN)
    visitor.resizes(DESK, "dark")
    visitor.looks_around(without=FOREIGN)


def _address(visitor: Visitor, listing: str, link: str) -> str:
    visitor.goes(listing)
    found = visitor.page.get_by_role("main").locator(link).first.get_attribute("href")
    assert found
    return found
